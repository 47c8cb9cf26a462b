"""Dropped files, and what has been delivered."""

from alembic import op

from defterhane.db.ddl import create_service_schema, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    create_service_schema("ingest")
    op.execute(
        """
        CREATE TABLE ingest.file (
            id uuid PRIMARY KEY,
            tenant varchar(11) NOT NULL,
            name text NOT NULL,
            mark text NOT NULL,
            size bigint NOT NULL,
            sha256 varchar(64),
            uri text,
            state varchar(10) NOT NULL,
            problem jsonb,
            period varchar(7),
            branch varchar(4),
            part varchar(6),
            received_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX file_mark ON ingest.file (tenant, mark)")
    op.execute(
        "CREATE UNIQUE INDEX file_once ON ingest.file"
        " (tenant, period, coalesce(branch, ''), coalesce(part, ''), sha256) WHERE state = 'received'"
    )
    op.execute("CREATE INDEX file_month ON ingest.file (tenant, period, received_at)")
    op.execute(
        """
        CREATE TABLE ingest.delivery (
            tenant varchar(11) NOT NULL,
            name text NOT NULL,
            sha256 varchar(64) NOT NULL,
            delivered_at timestamptz NOT NULL,
            PRIMARY KEY (tenant, name, sha256)
        )
        """
    )
    protect("ingest", "file")
    protect("ingest", "delivery")

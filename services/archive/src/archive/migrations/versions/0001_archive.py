"""What has been signed, what lies in the archive, which months are closed."""

from alembic import op

from defterhane.db.ddl import create_service_schema, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    create_service_schema("archive")
    op.execute(
        """
        CREATE TABLE archive.signed (
            tenant varchar(11) NOT NULL,
            name varchar(80) NOT NULL,
            revision integer NOT NULL,
            month_key text NOT NULL,
            document jsonb NOT NULL,
            object jsonb NOT NULL,
            PRIMARY KEY (tenant, name, revision)
        )
        """
    )
    op.execute("CREATE INDEX signed_month ON archive.signed (tenant, month_key)")
    op.execute(
        """
        CREATE TABLE archive.file (
            tenant varchar(11) NOT NULL,
            path text NOT NULL,
            month_key text NOT NULL,
            name varchar(80) NOT NULL,
            kind varchar(2) NOT NULL,
            part varchar(6) NOT NULL,
            approved boolean NOT NULL,
            sha256 varchar(64) NOT NULL,
            size bigint NOT NULL,
            archived_at timestamptz NOT NULL,
            PRIMARY KEY (tenant, path)
        )
        """
    )
    op.execute("CREATE INDEX file_month ON archive.file (tenant, month_key)")
    op.execute(
        """
        CREATE TABLE archive.month (
            tenant varchar(11) NOT NULL,
            month_key text NOT NULL,
            manifest_path text NOT NULL,
            manifest_sha256 varchar(64) NOT NULL,
            closed_at timestamptz NOT NULL,
            PRIMARY KEY (tenant, month_key)
        )
        """
    )
    for table in ("signed", "file", "month"):
        protect("archive", table)

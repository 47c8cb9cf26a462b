"""Verdicts on documents."""

from alembic import op

from defterhane.db.ddl import create_service_schema, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    create_service_schema("validator")
    op.execute(
        """
        CREATE TABLE validator.verdict (
            tenant varchar(11) NOT NULL,
            name varchar(80) NOT NULL,
            revision integer NOT NULL,
            month_key text NOT NULL,
            sha256 varchar(64) NOT NULL,
            valid boolean NOT NULL,
            counts jsonb NOT NULL,
            judged_at timestamptz NOT NULL,
            PRIMARY KEY (tenant, name, revision)
        )
        """
    )
    op.execute("CREATE INDEX verdict_month ON validator.verdict (tenant, month_key)")
    protect("validator", "verdict")

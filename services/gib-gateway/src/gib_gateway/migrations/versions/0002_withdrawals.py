"""Conversions that do not count any more, and of which revision people have been told that it waits."""

from alembic import op

from defterhane.db.ddl import protect

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table; what has been superseded so far was so because its conversion did not count."""
    op.execute("SELECT set_config('defterhane.tenant', '*', true)")
    op.execute(
        """
        CREATE TABLE gib_gateway.withdrawal (
            tenant varchar(11) NOT NULL,
            branch varchar(4) NOT NULL,
            period varchar(7) NOT NULL,
            revision integer NOT NULL,
            told_at timestamptz NOT NULL,
            PRIMARY KEY (tenant, branch, period, revision)
        )
        """
    )
    protect("gib_gateway", "withdrawal")
    op.execute(
        "INSERT INTO gib_gateway.withdrawal SELECT tenant, branch, period, revision, max(changed_at)"
        " FROM gib_gateway.submission WHERE state = 'superseded' GROUP BY tenant, branch, period, revision"
    )
    op.execute("ALTER TABLE gib_gateway.hold ADD COLUMN told_revision integer NOT NULL DEFAULT 0")

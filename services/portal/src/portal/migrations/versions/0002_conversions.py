"""Conversions by their number, and where all findings of an event lie."""

from alembic import op

from defterhane.db.ddl import protect

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the table and the column."""
    op.execute(
        """
        CREATE TABLE portal.conversion (
            tenant varchar(11) NOT NULL,
            branch varchar(4) NOT NULL,
            period varchar(7) NOT NULL,
            revision integer NOT NULL,
            file_id text NOT NULL,
            marks jsonb NOT NULL,
            PRIMARY KEY (tenant, branch, period, revision, file_id)
        )
        """
    )
    protect("portal", "conversion")
    op.execute("ALTER TABLE portal.happening ADD COLUMN report jsonb")

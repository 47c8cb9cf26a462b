"""Conversions that do not count any more; of which revision each archived file is."""

from alembic import op

from defterhane.db.ddl import protect

revision = "0002"
down_revision = "0001"

_SIGNED = """
    UPDATE archive.file SET revision = signed.revision FROM archive.signed
    WHERE signed.tenant = file.tenant AND signed.object ->> 'sha256' = file.sha256
"""
_APPROVED = """
    UPDATE archive.file SET revision = own.revision FROM archive.file own
    WHERE file.approved AND own.tenant = file.tenant AND own.month_key = file.month_key AND own.part = file.part
    AND own.kind = file.kind AND NOT own.approved
"""
"""GİB's copy is of the same revision as the berat that it approves."""


def upgrade() -> None:
    """Make the table and the column."""
    op.execute("SELECT set_config('defterhane.tenant', '*', true)")
    op.execute(
        """
        CREATE TABLE archive.withdrawal (
            tenant varchar(11) NOT NULL,
            month_key text NOT NULL,
            revision integer NOT NULL,
            PRIMARY KEY (tenant, month_key, revision)
        )
        """
    )
    protect("archive", "withdrawal")
    op.execute("ALTER TABLE archive.file ADD COLUMN revision integer NOT NULL DEFAULT 1")
    op.execute(_SIGNED)
    op.execute(_APPROVED)
    op.execute("ALTER TABLE archive.file ALTER COLUMN revision DROP DEFAULT")

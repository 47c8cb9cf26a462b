"""A file whose conversion was rejected may be converted once more."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """One conversion of a file at a time, and any number of rejected ones."""
    op.execute("ALTER TABLE converter.conversion DROP CONSTRAINT conversion_tenant_file_id_key")
    op.execute(
        "CREATE UNIQUE INDEX conversion_file ON converter.conversion (tenant, file_id)"
        " WHERE state NOT IN ('rejected', 'pinned')"
    )

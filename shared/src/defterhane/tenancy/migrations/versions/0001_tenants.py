"""Tenants' master data."""

from alembic import op

from defterhane.db.ddl import create_service_schema, protect

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    create_service_schema("tenancy")
    op.execute(
        """
        CREATE TABLE tenancy.tenant (
            tenant varchar(11) PRIMARY KEY,
            data jsonb NOT NULL,
            updated_at timestamptz NOT NULL
        )
        """
    )
    protect("tenancy", "tenant")

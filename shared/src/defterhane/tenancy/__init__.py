"""Tenants' master data in Postgres: written by the portal's API, read by all."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from defterhane.db.database import Transaction
from defterhane.errors import UnknownTenant
from defterhane.tenancy.models import TenantRow
from defterhane.tenant import Tenant


async def get_tenant(tx: Transaction, tenant: str) -> Tenant:
    """One tenant's master data.

    Raises:
        UnknownTenant: there is none of that number, or the transaction may not see it.
    """
    row = await tx.session.get(TenantRow, tenant)
    if row is None:
        raise UnknownTenant(tenant=tenant)
    return Tenant.model_validate(row.data)


async def find_tenant(tx: Transaction, tenant: str) -> Tenant | None:
    """One tenant's master data, or None."""
    row = await tx.session.get(TenantRow, tenant)
    return Tenant.model_validate(row.data) if row is not None else None


async def list_tenants(tx: Transaction) -> list[Tenant]:
    """All tenants that the transaction may see, by number."""
    rows = await tx.session.scalars(select(TenantRow).order_by(TenantRow.tenant))
    return [Tenant.model_validate(row.data) for row in rows]


async def put_tenant(tx: Transaction, tenant: Tenant) -> None:
    """Add a tenant, or replace its master data."""
    values = {"data": tenant.model_dump(mode="json"), "updated_at": tx.now()}
    statement = insert(TenantRow).values(tenant=tenant.tax_id, **values)
    await tx.session.execute(statement.on_conflict_do_update(index_elements=["tenant"], set_=values))

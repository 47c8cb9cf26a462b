"""The table of tenants."""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from defterhane.db.tables import service_metadata


class Base(DeclarativeBase):
    """The base of this schema's tables."""

    metadata = service_metadata("tenancy")


class TenantRow(Base):
    """A tenant; `data` is `defterhane.tenant.Tenant` as JSON."""

    __tablename__ = "tenant"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

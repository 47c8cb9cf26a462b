"""The drop box's tables."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from defterhane.db import service_metadata


class Base(DeclarativeBase):
    """The base of this service's tables."""

    metadata = service_metadata("ingest")


class State(StrEnum):
    """How a dropped file stands."""

    RECEIVED = "received"
    """It stands for its month."""
    REFUSED = "refused"
    FAILED = "failed"
    """It could not be converted, or what was made of it is not valid; the same file may be dropped again."""
    REPLACED = "replaced"
    """Another file has been received for its month since."""


class File(Base):
    """One file that a tenant has dropped."""

    __tablename__ = "file"
    __table_args__ = (
        Index("file_mark", "tenant", "mark", unique=True),
        Index(
            "file_once",
            "tenant",
            "period",
            text("coalesce(branch, '')"),
            text("coalesce(part, '')"),
            "sha256",
            unique=True,
            postgresql_where=text("state = 'received'"),
        ),
        Index("file_month", "tenant", "period", "received_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(String(11))
    name: Mapped[str] = mapped_column(Text)
    """As dropped."""
    mark: Mapped[str] = mapped_column(Text)
    """Which file in the spool it was: one that is found again after a crash is known by it."""
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    """None where the content was not kept."""
    uri: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """`defterhane.errors.Problem`, where it was refused."""
    period: Mapped[str | None] = mapped_column(String(7))
    """`2025-01`; None where the name does not tell."""
    branch: Mapped[str | None] = mapped_column(String(4))
    part: Mapped[str | None] = mapped_column(String(6))
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Delivery(Base):
    """A document that has been put into a tenant's outbox: it is not put there again."""

    __tablename__ = "delivery"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    delivered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

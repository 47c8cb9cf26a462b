"""The converter's tables."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from defterhane.db import service_metadata

HEAD_OFFICE = ""
"""What stands for no branch: the head office has no number."""


class Base(DeclarativeBase):
    """The base of this service's tables."""

    metadata = service_metadata("converter")


class State(StrEnum):
    """How a conversion stands."""

    WAITING = "waiting"
    """It is about to begin, or is at work."""
    HELD = "held"
    """At the gate, for a person."""
    QUEUED = "queued"
    """Until an earlier month of the fiscal year has been converted."""
    FAILED = "failed"
    """Its rows have findings: the month waits for a better file."""
    REFUSED = "refused"
    """It cannot be used for its month, as that or a later one has been made."""
    MADE = "made"
    REPLACED = "replaced"
    """Another file has come for its month before it was converted."""
    REJECTED = "rejected"
    """One of its documents is not valid: its numbers have been given back, and the month waits for a better file."""
    PINNED = "pinned"
    """As rejected, but a later month has been made on top of its numbers: they stay taken, and what is made in its
    place has to use up the same."""


SPENT: Final = (State.REJECTED, State.PINNED)
"""Made once, and kept for what it was: its file, dropped or asked for again, becomes another conversion."""


class Conversion(Base):
    """One file on its way to a month's ledgers."""

    __tablename__ = "conversion"
    __table_args__ = (
        Index(
            "conversion_file",
            "tenant",
            "file_id",
            unique=True,
            postgresql_where=text("state NOT IN ('rejected', 'pinned')"),
        ),
        Index("conversion_made", "tenant", "branch", "period", unique=True, postgresql_where=text("state = 'made'")),
        Index("conversion_month", "tenant", "branch", "year_start", "period"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(String(11))
    branch: Mapped[str] = mapped_column(String(4))
    """`HEAD_OFFICE` where there is none."""
    period: Mapped[str] = mapped_column(String(7))
    """`2025-01`."""
    part: Mapped[str] = mapped_column(String(6))
    """As in the drop's name."""
    year_start: Mapped[date] = mapped_column(Date)
    """The fiscal year's first day."""
    file_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    """As dropped."""
    object: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`defterhane.events.ObjectRef` of what was dropped."""
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revision: Mapped[int] = mapped_column()
    """Of its documents: set when the work begins, one more than that of what was rejected before."""
    created_on: Mapped[date | None] = mapped_column(Date)
    """creationDate of its documents: set when the work first begins, and then kept."""
    master: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """`defterhane.tenant.Tenant` as all its documents have it: kept with `created_on`."""
    source_application: Mapped[str | None] = mapped_column(Text)


class Part(Base):
    """One part of a converted month."""

    __tablename__ = "part"
    conversion_id: Mapped[UUID] = mapped_column(ForeignKey("converter.conversion.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(6), primary_key=True)
    tenant: Mapped[str] = mapped_column(String(11))
    start_day: Mapped[date] = mapped_column(Date)
    end_day: Mapped[date] = mapped_column(Date)
    totals: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`defterhane.edefter.totals.Totals`."""


class DocumentState(StrEnum):
    """How a document stands."""

    MADE = "made"
    """It is stored; its turn is still to come."""
    WRITTEN = "written"
    SIGNED = "signed"


class DocumentRow(Base):
    """One document of a conversion."""

    __tablename__ = "document"
    conversion_id: Mapped[UUID] = mapped_column(ForeignKey("converter.conversion.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(6), primary_key=True)
    kind: Mapped[str] = mapped_column(String(2), primary_key=True)
    tenant: Mapped[str] = mapped_column(String(11))
    unique_id: Mapped[str] = mapped_column(String(15))
    object: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`defterhane.events.ObjectRef`, unsigned."""
    body_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    signed_object: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    signature_value: Mapped[str | None] = mapped_column(Text)
    """Base64, in one line."""


class FiscalYearRow(Base):
    """A fiscal year of one branch: locked by whoever takes numbers in it."""

    __tablename__ = "fiscal_year"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    branch: Mapped[str] = mapped_column(String(4), primary_key=True)
    start: Mapped[date] = mapped_column(Date, primary_key=True)
    entry: Mapped[int] = mapped_column(BigInteger)
    line: Mapped[int] = mapped_column(BigInteger)
    journal: Mapped[int] = mapped_column()
    ledger: Mapped[int] = mapped_column()
    report: Mapped[int] = mapped_column()


class MonthNumbers(Base):
    """The last numbers given in a converted month."""

    __tablename__ = "month_numbers"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    branch: Mapped[str] = mapped_column(String(4), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    year_start: Mapped[date] = mapped_column(Date)
    entry: Mapped[int] = mapped_column(BigInteger)
    line: Mapped[int] = mapped_column(BigInteger)
    journal: Mapped[int] = mapped_column()
    ledger: Mapped[int] = mapped_column()
    report: Mapped[int] = mapped_column()

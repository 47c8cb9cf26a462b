"""The converter's tables."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, Index, String, Text, text
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
    """Checked, until an earlier month or part has been converted, or GİB has decided on what it would replace."""
    EARLY = "early"
    """Checked, and the month before has not come: until it does, or a person says that the books begin here."""
    FAILED = "failed"
    """Its rows have findings: the month waits for a better file."""
    REFUSED = "refused"
    """It cannot be used for its month: that has been approved, say."""
    MADE = "made"
    """Its documents count."""
    REPLACED = "replaced"
    """Another file has come for its month before it was converted."""
    REJECTED = "rejected"
    """Made, and one of its documents was not valid: its numbers are free, and the month waits for a better file."""
    WITHDRAWN = "withdrawn"
    """Made, and counting no longer: another file has taken its place, or what stands before it has changed."""


SPENT: Final = (State.REJECTED, State.WITHDRAWN)
"""Made once, and kept for what it was: its file, dropped or asked for again, becomes another conversion."""


class Conversion(Base):
    """One file on its way to the ledgers of a month, or of a stretch of its days."""

    __tablename__ = "conversion"
    __table_args__ = (
        Index(
            "conversion_file",
            "tenant",
            "file_id",
            unique=True,
            postgresql_where=text("state NOT IN ('rejected', 'withdrawn')"),
        ),
        Index(
            "conversion_made",
            "tenant",
            "branch",
            "period",
            "part",
            unique=True,
            postgresql_where=text("state = 'made'"),
        ),
        Index("conversion_books", "tenant", "branch", "period"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(String(11))
    branch: Mapped[str] = mapped_column(String(4))
    """`HEAD_OFFICE` where there is none."""
    period: Mapped[str] = mapped_column(String(7))
    """`2025-01`."""
    part: Mapped[str] = mapped_column(String(6))
    """As in the drop's name: `000000` = the whole month, else one of its stretches of days."""
    slots: Mapped[int] = mapped_column()
    """How many stretches of days the month has; 1 where it is whole."""
    file_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    """As dropped."""
    object: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """`defterhane.events.ObjectRef` of what was dropped."""
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    registered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """When its file came, or was asked for: of several for the same days, the one that came last is wanted."""
    revision: Mapped[int] = mapped_column()
    """Of its documents, among all conversions of the month: set when the work begins; 0 before."""
    begins: Mapped[bool] = mapped_column()
    """A person has said that the branch's books begin with it."""
    created_on: Mapped[date | None] = mapped_column(Date)
    """creationDate of its documents: set when the work begins."""
    master: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """`defterhane.tenant.Tenant` as all its documents have it: set with `created_on`."""
    source_application: Mapped[str | None] = mapped_column(Text)
    begin_numbers: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    """`defterhane.edefter.counters.Counters` from which it went on, once it has been made."""
    end_numbers: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    """The last numbers that it has used."""
    told: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """`converter.telling.Told` of one that has been made: what its event has said beyond the numbers."""


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


class GibState(StrEnum):
    """What GİB says of a document."""

    SENT = "sent"
    REFUSED = "refused"
    APPROVED = "approved"


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
    at_gib: Mapped[str | None] = mapped_column(String(10))
    """What GİB says of a berat or report; None = it has not been sent, as far as is known here."""
    at_gib_since: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When that was said: what comes later, but was said before it, changes nothing."""


class Books(Base):
    """The books of one branch: locked by whoever changes which conversions count in them."""

    __tablename__ = "books"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    branch: Mapped[str] = mapped_column(String(4), primary_key=True)

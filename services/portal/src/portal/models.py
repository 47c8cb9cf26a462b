"""Tables: the facts that events tell, the board made of them, the numbered changes, tokens, log-in links.

`branch` is empty for the head office (a key holds no NULL); `period` is None where no month is known.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Identity, Index, Integer, String, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from defterhane.db import service_metadata


class Base(DeclarativeBase):
    """The base of this schema's tables."""

    metadata = service_metadata("portal")


class DocumentRow(Base):
    """One document as one conversion made it; `marks` as in `portal.facts`."""

    __tablename__ = "document"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    branch: Mapped[str] = mapped_column(String(4), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    part: Mapped[str] = mapped_column(String(6), primary_key=True)
    kind: Mapped[str] = mapped_column(String(2), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    unique_id: Mapped[str] = mapped_column(Text)
    marks: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ConversionRow(Base):
    """One conversion of a month and a file that became it; `marks` as in `portal.facts`."""

    __tablename__ = "conversion"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    branch: Mapped[str] = mapped_column(String(4), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    file_id: Mapped[str] = mapped_column(Text, primary_key=True)
    marks: Mapped[dict[str, Any]] = mapped_column(JSONB)


class FileRow(Base):
    """One dropped file."""

    __tablename__ = "file"
    __table_args__ = (
        Index("file_month", "tenant", "period", "branch"),
        Index("file_newest", "newest_at"),
    )
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    file_id: Mapped[str] = mapped_column(Text, primary_key=True)
    branch: Mapped[str] = mapped_column(String(4))
    period: Mapped[str | None] = mapped_column(String(7))
    newest_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    marks: Mapped[dict[str, Any]] = mapped_column(JSONB)


class HoldRow(Base):
    """A gate, or another reason to wait (`gate` is empty), of one filing."""

    __tablename__ = "hold"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    branch: Mapped[str] = mapped_column(String(4), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    part: Mapped[str] = mapped_column(String(6), primary_key=True)
    gate: Mapped[str] = mapped_column(String(10), primary_key=True)
    marks: Mapped[dict[str, Any]] = mapped_column(JSONB)


class MonthRow(Base):
    """One row of the board; `board` is `portal.board.Month` as JSON, made anew whenever a fact is added."""

    __tablename__ = "month"
    __table_args__ = (Index("month_period", "period", "state"),)
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    branch: Mapped[str] = mapped_column(String(4), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    closed: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    state: Mapped[str] = mapped_column(String(10))
    board: Mapped[dict[str, Any]] = mapped_column(JSONB)


class SignerRow(Base):
    """How a tenant's signer last did where no document was concerned."""

    __tablename__ = "signer"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    marks: Mapped[dict[str, Any]] = mapped_column(JSONB)


class HappeningRow(Base):
    """One event as a month's time line tells it, with the findings that came with it."""

    __tablename__ = "happening"
    __table_args__ = (
        Index("happening_month", "tenant", "period", "branch", "at"),
        Index("happening_file", "tenant", "file_id"),
    )
    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    tenant: Mapped[str] = mapped_column(String(11))
    branch: Mapped[str] = mapped_column(String(4))
    period: Mapped[str | None] = mapped_column(String(7))
    file_id: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    type: Mapped[str] = mapped_column(Text)
    line: Mapped[dict[str, Any]] = mapped_column(JSONB)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """`defterhane.events.ObjectRef` of all findings, where `findings` are only the first of them."""


class ChangeRow(Base):
    """Something about a month (or, without one, about a tenant) has changed; numbered in the order of commits."""

    __tablename__ = "change"
    __table_args__ = (Index("change_tenant", "tenant", "number"), Index("change_at", "at"))
    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    tenant: Mapped[str] = mapped_column(String(11))
    branch: Mapped[str] = mapped_column(String(4))
    period: Mapped[str | None] = mapped_column(String(7))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class TokenRow(Base):
    """A bearer token, known by its SHA-256 alone; `tenant` None = an operator's."""

    __tablename__ = "token"
    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    tenant: Mapped[str | None] = mapped_column(String(11))
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class LinkRow(Base):
    """A link that logs in once; it is deleted when used."""

    __tablename__ = "link"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant: Mapped[str | None] = mapped_column(String(11))
    token: Mapped[str] = mapped_column(Text)
    """The id of the token by which it was made."""
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ExtensionRow(Base):
    """A deadline that the authority has moved, for persons or for companies."""

    __tablename__ = "extension"
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    person: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    day: Mapped[date] = mapped_column(Date)

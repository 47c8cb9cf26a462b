"""Tables: signatures that were made, documents that wait, releases that people gave."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, Integer, LargeBinary, String, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from defterhane.db import service_metadata


class Base(DeclarativeBase):
    """The base of this schema's tables."""

    metadata = service_metadata("signer")


class SignatureRow(Base):
    """One signature by a key, kept as soon as the key has given it: whoever goes on from here makes the same bytes."""

    __tablename__ = "signature"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    """The document's."""
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    body_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    unique_id: Mapped[UUID] = mapped_column(Uuid)
    """Of which the signature's Ids are made."""
    signing_time: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    certificate: Mapped[bytes] = mapped_column(LargeBinary)
    """DER."""
    value: Mapped[bytes] = mapped_column(LargeBinary)
    """As SignatureValue holds it."""
    object: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The signed document, once it is stored."""


class PendingRow(Base):
    """A document that waits: at the gate for a person, or after a refusal for its reason to go away."""

    __tablename__ = "pending"
    __table_args__ = (Index("pending_month", "tenant", "month_key"),)
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    month_key: Mapped[str] = mapped_column(Text)
    filing_key: Mapped[str] = mapped_column(Text)
    body_sha256: Mapped[str] = mapped_column(String(64))
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    object: Mapped[dict[str, Any]] = mapped_column(JSONB)
    refusal: Mapped[str | None] = mapped_column(Text)
    """The key of the problem for which it was refused; None at the gate."""
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ReleaseRow(Base):
    """A person has let a month's documents of a revision be signed."""

    __tablename__ = "release"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    month_key: Mapped[str] = mapped_column(Text, primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    by: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

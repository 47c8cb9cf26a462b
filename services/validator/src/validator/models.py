"""The validator's tables: what was found of each document, and what its neighbours are held against."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, Index, Integer, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from defterhane.db import service_metadata


class Base(DeclarativeBase):
    """The base of this schema's tables."""

    metadata = service_metadata("validator")


class VerdictRow(Base):
    """The verdict on one revision of a document; `counts` are its findings by rule."""

    __tablename__ = "verdict"
    __table_args__ = (Index("verdict_month", "tenant", "month_key"),)
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    month_key: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    valid: Mapped[bool] = mapped_column(Boolean)
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    judged_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """`validator.summary.Summary` of a valid one; None for those of before summaries were kept."""


class SignedBook(Base):
    """What a berat has to tell of a journal or ledger that has been signed."""

    __tablename__ = "signed_book"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes."""
    signature_value: Mapped[str] = mapped_column(Text)
    """Base64, in one line."""


class RevisionRow(Base):
    """What has been said of one revision of a month. It counts unless it was withdrawn and nothing of it approved."""

    __tablename__ = "revision"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    month_key: Mapped[str] = mapped_column(Text, primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    withdrawn: Mapped[bool] = mapped_column(Boolean)
    approved: Mapped[bool] = mapped_column(Boolean)
    """GİB has approved a berat of it."""

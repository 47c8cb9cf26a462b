"""Tables: what has been signed, what does not count any more, what lies in the archive, which months are closed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, DateTime, Index, Integer, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from defterhane.db import service_metadata


class Base(DeclarativeBase):
    """The base of this schema's tables."""

    metadata = service_metadata("archive")


class Signed(Base):
    """A signed document that waits for GİB's approval before it is archived."""

    __tablename__ = "signed"
    __table_args__ = (Index("signed_month", "tenant", "month_key"),)
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    month_key: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    object: Mapped[dict[str, Any]] = mapped_column(JSONB)


class File(Base):
    """A file in the archive; `path` is its place in the folder tree."""

    __tablename__ = "file"
    __table_args__ = (Index("file_month", "tenant", "month_key"),)
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    path: Mapped[str] = mapped_column(Text, primary_key=True)
    month_key: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(2))
    part: Mapped[str] = mapped_column(String(6))
    revision: Mapped[int] = mapped_column(Integer)
    approved: Mapped[bool] = mapped_column(Boolean)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    archived_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Withdrawal(Base):
    """A conversion of a month that does not count any more, unless any of it has been archived."""

    __tablename__ = "withdrawal"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    month_key: Mapped[str] = mapped_column(Text, primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)


class Month(Base):
    """A month whose every file is in the archive, with its manifest of hashes."""

    __tablename__ = "month"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    month_key: Mapped[str] = mapped_column(Text, primary_key=True)
    manifest_path: Mapped[str] = mapped_column(Text)
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

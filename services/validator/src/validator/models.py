"""The validator's table: which document was found valid or not, and when."""

from datetime import datetime

from sqlalchemy import Boolean, DateTime, Index, Integer, String, Text
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

"""The gateway's tables. Every one belongs to a tenant; an absent branch is written `''`, so that keys can hold it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from defterhane.db.tables import service_metadata
from defterhane.edefter.kinds import DocumentKind
from defterhane.events.models import Document, Filing, ObjectRef
from defterhane.soap.names import Operation
from gib_gateway.states import State

_Time = DateTime(timezone=True)


class Base(DeclarativeBase):
    """The base of this service's tables."""

    metadata = service_metadata("gib_gateway")


class _Filed:
    """Which part of which month of which branch."""

    tenant: Mapped[str] = mapped_column(String(11))
    branch: Mapped[str] = mapped_column(String(4))
    period: Mapped[str] = mapped_column(String(7))
    """`2025-01`."""
    part: Mapped[str] = mapped_column(String(6))

    @property
    def filing(self) -> Filing:
        """The same as events say it."""
        return Filing(tenant=self.tenant, period=self.period, part=self.part, branch=self.branch or None)


class Ledger(_Filed, Base):
    """A signed ledger (Y, K): what its berat repeats, and goes with it where that is wanted."""

    __tablename__ = "ledger"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    branch: Mapped[str] = mapped_column(String(4), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    part: Mapped[str] = mapped_column(String(6), primary_key=True)
    kind: Mapped[str] = mapped_column(String(2), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    signature_value: Mapped[str]
    object: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Submission(_Filed, Base):
    """A signed berat or report on its way to GİB and back. Unique by document and revision."""

    __tablename__ = "submission"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(2))
    revision: Mapped[int]
    unique_id: Mapped[str]
    signature_value: Mapped[str]
    """Base64 of the taxpayer's signature."""
    object: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(String(12))
    resume: Mapped[str | None] = mapped_column(String(12))
    """Of a refused one (kept while it is superseded): the state in which a release lets it go on."""
    next_at: Mapped[datetime | None] = mapped_column(_Time)
    """When it is to be looked at; None = when something happens."""
    turn: Mapped[int]
    """Grows with each one that takes it up: what an overtaken one brings is dropped."""
    failures: Mapped[int]
    """In a row."""
    polls: Mapped[int]
    """Since it was sent."""
    announced: Mapped[bool]
    """People have been told that it is with GİB."""
    last_code: Mapped[str | None]
    last_text: Mapped[str | None]
    """GİB's last words on it."""
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    approved: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The approved berat, as received."""
    created_at: Mapped[datetime] = mapped_column(_Time)
    changed_at: Mapped[datetime] = mapped_column(_Time)

    @property
    def document(self) -> Document:
        """The same as events say it."""
        return Document(
            filing=self.filing, kind=DocumentKind(self.kind), unique_id=self.unique_id, revision=self.revision
        )

    @property
    def package(self) -> str:
        """GİB's paketID: the package's name without `.zip`."""
        return str(self.document.name)

    @property
    def stored(self) -> ObjectRef:
        """Where the signed document lies."""
        return ObjectRef.model_validate(self.object)

    def go(self, state: State, next_at: datetime | None, now: datetime) -> None:
        """Enter a state."""
        self.state = state
        self.next_at = next_at
        self.changed_at = now


class Message(Base):
    """A composed message that waits for its signature. A submission has at most one."""

    __tablename__ = "message"
    submission_id: Mapped[UUID] = mapped_column(ForeignKey(Submission.id), primary_key=True)
    request_id: Mapped[UUID] = mapped_column(unique=True)
    tenant: Mapped[str] = mapped_column(String(11))
    operation: Mapped[str] = mapped_column(String(32))
    turn: Mapped[int]
    """The submission's, when it was composed."""
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    package_sha256: Mapped[str | None] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(_Time)

    @property
    def asks(self) -> Operation:
        """The operation."""
        return Operation(self.operation)


class Exchange(Base):
    """One call to GİB, kept for good: what was sent, what came back, as it came."""

    __tablename__ = "exchange"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(String(11))
    submission_id: Mapped[UUID] = mapped_column(ForeignKey(Submission.id))
    package: Mapped[str]
    operation: Mapped[str] = mapped_column(String(32))
    attempt: Mapped[int]
    """The how manieth call of this operation for this submission, 1 = the first."""
    package_sha256: Mapped[str | None] = mapped_column(String(64))
    request: Mapped[dict[str, Any]] = mapped_column(JSONB)
    response: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    http_status: Mapped[int | None]
    outcome: Mapped[str | None]
    """None: on its way, or the process died meanwhile."""
    began_at: Mapped[datetime] = mapped_column(_Time)
    ended_at: Mapped[datetime | None] = mapped_column(_Time)


class Withdrawal(Base):
    """A conversion of a month that does not count any more, unless GİB approves any of it."""

    __tablename__ = "withdrawal"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    branch: Mapped[str] = mapped_column(String(4), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    told_at: Mapped[datetime] = mapped_column(_Time)


class Hold(_Filed, Base):
    """What a filing waits for: a person at the gate, or something to come true."""

    __tablename__ = "hold"
    tenant: Mapped[str] = mapped_column(String(11), primary_key=True)
    branch: Mapped[str] = mapped_column(String(4), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    part: Mapped[str] = mapped_column(String(6), primary_key=True)
    gate_revision: Mapped[int]
    """The newest revision that has been held at the gate; 0 = none."""
    released_revision: Mapped[int]
    """The newest revision that a person has let go on; 0 = none."""
    waits_for: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """The problem that people have been told; None = it goes on."""
    told_revision: Mapped[int]
    """The revision of which they have been told so; 0 = none."""

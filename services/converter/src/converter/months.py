"""What may happen to a month now: convert it, let it wait, or refuse the file. Decided under the year's lock."""

from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import aliased

from converter.errors import (
    AlreadyConverted,
    AtConvertGate,
    EarlierMonthOpen,
    LaterMonthConverted,
    MonthUnusable,
    NumbersTaken,
)
from converter.models import HEAD_OFFICE, SPENT, Conversion, State
from converter.numbers import lock_year, numbers_before, numbers_of
from defterhane.db import Transaction
from defterhane.edefter.counters import Counters
from defterhane.edefter.names import WHOLE
from defterhane.edefter.period import Period
from defterhane.events import ConversionRequested, FileReceived, Filing
from defterhane.tenant import Gate, Tenant

_OPEN = (State.WAITING, State.HELD, State.QUEUED, State.FAILED)


@dataclass(frozen=True, slots=True)
class Nothing:
    """The month has been made from this very content, or another file has come in its place; or this file's
    documents have been rejected, and nobody has asked for it again."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """The file cannot be used for its month."""

    error: MonthUnusable


@dataclass(frozen=True, slots=True)
class Wait:
    """At the gate for a person, or (no gate) for an earlier month."""

    state: State
    gate: Gate | None
    reason: MonthUnusable


@dataclass(frozen=True, slots=True)
class Later:
    """A month that stands on the numbers of one that was rejected."""

    period: str
    start: Counters
    """The numbers that it goes on from."""


@dataclass(frozen=True, slots=True)
class Go:
    """Convert, with numbers that go on from these."""

    start: Counters
    revision: int
    """Of the documents to be made."""
    later: Later | None = None
    """What must fit behind it, where a later month has been made already."""

    def refusal(self, period: str, end: Counters) -> NumbersTaken | None:
        """Why the month cannot end with these numbers; None where it can."""
        later = self.later
        if later is None or later.start == end:
            return None
        start, wanted = self.start, later.start
        return NumbersTaken(
            period=period,
            later=later.period,
            entries=wanted.entry - start.entry,
            lines=wanted.line - start.line,
            found_entries=end.entry - start.entry,
            found_lines=end.line - start.line,
        )


Decision: TypeAlias = Nothing | Refuse | Wait | Go


async def register(
    tx: Transaction, event: FileReceived | ConversionRequested, tenant: Tenant, new_id: UUID
) -> Conversion:
    """The conversion of an event's file: the one that is known, or a new one.

    Other files for the month that have not been converted are no longer waited for; unless somebody asks for one.
    Somebody who asks for a file whose documents were rejected gets a new conversion of it.
    """
    known: Conversion | None = await tx.session.scalar(
        select(Conversion)
        .where(Conversion.tenant == event.tenant, Conversion.file_id == event.file_id)
        .order_by(Conversion.state.in_(SPENT))
        .limit(1)
    )
    if known is not None and (known.state not in (State.REPLACED, *SPENT) or isinstance(event, FileReceived)):
        return known
    conversion = known if known is not None and known.state == State.REPLACED else None
    conversion = conversion or Conversion(
        id=new_id,
        tenant=event.tenant,
        branch=event.branch or HEAD_OFFICE,
        period=event.period,
        part=event.part or WHOLE,
        year_start=tenant.fiscal_year(Period.parse(event.period)).start,
        file_id=event.file_id,
        name=event.name,
        object=event.object.model_dump(mode="json"),
        sha256=event.object.sha256,
        revision=1,
        registered_at=tx.now(),
    )
    await tx.session.execute(
        update(Conversion).where(*_same_month(conversion), Conversion.state.in_(_OPEN)).values(state=State.REPLACED)
    )
    conversion.state = State.WAITING
    conversion.created_on = None
    tx.session.add(conversion)
    await tx.session.flush()
    return conversion


async def waiting_for(tx: Transaction, filing: Filing, gate: Gate | None) -> Conversion | None:
    """The conversion of a month that waits: at the gate, or (no gate) for an earlier month."""
    found: Conversion | None = await tx.session.scalar(
        select(Conversion)
        .where(
            Conversion.tenant == filing.tenant,
            Conversion.branch == (filing.branch or HEAD_OFFICE),
            Conversion.period == filing.period,
            Conversion.state == (State.HELD if gate else State.QUEUED),
        )
        .order_by(Conversion.registered_at.desc())
        .limit(1)
    )
    return found


async def decide(tx: Transaction, conversion: Conversion, *, gated: bool, in_order: bool) -> Decision:
    """What may happen now. `in_order`: a month that is known to come before it is waited for."""
    year = await lock_year(tx, conversion.tenant, conversion.branch, conversion.year_start)
    made: Conversion | None = await tx.session.scalar(
        select(Conversion).where(*_same_month(conversion), Conversion.state == State.MADE)
    )
    if conversion.state in (State.REPLACED, *SPENT) or (made is not None and made.sha256 == conversion.sha256):
        return Nothing()
    period = conversion.period
    if made is not None:
        return Refuse(AlreadyConverted(period=period, file=made.name))
    later = await tx.session.scalar(
        select(Conversion.period)
        .where(*same_year(conversion), Conversion.period > period, Conversion.state == State.MADE)
        .order_by(Conversion.period)
        .limit(1)
    )
    taken = await numbers_of(tx, year, period) if later is not None else None
    if later is not None and taken is None:
        return Refuse(LaterMonthConverted(period=period, later=later))
    if gated:
        return Wait(State.HELD, "convert", AtConvertGate(period=period))
    earlier = await _open_before(tx, conversion) if in_order else None
    if earlier is not None:
        return Wait(State.QUEUED, None, EarlierMonthOpen(period=period, earlier=earlier))
    return Go(
        await numbers_before(tx, year, period),
        await _next_revision(tx, conversion),
        Later(later, taken) if later is not None and taken is not None else None,
    )


async def next_queued(tx: Transaction, conversion: Conversion) -> Conversion | None:
    """The month that may go on once this one has been made."""
    found: Conversion | None = await tx.session.scalar(
        select(Conversion)
        .where(*same_year(conversion), Conversion.period > conversion.period, Conversion.state == State.QUEUED)
        .order_by(Conversion.period)
        .limit(1)
    )
    return found


async def _next_revision(tx: Transaction, conversion: Conversion) -> int:
    rejected = await tx.session.scalar(
        select(func.max(Conversion.revision)).where(*_same_month(conversion), Conversion.state.in_(SPENT))
    )
    return (rejected or 0) + 1


async def _open_before(tx: Transaction, conversion: Conversion) -> str | None:
    made = aliased(Conversion)
    is_made = select(made.id).where(
        made.tenant == conversion.tenant,
        made.branch == conversion.branch,
        made.period == Conversion.period,
        made.state == State.MADE,
    )
    found: str | None = await tx.session.scalar(
        select(Conversion.period)
        .where(
            *same_year(conversion),
            Conversion.period < conversion.period,
            Conversion.state.in_((*_OPEN, *SPENT)),
            ~is_made.exists(),
        )
        .order_by(Conversion.period)
        .limit(1)
    )
    return found


def same_year(conversion: Conversion) -> tuple[ColumnElement[bool], ...]:
    """What the conversions of one branch and fiscal year have in common."""
    return (
        Conversion.tenant == conversion.tenant,
        Conversion.branch == conversion.branch,
        Conversion.year_start == conversion.year_start,
    )


def _same_month(conversion: Conversion) -> tuple[ColumnElement[bool], ...]:
    return (
        Conversion.tenant == conversion.tenant,
        Conversion.branch == conversion.branch,
        Conversion.period == conversion.period,
    )

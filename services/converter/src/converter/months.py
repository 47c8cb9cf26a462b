"""The conversions of a fiscal year in the database: registering files, and finding what the order needs to know."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.dialects.postgresql import insert

from converter.models import HEAD_OFFICE, SPENT, Conversion, DocumentRow, FiscalYearRow, GibState, Part, State
from converter.order import OPEN, AtGib, Decision, Known, decide
from defterhane.db import Transaction
from defterhane.edefter.counters import Counters
from defterhane.edefter.names import WHOLE
from defterhane.edefter.period import Period
from defterhane.events import ConversionRequested, FileReceived, Filing
from defterhane.tenant import Gate, Tenant

_RANKS: Final = {GibState.SENT: AtGib.SENT, GibState.APPROVED: AtGib.APPROVED}

_WAITS: Final[dict[bool, tuple[State, ...]]] = {True: (State.HELD, State.EARLY), False: (State.QUEUED, State.EARLY)}
"""Which conversions a release lets go on: by a person at the gate, or by itself."""


async def lock_year(tx: Transaction, tenant: str, branch: str, year_start: date) -> None:
    """Let one transaction at a time change which conversions of a branch's fiscal year count."""
    key = {"tenant": tenant, "branch": branch, "start": year_start}
    await tx.session.execute(insert(FiscalYearRow).values(**key).on_conflict_do_nothing())
    await tx.session.get(FiscalYearRow, tuple(key.values()), with_for_update=True)


async def register(
    tx: Transaction, event: FileReceived | ConversionRequested, tenant: Tenant, new_id: UUID
) -> Conversion:
    """The conversion of an event's file: the one that is known, or a new one.

    Other files for the same days that have not been converted are no longer waited for; unless somebody asks for one.
    Somebody who asks for a file whose documents count no longer gets a new conversion of it.
    """
    known: Conversion | None = await tx.session.scalar(
        select(Conversion)
        .where(Conversion.tenant == event.tenant, Conversion.file_id == event.file_id)
        .order_by(Conversion.state.in_(SPENT), Conversion.revision.desc())
        .limit(1)
    )
    if known is not None and (known.state not in (State.REPLACED, *SPENT) or isinstance(event, FileReceived)):
        return known
    conversion = known if known is not None and known.state == State.REPLACED else None
    period = Period.parse(event.period)
    conversion = conversion or Conversion(
        id=new_id,
        tenant=event.tenant,
        branch=event.branch or HEAD_OFFICE,
        period=event.period,
        part=event.part or WHOLE,
        slots=1,
        year_start=tenant.fiscal_year(period).start,
        file_id=event.file_id,
        name=event.name,
        object=event.object.model_dump(mode="json"),
        sha256=event.object.sha256,
        begins=False,
        registered_at=tx.now(),
    )
    await tx.session.execute(
        update(Conversion).where(*_same_days(conversion), Conversion.state.in_(OPEN)).values(state=State.REPLACED)
    )
    conversion.state = State.WAITING
    conversion.revision = 0
    conversion.created_on = None
    tx.session.add(conversion)
    await tx.session.flush()
    return conversion


async def waiting_for(tx: Transaction, filing: Filing, gate: Gate | None) -> Conversion | None:
    """The conversion of a filing that waits: at the gate, or (no gate) for something to come true."""
    found: Conversion | None = await tx.session.scalar(
        select(Conversion)
        .where(
            Conversion.tenant == filing.tenant,
            Conversion.branch == (filing.branch or HEAD_OFFICE),
            Conversion.period == filing.period,
            Conversion.part == filing.part,
            Conversion.state.in_(_WAITS[gate is not None]),
        )
        .order_by(Conversion.registered_at.desc())
        .limit(1)
    )
    return found


@dataclass(frozen=True, slots=True)
class Considered:
    """What may happen to a conversion, and the master data by which it does."""

    decision: Decision
    tenant: Tenant
    """With the stretches of days that the month has been cut into before, if it has."""


async def consider(tx: Transaction, conversion: Conversion, tenant: Tenant, *, gated: bool) -> Considered:
    """What may happen to a conversion now. Its fiscal year must be locked."""
    period = Period.parse(conversion.period)
    year = await load_year(tx, conversion)
    tenant = _month_tenant(conversion, tenant, year)
    conversion.slots = 1 if conversion.part == WHOLE else len(tenant.spans(period))
    known = await knowledge(tx, year)
    decision = decide(
        known[conversion.id],
        [one for one in known.values() if one.id != conversion.id],
        opening=tenant.opening(conversion.branch or None, period),
        first_period=str(tenant.fiscal_year(period).first_period),
        gated=gated,
    )
    return Considered(decision, tenant)


async def load_year(tx: Transaction, conversion: Conversion) -> Sequence[Conversion]:
    """All conversions of a conversion's branch and fiscal year, itself among them, in the order of their days."""
    found = await tx.session.scalars(
        select(Conversion)
        .where(
            Conversion.tenant == conversion.tenant,
            Conversion.branch == conversion.branch,
            Conversion.year_start == conversion.year_start,
        )
        .order_by(Conversion.period, Conversion.part, Conversion.registered_at)
    )
    return found.all()


async def knowledge(tx: Transaction, rows: Sequence[Conversion]) -> dict[UUID, Known]:
    """What the order has to know of conversions, by id."""
    ids = [row.id for row in rows]
    ranks = case({state.value: int(rank) for state, rank in _RANKS.items()}, value=DocumentRow.at_gib, else_=0)
    furthest = await tx.session.execute(
        select(DocumentRow.conversion_id, func.max(ranks))
        .where(DocumentRow.conversion_id.in_(ids))
        .group_by(DocumentRow.conversion_id)
    )
    counted = await tx.session.execute(
        select(Part.conversion_id, func.count()).where(Part.conversion_id.in_(ids)).group_by(Part.conversion_id)
    )
    at_gib = {row[0]: int(row[1]) for row in furthest}
    parts = {row[0]: int(row[1]) for row in counted}
    return {row.id: known_of(row, AtGib(at_gib.get(row.id, 0)), parts.get(row.id, 0)) for row in rows}


def known_of(row: Conversion, at_gib: AtGib = AtGib.NO, parts: int = 0) -> Known:
    """A conversion as the order sees it."""
    return Known(
        id=row.id,
        period=row.period,
        part=row.part,
        slots=row.slots,
        state=State(row.state),
        sha256=row.sha256,
        name=row.name,
        begins=row.begins,
        at_gib=at_gib,
        begin=Counters(**row.begin_numbers) if row.begin_numbers else None,
        end=Counters(**row.end_numbers) if row.end_numbers else None,
        parts=parts,
    )


def numbers_json(counters: Counters) -> dict[str, int]:
    """Counters as they are kept."""
    return asdict(counters)


async def next_revision(tx: Transaction, conversion: Conversion) -> int:
    """The number of the month's next conversion."""
    last = await tx.session.scalar(
        select(func.max(Conversion.revision)).where(*_same_month(conversion), Conversion.id != conversion.id)
    )
    return (last or 0) + 1


async def next_waiting(tx: Transaction, conversion: Conversion) -> Conversion | None:
    """What may go on once this one has been made: the first after it that waits for what comes before it."""
    year = await load_year(tx, conversion)
    place = (conversion.period, conversion.part)
    waiting = (row for row in year if row.state in _WAITS[False] and (row.period, row.part) > place)
    return next(waiting, None)


def _month_tenant(conversion: Conversion, tenant: Tenant, year: Sequence[Conversion]) -> Tenant:
    made = next((row for row in year if row.period == conversion.period and row.state == State.MADE), None)
    if made is None or WHOLE in (made.part, conversion.part) or made.master is None:
        return tenant
    return tenant.model_copy(update={"part_ends": Tenant.model_validate(made.master).part_ends})


def _same_month(conversion: Conversion) -> tuple[ColumnElement[bool], ...]:
    return (
        Conversion.tenant == conversion.tenant,
        Conversion.branch == conversion.branch,
        Conversion.period == conversion.period,
    )


def _same_days(conversion: Conversion) -> tuple[ColumnElement[bool], ...]:
    """The files that a new one takes the place of before they are converted: those with days of its own."""
    same = _same_month(conversion)
    return same if conversion.part == WHOLE else (*same, Conversion.part.in_((conversion.part, WHOLE)))

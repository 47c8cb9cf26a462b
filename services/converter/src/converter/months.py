"""The conversions of a fiscal year in the database: what the order needs to know, and who need wait no longer."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import insert

from converter.models import Books, Conversion, DocumentRow, GibState, Part, State
from converter.order import UNDECIDED, AtGib, Decision, Known, Wait, decide
from converter.records import filing_of
from converter.registering import same_month
from defterhane.db import Transaction
from defterhane.edefter.counters import Counters
from defterhane.edefter.names import WHOLE
from defterhane.edefter.period import FiscalYear, Period
from defterhane.events import FilingReleased
from defterhane.tenant import Tenant

_RANKS: Final = {GibState.SENT: AtGib.SENT, GibState.APPROVED: AtGib.APPROVED}


async def lock_books(tx: Transaction, tenant: str, branch: str) -> None:
    """Let one transaction at a time change which conversions of a branch count. Nothing of them is locked before."""
    key = {"tenant": tenant, "branch": branch}
    await tx.session.execute(insert(Books).values(**key).on_conflict_do_nothing())
    await tx.session.get(Books, tuple(key.values()), with_for_update=True)


@dataclass(frozen=True, slots=True)
class Considered:
    """What may happen to a conversion, and the master data by which it does."""

    decision: Decision
    tenant: Tenant
    """With the stretches of days that the month has been cut into before, if it has."""


@dataclass(frozen=True, slots=True)
class Year:
    """All conversions of one branch in one fiscal year, as they stand."""

    tenant: Tenant
    rows: Sequence[Conversion]
    """In the order of their days."""
    known: dict[UUID, Known]

    def consider(self, conversion: Conversion, *, gated: bool) -> Considered:
        """What may happen to one of them now."""
        period = Period.parse(conversion.period)
        decision = decide(
            self.known[conversion.id],
            [one for one in self.known.values() if one.id != conversion.id],
            opening=self.tenant.opening(conversion.branch or None, period),
            first_period=str(_first_period(self.tenant, period)),
            gated=gated,
        )
        return Considered(decision, _month_tenant(conversion, self.tenant, self.rows))


async def load_year(tx: Transaction, conversion: Conversion, tenant: Tenant) -> Year:
    """The fiscal year in which a conversion lies, by the master data as they are. Its books must be locked."""
    year = tenant.fiscal_year(Period.parse(conversion.period))
    found = await tx.session.scalars(
        select(Conversion)
        .where(
            Conversion.tenant == conversion.tenant,
            Conversion.branch == conversion.branch,
            Conversion.period.between(str(year.first_period), str(Period.of(year.end))),
        )
        .order_by(Conversion.period, Conversion.part, Conversion.registered_at)
    )
    rows = [row for row in found if tenant.fiscal_year(Period.parse(row.period)) == year]
    for row in rows:
        if row.state in UNDECIDED:
            spans = _month_tenant(row, tenant, rows).spans(Period.parse(row.period))
            row.slots = 1 if row.part == WHOLE else len(spans)
    return Year(tenant, rows, await knowledge(tx, rows))


async def consider(tx: Transaction, conversion: Conversion, tenant: Tenant, *, gated: bool) -> Considered:
    """What may happen to a conversion now. Its books must be locked."""
    return (await load_year(tx, conversion, tenant)).consider(conversion, gated=gated)


async def wake(tx: Transaction, conversion: Conversion, tenant: Tenant) -> None:
    """Release what waits in a conversion's fiscal year and need wait no longer, or waits for something else now.

    To be called at the end of whatever changes how a conversion stands. Its books must be locked.
    """
    year = await load_year(tx, conversion, tenant)
    filings = {}
    for row in year.rows:
        if row.state in (State.QUEUED, State.EARLY):
            decision = year.consider(row, gated=False).decision
            if not isinstance(decision, Wait) or decision.state != row.state:
                filings[row.period, row.part] = filing_of(row)
    for filing in filings.values():
        await tx.publish(FilingReleased(filing=filing, gate=None, by="converter"))


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
        select(func.max(Conversion.revision)).where(*same_month(conversion), Conversion.id != conversion.id)
    )
    return (last or 0) + 1


def _first_period(tenant: Tenant, period: Period) -> Period:
    """The first month that lies in a month's fiscal year: where it begins within a month, that may be the next."""
    year: FiscalYear = tenant.fiscal_year(period)
    first = year.first_period
    while tenant.fiscal_year(first) != year:
        first = first.next
    return first


def _month_tenant(conversion: Conversion, tenant: Tenant, year: Sequence[Conversion]) -> Tenant:
    made = next((row for row in year if row.period == conversion.period and row.state == State.MADE), None)
    if made is None or WHOLE in (made.part, conversion.part) or made.master is None:
        return tenant
    return tenant.model_copy(update={"part_ends": Tenant.model_validate(made.master).part_ends})

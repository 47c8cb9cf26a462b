"""All about one month: its documents, files, holds, findings and time line."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from pydantic import BaseModel
from sqlalchemy import select

from defterhane.db import Transaction
from defterhane.edefter.names import WHOLE
from defterhane.edefter.period import Period, Span
from defterhane.errors import Problem
from defterhane.events import Days, Filing
from defterhane.tenancy import find_tenant
from defterhane.tenant import Gate, Tenant
from defterhane.texts import Text
from portal.board import steps_by_part, worst
from portal.documents import DocumentView, documents_of
from portal.dropped import FileView, file_view, newest_first
from portal.facts import Mark, MonthFacts, MonthKey, newest
from portal.feed import newest_number
from portal.findings import FindingsView, read_findings
from portal.holds import open_holds
from portal.listing import BoardRow
from portal.models import HappeningRow
from portal.releases import Releases
from portal.revisions import live_report
from portal.steps import Step, refusal
from portal.store import facts_of, signer_trouble
from portal.units import Unit, free_part, units_of
from portal.words import Column, State

_HAPPENINGS: Final = 500


class HoldView(BaseModel):
    """A filing that waits."""

    filing: Filing
    gate: Gate | None
    """Where a person may let it go on."""
    reason: Problem | None
    since: datetime
    again: bool
    """It was refused there: a release has it tried again."""


class PartView(BaseModel):
    """One part of a month, or a stretch of days for which none has been made (again) yet."""

    part: str
    slot: str
    """What of the month its file was for: `000000` = all of it."""
    first_day: date | None
    last_day: date | None
    """None where it is the whole month, or nobody has told them."""
    is_made: bool
    step: Step
    """How it stands: the worst of its documents, without the month's report."""
    done: int
    """So many of its six documents lie in the archive."""


class HappeningView(BaseModel):
    """One line of the time line."""

    at: datetime
    type: str
    line: Text


class MonthView(BaseModel):
    """All about one month."""

    row: BoardRow
    signer_trouble: Problem | None
    parts: list[PartView]
    documents: list[DocumentView]
    files: list[FileView]
    holds: list[HoldView]
    findings: list[FindingsView]
    happenings: list[HappeningView]
    """Newest first."""
    cursor: int


async def read_month(tx: Transaction, row: BoardRow, period: Period) -> MonthView:
    """All about one month of one firm or branch."""
    cursor = await newest_number(tx)
    key = MonthKey(tenant=row.tenant, branch=row.branch, period=str(period))
    facts = await facts_of(tx, key)
    trouble = await signer_trouble(tx, row.tenant)
    return MonthView(
        row=row,
        signer_trouble=trouble.problem if trouble is not None else None,
        parts=parts_of(facts, await find_tenant(tx, row.tenant)),
        documents=documents_of(facts),
        files=sorted((file_view(file, facts) for file in facts.files), key=newest_first, reverse=True),
        holds=holds_of(facts),
        findings=await read_findings(tx, facts),
        happenings=await _happenings(tx, key),
        cursor=cursor,
    )


def parts_of(facts: MonthFacts, tenant: Tenant | None) -> list[PartView]:
    """A month's parts. Their days are those that their conversion has told; of days that wait for one, those of the
    tenant's master data. The whole month has none. Last come the days of which nothing has come yet."""
    units, steps = units_of(facts), steps_by_part(facts)
    views = []
    for unit in units:
        days = _days_of(unit, facts, tenant)
        own = [step for column, step in steps[unit.part].items() if column is not Column.REPORT]
        views.append(
            PartView(
                part=unit.part,
                slot=unit.slot,
                first_day=days.start if days is not None else None,
                last_day=days.end if days is not None else None,
                is_made=unit.is_made,
                step=worst(own),
                done=sum(step.state is State.DONE for step in own),
            )
        )
    return views + _not_come(units, tenant.spans(Period.parse(facts.key.period)) if tenant is not None else ())


def _not_come(units: Sequence[Unit], spans: Sequence[Span]) -> list[PartView]:
    """The stretches of days of which nothing has come, in a month that comes one by one."""
    slots, taken = {unit.slot for unit in units}, {unit.part for unit in units}
    if WHOLE in slots or not slots:
        return []
    views = []
    for number, span in enumerate(spans, 1):
        slot = f"{number:06}"
        if slot in slots:
            continue
        part = free_part(slot, taken)
        taken.add(part)
        days = {"first_day": span.start, "last_day": span.end}
        views.append(PartView(part=part, slot=slot, is_made=False, step=Step(state=State.EMPTY), done=0, **days))
    return views


def _days_of(unit: Unit, facts: MonthFacts, tenant: Tenant | None) -> Span | Days | None:
    if unit.is_made:
        revisions = {document.revision for document in unit.documents.values()}
        told = (one.days.get(unit.part) for one in facts.conversions if one.revision in revisions)
        return next((days for days in told if days is not None), None) if unit.part != WHOLE else None
    if unit.slot == WHOLE or tenant is None:
        return None
    return dict(enumerate(tenant.spans(Period.parse(facts.key.period)), 1)).get(int(unit.slot))


async def _happenings(tx: Transaction, key: MonthKey) -> list[HappeningView]:
    rows = await tx.session.execute(
        select(HappeningRow.at, HappeningRow.type, HappeningRow.line)
        .where(
            HappeningRow.tenant == key.tenant,
            HappeningRow.period == key.period,
            HappeningRow.branch == (key.branch or ""),
        )
        .order_by(HappeningRow.at.desc(), HappeningRow.event_id)
        .limit(_HAPPENINGS)
    )
    return [HappeningView(at=row.at, type=row.type, line=Text.model_validate(row.line)) for row in rows]


def holds_of(facts: MonthFacts) -> list[HoldView]:
    """What waits in a month, and why: at gates, for something to come true, and after a refusal by GİB."""
    key, units = facts.key, units_of(facts)

    def view(part: str, gate: Gate | None, mark: Mark, *, again: bool) -> HoldView:
        filing = Filing(tenant=key.tenant, period=key.period, part=part, branch=key.branch)
        return HoldView(filing=filing, gate=gate, reason=mark.problem, since=mark.at, again=again)

    views = [view(hold.part, hold.gate, mark, again=False) for hold, mark in open_holds(facts, units)]
    releases = Releases(facts.holds)
    report = live_report(facts)
    filed = [(unit.part, list(unit.documents.values())) for unit in units if unit.is_made]
    for part, documents in [*filed, (WHOLE, [report] if report is not None else [])]:
        refused = newest(*(refusal(document, releases) for document in documents))
        if refused is not None:
            views.append(view(part, "submit", refused, again=True))
    return sorted(views, key=lambda one: (one.filing.part, one.since, one.gate or ""))

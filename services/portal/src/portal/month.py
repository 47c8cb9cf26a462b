"""All about one month: its documents, files, holds, findings and time line."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel
from sqlalchemy import select

from defterhane.db import Transaction
from defterhane.edefter.period import Period
from defterhane.errors import Problem
from defterhane.events import Filing
from defterhane.findings import Finding
from defterhane.tenant import Gate
from defterhane.texts import Text
from portal.board import standing_failures
from portal.documents import DocumentView, documents_of
from portal.dropped import FileView, file_view, newest_first
from portal.facts import Mark, MonthFacts, MonthKey, newest
from portal.feed import newest_number
from portal.holds import open_holds
from portal.listing import BoardRow
from portal.models import HappeningRow
from portal.releases import Releases
from portal.revisions import live_documents
from portal.steps import refusal
from portal.store import facts_of, signer_trouble

_HAPPENINGS: Final = 500
_GROUPS: Final = 20


class HoldView(BaseModel):
    """A filing that waits."""

    filing: Filing
    gate: Gate | None
    """Where a person may let it go on."""
    reason: Problem | None
    since: datetime
    again: bool
    """It was refused there: a release has it tried again."""


class FindingsView(BaseModel):
    """The findings that came with one event."""

    at: datetime
    about: Text
    current: bool
    """False once something newer has taken its place."""
    counts: dict[str, int]
    findings: list[Finding]


class HappeningView(BaseModel):
    """One line of the time line."""

    at: datetime
    type: str
    line: Text


class MonthView(BaseModel):
    """All about one month."""

    row: BoardRow
    signer_trouble: Problem | None
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
        documents=documents_of(facts),
        files=sorted(map(file_view, facts.files), key=newest_first, reverse=True),
        holds=holds_of(facts),
        findings=await _findings(tx, facts),
        happenings=await _happenings(tx, key),
        cursor=cursor,
    )


async def _findings(tx: Transaction, facts: MonthFacts) -> list[FindingsView]:
    key = facts.key
    rows = await tx.session.scalars(
        select(HappeningRow)
        .where(
            HappeningRow.tenant == key.tenant,
            HappeningRow.period == key.period,
            HappeningRow.branch == (key.branch or ""),
            HappeningRow.counts != {},
        )
        .order_by(HappeningRow.at.desc(), HappeningRow.event_id)
        .limit(_GROUPS)
    )
    current = {failure.event for _, failure in standing_failures(facts)}
    for documents in live_documents(facts).values():
        for document in documents.values():
            current |= {mark.event for mark in document.marks.values()}
    return [
        FindingsView(
            at=row.at,
            about=Text.model_validate(row.line),
            current=row.event_id in current,
            counts=row.counts,
            findings=[Finding.model_validate(finding) for finding in row.findings],
        )
        for row in rows
    ]


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
    key, live = facts.key, live_documents(facts)

    def view(part: str, gate: Gate | None, mark: Mark, *, again: bool) -> HoldView:
        filing = Filing(tenant=key.tenant, period=key.period, part=part, branch=key.branch)
        return HoldView(filing=filing, gate=gate, reason=mark.problem, since=mark.at, again=again)

    views = [view(hold.part, hold.gate, mark, again=False) for hold, mark in open_holds(facts, live)]
    releases = Releases(facts.holds)
    for part, documents in live.items():
        refused = newest(*(refusal(document, releases) for document in documents.values()))
        if refused is not None:
            views.append(view(part, "submit", refused, again=True))
    return sorted(views, key=lambda one: (one.filing.part, one.since, one.gate or ""))

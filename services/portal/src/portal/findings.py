"""The findings that came with events: the first of them from the read model, all of them from their reports."""

from collections import Counter
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Select, select

from defterhane.db import Transaction
from defterhane.errors import ObjectDamaged, ObjectMissing
from defterhane.events import ObjectRef
from defterhane.findings import Finding, Severity
from defterhane.log import logger
from defterhane.objects import ObjectStore
from defterhane.reports import read_report
from defterhane.texts import Text
from portal.documents import current_documents
from portal.facts import MonthFacts, MonthKey, Said
from portal.models import HappeningRow
from portal.releases import Releases
from portal.revisions import standing_failures, withdrawn_revisions
from portal.steps import refusal

_log = logger(__name__)

_GROUPS: Final = 20
PAGE: Final = 50
"""Findings that a page shows at once."""


class FindingsView(BaseModel):
    """The findings that came with one event."""

    event: UUID
    at: datetime
    about: Text
    current: bool
    """False once something newer has taken its place."""
    counts: dict[str, int]
    """All of them, by rule."""
    findings: list[Finding]
    """The first of them; in the answer to a request for one event's, up to 1,000."""
    report: ObjectRef | None
    """Where up to 1,000 lie, if they are more than those."""


class FindingsPage(BaseModel):
    """Some of one event's findings, as a page shows them."""

    findings: list[Finding]
    severity: Severity | None
    """The only ones that are shown; None = all."""
    page: int
    last_page: int
    by_severity: dict[Severity, int]
    """Of those that are listed."""
    unlisted: int
    """So many are only counted."""


async def read_findings(tx: Transaction, facts: MonthFacts) -> list[FindingsView]:
    """The newest groups of a month's findings; those that still matter are marked so."""
    rows = await tx.session.scalars(
        _happenings(facts.key).order_by(HappeningRow.at.desc(), HappeningRow.event_id).limit(_GROUPS)
    )
    current = current_events(facts)
    return [_view(row, current=row.event_id in current) for row in rows]


async def read_group(tx: Transaction, facts: MonthFacts, event: UUID) -> FindingsView | None:
    """One event's findings, as far as they came with it; None where the month has no such event."""
    row = await tx.session.scalar(_happenings(facts.key).where(HappeningRow.event_id == event))
    return _view(row, current=event in current_events(facts)) if row is not None else None


async def with_report(objects: ObjectStore, tenant: str, group: FindingsView) -> FindingsView:
    """A group with all findings that are listed anywhere. Where its report cannot be read, it stays as it is."""
    if group.report is None:
        return group
    try:
        findings = await read_report(objects, tenant, group.report)
    except (ObjectMissing, ObjectDamaged, PermissionError) as error:
        _log.error("report.unreadable", tenant=tenant, happening=str(group.event), error=repr(error))
        return group
    return group.model_copy(update={"findings": list(findings)})


def page_of(group: FindingsView, severity: Severity | None, page: int) -> FindingsPage:
    """A page of a group, the last one where there are not so many."""
    chosen = [finding for finding in group.findings if severity in (None, finding.severity)]
    last = max(1, -(-len(chosen) // PAGE))
    page = min(page, last)
    by_severity = Counter(finding.severity for finding in group.findings)
    return FindingsPage(
        findings=chosen[(page - 1) * PAGE : page * PAGE],
        severity=severity,
        page=page,
        last_page=last,
        by_severity={one: by_severity[one] for one in Severity},
        unlisted=max(0, sum(group.counts.values()) - len(group.findings)),
    )


def current_events(facts: MonthFacts) -> set[UUID]:
    """The events whose findings still matter: standing failures, conversions and documents that count."""
    current = {failure.event for _, failure in standing_failures(facts)}
    gone = withdrawn_revisions(facts)
    for conversion in facts.conversions:
        made = conversion.mark(Said.MADE)
        if made is not None and conversion.revision not in gone:
            current.add(made.event)
    releases = Releases(facts.holds)
    for document in current_documents(facts):
        refused = refusal(document, releases)
        current |= {mark.event for said, mark in document.marks.items() if said is not Said.REFUSED or mark == refused}
    return current


def _happenings(key: MonthKey) -> Select[HappeningRow]:
    return select(HappeningRow).where(
        HappeningRow.tenant == key.tenant,
        HappeningRow.period == key.period,
        HappeningRow.branch == (key.branch or ""),
        HappeningRow.counts != {},
    )


def _view(row: HappeningRow, *, current: bool) -> FindingsView:
    return FindingsView(
        event=row.event_id,
        at=row.at,
        about=Text.model_validate(row.line),
        current=current,
        counts=row.counts,
        findings=[Finding.model_validate(finding) for finding in row.findings],
        report=ObjectRef.model_validate(row.report) if row.report else None,
    )

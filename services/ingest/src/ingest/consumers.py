"""Events in: answers and approved berats go into the tenants' outboxes."""

import asyncio
from pathlib import Path

from sqlalchemy import func, select

from defterhane.db import Database, Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from defterhane.errors import ObjectDamaged, ObjectMissing
from defterhane.events import (
    BeratApproved,
    BeratRefused,
    ConversionFailed,
    ConversionMade,
    DocumentRejected,
    Event,
    FileRefused,
    Filing,
    FilingHeld,
    MonthClosed,
    SignatureRefused,
)
from defterhane.house import House
from defterhane.log import logger
from defterhane.reports import read_report
from defterhane.service import Consumer, Received
from defterhane.work import once, work
from ingest.answers import Answer, answer_to
from ingest.models import Delivery, File, State
from ingest.outbox import Outbox, microseconds
from ingest.receiving import mark_failed, mark_rejected
from ingest.spool import Spool, SpoolFile
from ingest.wording import SUPERSEDES

_log = logger(__name__)

ANSWERS = "ingest.answers"
DELIVERIES = "ingest.deliveries"


class Answers:
    """Tells tenants what has become of their files."""

    def __init__(self, house: House, database: Database, spool: Spool) -> None:
        self._house = house
        self._database = database
        self._spool = spool

    def consumer(self) -> Consumer:
        """The queue's reader: one at a time, so that the newest answer stands."""
        events = (
            FileRefused,
            ConversionFailed,
            ConversionMade,
            DocumentRejected,
            SignatureRefused,
            BeratRefused,
            FilingHeld,
        )
        return Consumer(ANSWERS, events, self.handle)

    async def handle(self, received: Received) -> None:
        """Write the answer, once."""
        event = await self._with_all_findings(received.event)
        async with once(self._database, ANSWERS, received) as tx:
            if tx is None:
                return
            await _mark(tx, event)
            answer = answer_to(event, received.envelope.time, await dropped_name(tx, event))
            if answer is not None:
                await asyncio.to_thread(put_answer, self._spool, answer)

    async def _with_all_findings(self, event: Event) -> Event:
        """The event with the findings that its report holds instead of the first of them alone."""
        if not isinstance(event, ConversionFailed | ConversionMade) or event.report is None:
            return event
        try:
            findings = await read_report(self._house.objects, event.tenant, event.report)
        except (ObjectMissing, ObjectDamaged, PermissionError) as error:
            # The tenant is told the first findings rather than nothing; the counts tell that there are more.
            _log.error("report.unreadable", tenant=event.tenant, file=event.file_id, error=repr(error))
            return event
        return event.model_copy(update={"findings": findings})


class Deliveries:
    """Hands approved berats over, and tells when a month is complete."""

    def __init__(self, house: House, database: Database, spool: Spool) -> None:
        self._house = house
        self._database = database
        self._spool = spool

    def consumer(self) -> Consumer:
        """The queue's readers."""
        return Consumer(DELIVERIES, (BeratApproved, MonthClosed), self.handle, concurrency=2)

    async def handle(self, received: Received) -> None:
        """Put the document or the answer into the outbox, once."""
        event = received.event
        if isinstance(event, BeratApproved):
            await self._deliver(received, event)
            return
        async with once(self._database, DELIVERIES, received) as tx:
            if tx is None:
                return
            answer = answer_to(event, received.envelope.time, await dropped_name(tx, event))
            if answer is not None:
                await asyncio.to_thread(put_answer, self._spool, answer)

    async def _deliver(self, received: Received, event: BeratApproved) -> None:
        tenant = event.tenant_id
        name = event.document.name.as_approved.file("xml")
        async with work(self._database, DELIVERIES, received, key=f"delivery/{name}") as job:
            if job is None:
                return
            if not await self._is_delivered(tenant, name, event.object.sha256):
                async with self._house.objects.fetch(tenant, event.object) as path:
                    await asyncio.to_thread(_put, self._spool, tenant, name, path)
            async with job.commit() as tx:
                await tx.session.merge(
                    Delivery(tenant=tenant, name=name, sha256=event.object.sha256, delivered_at=tx.now())
                )
            _log.info("berat.delivered", tenant=tenant, name=name)

    async def _is_delivered(self, tenant: str, name: str, sha256: str) -> bool:
        async with self._database.tenant(tenant) as tx:
            return await tx.session.get(Delivery, (tenant, name, sha256)) is not None


async def _mark(tx: Transaction, event: Event) -> None:
    """Note what an event says of a file: one of which nothing came may be dropped again."""
    if isinstance(event, ConversionFailed):
        await mark_failed(tx, event.file_id)
    elif isinstance(event, DocumentRejected):
        if event.file_id is None:
            await mark_rejected(tx, event.document)
        elif event.document.kind is not DocumentKind.REPORT:  # by then the month's berats may be with GİB
            await mark_failed(tx, event.file_id)


async def dropped_name(tx: Transaction, event: Event) -> str | None:
    """The name of the file that an event is about, as far as this drop box knows: the very file where the event names
    it, else the newest that came for the part, else for the month."""
    filing = _filing(event)
    if filing is None:
        return None
    if isinstance(event, DocumentRejected) and event.file_id is not None:
        very = select(File.name).where(File.tenant == filing.tenant, File.id == event.file_id)
        name: str | None = await tx.session.scalar(very)
        return name
    of_part = func.coalesce(File.part, WHOLE) == filing.part
    newest: str | None = await tx.session.scalar(
        select(File.name)
        .where(
            File.tenant == filing.tenant,
            File.period == filing.period,
            File.branch.is_not_distinct_from(filing.branch),
            File.state.in_((State.RECEIVED, State.FAILED)),
        )
        .order_by(of_part.desc(), File.received_at.desc())
        .limit(1)
    )
    return newest


def put_answer(spool: Spool, answer: Answer) -> None:
    """Put an answer's files into the tenant's outbox, and take back what it has made untrue; blocks on the disk.

    Files carry the time of what they tell. An answer that comes late, after a newer one that speaks against it, is not
    put there at all.
    """
    with Outbox(spool, answer.tenant) as outbox:
        standing = [(file, told) for file in outbox.files() if (told := answer.outcome_in(file.name)) is not None]
        newer = {file.name for file, _ in standing if round(file.modified * 1_000_000) > microseconds(answer.at)}
        for file, told in standing:
            if file.name in newer and (answer.outcome in SUPERSEDES.get(told, ()) or _is_of(answer, file)):
                return
        files = dict(answer.files())
        for name, content in files.items():
            outbox.deliver(name, content, answer.at)
        for file, told in standing:
            untrue = told in answer.makes_untrue or _is_of(answer, file)
            if untrue and file.name not in newer | files.keys():
                outbox.remove(file.name)


def _is_of(answer: Answer, file: SpoolFile) -> bool:
    """Whether it is a file of the same answer, given earlier."""
    return file.name.startswith(f"{answer.name}.")


def _put(spool: Spool, tenant: str, name: str, path: Path) -> None:
    with Outbox(spool, tenant) as outbox:
        outbox.deliver(name, path)


def _filing(event: Event) -> Filing | None:
    match event:
        case DocumentRejected() | BeratRefused():
            return event.document.filing
        case SignatureRefused():
            return event.document.filing if event.document is not None else None
        case FilingHeld() | MonthClosed():
            return event.filing
    return None

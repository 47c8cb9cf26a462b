"""Events in: answers and approved berats go into the tenants' outboxes."""

import asyncio
from pathlib import Path

from sqlalchemy import select

from defterhane.db import Database, Transaction
from defterhane.events import (
    BeratApproved,
    BeratRefused,
    ConversionFailed,
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
from defterhane.service import Consumer, Received
from defterhane.work import once, work
from ingest.answers import Answer, answer_to
from ingest.models import Delivery, File, State
from ingest.outbox import Outbox
from ingest.receiving import mark_failed, mark_rejected
from ingest.spool import Spool

_log = logger(__name__)

ANSWERS = "ingest.answers"
DELIVERIES = "ingest.deliveries"


class Answers:
    """Tells tenants what has become of their files."""

    def __init__(self, database: Database, spool: Spool) -> None:
        self._database = database
        self._spool = spool

    def consumer(self) -> Consumer:
        """The queue's reader: one at a time, so that the newest answer stands."""
        events = (FileRefused, ConversionFailed, DocumentRejected, SignatureRefused, BeratRefused, FilingHeld)
        return Consumer(ANSWERS, events, self.handle)

    async def handle(self, received: Received) -> None:
        """Write the answer, once."""
        async with once(self._database, ANSWERS, received) as tx:
            if tx is None:
                return
            if isinstance(received.event, ConversionFailed):
                await mark_failed(tx, received.event.file_id)
            elif isinstance(received.event, DocumentRejected):
                await mark_rejected(tx, received.event.document)
            answer = answer_to(received.event, received.envelope.time, await dropped_name(tx, received.event))
            if answer is not None:
                await asyncio.to_thread(put_answer, self._spool, answer)


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


async def dropped_name(tx: Transaction, event: Event) -> str | None:
    """The name of the file that an event's month came in, as far as this drop box knows."""
    filing = _filing(event)
    if filing is None:
        return None
    found: str | None = await tx.session.scalar(
        select(File.name)
        .where(
            File.tenant == filing.tenant,
            File.period == filing.period,
            File.branch.is_not_distinct_from(filing.branch),
            File.state.in_((State.RECEIVED, State.FAILED)),
        )
        .order_by(File.received_at.desc())
        .limit(1)
    )
    return found


def put_answer(spool: Spool, answer: Answer) -> None:
    """Put an answer's files into the tenant's outbox; blocks on the disk."""
    with Outbox(spool, answer.tenant) as outbox:
        for name, content in answer.files():
            outbox.deliver(name, content)


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

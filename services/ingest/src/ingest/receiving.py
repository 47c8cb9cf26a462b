"""Taking a file in: stored once, recorded and told in one transaction, and only then removed from the inbox.

Killed anywhere in between, the next look at the inbox finds the file again and knows by its mark whether it has been
recorded.
"""

import asyncio

from prometheus_client import Counter
from sqlalchemy import Select, or_, select, update

from defterhane.db import Database, Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import DropName
from defterhane.edefter.period import Period
from defterhane.events import Document, FileReceived, FileRefused, ObjectRef
from defterhane.house import House
from defterhane.log import logger
from defterhane.telemetry import span
from defterhane.tenancy import get_tenant
from ingest.answers import receipt
from ingest.errors import DropRefused, Duplicate, Unfinished
from ingest.inbox import Held
from ingest.intake import check_size, local_time, read_name
from ingest.models import File, State
from ingest.outbox import Outbox
from ingest.settings import IngestSettings
from ingest.spool import Spool

_log = logger(__name__)

FILES = Counter("defterhane_ingest_files_total", "Files taken from inboxes, by how they stand", ["state"])


class Receiver:
    """Takes files in."""

    def __init__(self, house: House, settings: IngestSettings, database: Database, spool: Spool) -> None:
        self._house = house
        self._settings = settings
        self._database = database
        self._spool = spool
        self._earliest = Period.parse(settings.earliest_period)

    async def take(self, tenant: str, held: Held, problem: DropRefused | None) -> None:
        """Take one file in, or refuse it; `problem` is what is known to be wrong with its content.

        Raises:
            UnknownTenant: there is no such tenant (any more); the file stays.
        """
        with span("ingest.file", tenant=tenant):
            row = await self._find(tenant, held.file.mark)
            if row is None:
                row = await self._record(tenant, held, problem)
                FILES.labels(row.state).inc()
            if row.state != State.REFUSED:
                await asyncio.to_thread(self._give_receipt, row)
            await asyncio.to_thread(held.remove)

    async def _find(self, tenant: str, mark: str) -> File | None:
        async with self._database.tenant(tenant) as tx:
            found: File | None = await tx.session.scalar(select(File).where(File.tenant == tenant, File.mark == mark))
            return found

    async def _record(self, tenant: str, held: Held, problem: DropRefused | None) -> File:
        file = held.file
        reference = None
        if 0 < file.size <= self._settings.file_bytes and not isinstance(problem, Unfinished):
            reference = await self._house.objects.put_file(tenant, held.path)
        async with self._database.tenant(tenant) as tx:
            row = File(
                id=self._house.new_id(),
                tenant=tenant,
                name=file.name,
                mark=file.mark,
                size=file.size,
                sha256=reference.sha256 if reference else None,
                uri=reference.uri if reference else None,
                state=State.RECEIVED,
                received_at=tx.now(),
            )
            try:
                drop = await self._check(tx, row, problem)
            except DropRefused as refusal:
                await self._refuse(tx, row, reference, refusal)
            else:
                assert reference is not None
                await self._receive(tx, row, reference, drop)
            return row

    async def _check(self, tx: Transaction, row: File, problem: DropRefused | None) -> DropName:
        if isinstance(problem, Unfinished):
            raise problem
        check_size(row.size, self._settings.file_bytes)
        tenant = await get_tenant(tx, row.tenant)
        drop = read_name(row.name, tenant, local_time(tx.now()).date(), self._earliest)
        row.period, row.branch, row.part = str(drop.period), drop.branch, drop.part
        if problem is not None:
            raise problem
        same = await tx.session.scalar(_standing(row).where(File.sha256 == row.sha256))
        if same is not None:
            raise Duplicate(received=f"{local_time(same.received_at):%d.%m.%Y %H:%M}", name=same.name)
        return drop

    async def _receive(self, tx: Transaction, row: File, reference: ObjectRef, drop: DropName) -> None:
        before = await tx.session.scalars(_standing(row))
        for other in before:
            other.state = State.REPLACED
        await tx.session.flush()
        tx.session.add(row)
        await tx.publish(
            FileReceived(
                tenant=row.tenant,
                file_id=str(row.id),
                name=row.name,
                period=str(drop.period),
                branch=drop.branch,
                part=drop.part,
                object=reference,
            )
        )
        _log.info("file.received", tenant=row.tenant, file=str(row.id), name=row.name, size=row.size)

    async def _refuse(self, tx: Transaction, row: File, reference: ObjectRef | None, refusal: DropRefused) -> None:
        row.state = State.REFUSED
        row.problem = refusal.problem.model_dump(mode="json")
        tx.session.add(row)
        await tx.publish(
            FileRefused(
                tenant=row.tenant,
                file_id=str(row.id),
                name=row.name,
                problem=refusal.problem,
                object=reference,
            )
        )
        _log.info("file.refused", tenant=row.tenant, file=str(row.id), name=row.name, key=refusal.key)

    def _give_receipt(self, row: File) -> None:
        with Outbox(self._spool, row.tenant) as outbox:
            for name, content in receipt(row).files():
                outbox.deliver(name, content)


async def mark_failed(tx: Transaction, file_id: str) -> None:
    """A file could not be converted: the very same file may be dropped again, as master data may have changed."""
    await tx.session.execute(
        update(File).where(File.id == file_id, File.state == State.RECEIVED).values(state=State.FAILED)
    )


async def mark_rejected(tx: Transaction, document: Document) -> None:
    """A document made of a month's file is not valid: the file no longer stands for its month, or for that part.

    Unless it is the report: by then the month's berats have been signed, and may be with GİB.
    """
    if document.kind is DocumentKind.REPORT:
        return
    filing = document.filing
    await tx.session.execute(
        update(File)
        .where(
            File.tenant == filing.tenant,
            File.period == filing.period,
            File.branch.is_not_distinct_from(filing.branch),
            or_(File.part.is_(None), File.part == filing.part),
            File.state == State.RECEIVED,
        )
        .values(state=State.FAILED)
    )


def _standing(row: File) -> Select[File]:
    return select(File).where(
        File.tenant == row.tenant,
        File.period == row.period,
        File.branch.is_not_distinct_from(row.branch),
        File.part.is_not_distinct_from(row.part),
        File.state == State.RECEIVED,
    )

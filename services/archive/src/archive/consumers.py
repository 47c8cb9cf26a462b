"""What the archive does with events: keep what GİB has approved, close months that are whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import insert

from archive.closing import Piece, is_complete
from archive.errors import NotSignedYet
from archive.manifest import Kept, manifest_bytes
from archive.models import File, Month, Signed, Withdrawal
from archive.store import ArchiveStore
from defterhane.db import Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.period import FiscalYear
from defterhane.events import (
    BeratApproved,
    ConversionWithdrawn,
    Document,
    DocumentArchived,
    DocumentSigned,
    Filing,
    MonthClosed,
    ObjectRef,
    ReportAccepted,
)
from defterhane.house import House
from defterhane.service import Received
from defterhane.tenancy import get_tenant
from defterhane.work import once, work

DOCUMENTS = "archive.documents"


@dataclass(frozen=True, slots=True)
class _Item:
    """A file to archive."""

    document: Document
    object: ObjectRef
    approved: bool

    @property
    def file_name(self) -> str:
        name = self.document.name
        return (name.as_approved if self.approved else name).file("xml")


class Archivist:
    """Handles the archive's events."""

    def __init__(self, house: House, store: ArchiveStore) -> None:
        self._house = house
        self._database = house.database("archive")
        self._store = store

    async def handle(self, received: Received) -> None:
        """A signature is noted; an approval archives what it approves; a withdrawal may let a month close."""
        event = received.event
        if isinstance(event, DocumentSigned):
            await self._note(received, event)
        elif isinstance(event, ConversionWithdrawn):
            await self._withdraw(received, event)
        elif isinstance(event, BeratApproved | ReportAccepted):
            await self._archive(received, event)

    async def _note(self, received: Received, event: DocumentSigned) -> None:
        document = event.document
        async with once(self._database, DOCUMENTS, received) as tx:
            if tx is None:
                return
            values = {
                "tenant": document.filing.tenant,
                "name": str(document.name),
                "revision": document.revision,
                "month_key": document.filing.month_key,
                "document": document.model_dump(mode="json"),
                "object": event.object.model_dump(mode="json"),
            }
            await tx.session.execute(insert(Signed).values(values).on_conflict_do_nothing())

    async def _withdraw(self, received: Received, event: ConversionWithdrawn) -> None:
        filing = event.filing
        async with work(self._database, DOCUMENTS, received, key=filing.month_key) as job:
            if job is None:
                return
            async with job.commit() as tx:
                values = {"tenant": filing.tenant, "month_key": filing.month_key, "revision": event.revision}
                await tx.session.execute(insert(Withdrawal).values(values).on_conflict_do_nothing())
                await self._close(tx, filing)

    async def _archive(self, received: Received, event: BeratApproved | ReportAccepted) -> None:
        filing = event.document.filing
        async with work(self._database, DOCUMENTS, received, key=filing.month_key) as job:
            if job is None:
                return
            async with self._database.tenant(filing.tenant) as tx:
                year = (await get_tenant(tx, filing.tenant)).fiscal_year(filing.month)
                items = await _items(tx, event)
            for item in items:
                async with self._house.objects.fetch(filing.tenant, item.object) as path:
                    await self._store.keep(_path(item, year), path, item.object.sha256)
            async with job.commit() as tx:
                for item in items:
                    await self._record(tx, item, year)
                await self._close(tx, filing)

    async def _record(self, tx: Transaction, item: _Item, year: FiscalYear) -> None:
        path = _path(item, year)
        document, filing = item.document, item.document.filing
        inserted = await tx.session.execute(
            insert(File)
            .values(
                tenant=filing.tenant,
                path=path,
                month_key=filing.month_key,
                name=item.file_name,
                kind=document.kind.value,
                part=filing.part,
                revision=document.revision,
                approved=item.approved,
                sha256=item.object.sha256,
                size=item.object.size,
                archived_at=tx.now(),
            )
            .on_conflict_do_nothing()
            .returning(File.path)
        )
        if inserted.first() is not None:
            archived = DocumentArchived(document=document, approved=item.approved, path=path, object=item.object)
            await tx.publish(archived)

    async def _close(self, tx: Transaction, filing: Filing) -> None:
        """Close a month that is whole, once."""
        mine = filing.tenant, filing.month_key
        files = (await tx.session.scalars(select(File).where(*_of_month(File, filing)))).all()
        if not await _is_whole(tx, filing, files) or await tx.session.get(Month, mine) is not None:
            return
        kept = [Kept(file.name, file.sha256, file.size) for file in files]
        manifest = manifest_bytes(filing.tenant, filing.period, filing.branch, kept)
        suffix = f"-{filing.branch}" if filing.branch else ""
        folder = files[0].path.rpartition("/")[0]
        path = f"{folder}/{filing.tenant}-{filing.month.compact}{suffix}-manifest.json"
        await self._store.keep_bytes(path, manifest)
        reference = await self._house.objects.put_bytes(filing.tenant, manifest)
        tx.session.add(
            Month(
                tenant=filing.tenant,
                month_key=filing.month_key,
                manifest_path=path,
                manifest_sha256=reference.sha256,
                closed_at=tx.now(),
            )
        )
        month = Filing(tenant=filing.tenant, period=filing.period, branch=filing.branch)
        await tx.publish(MonthClosed(filing=month, documents=tuple(sorted(one.name for one in kept))))


async def _is_whole(tx: Transaction, filing: Filing, files: Sequence[File]) -> bool:
    signed = await tx.session.scalars(select(Signed).where(*_of_month(Signed, filing)))
    withdrawn = await tx.session.scalars(select(Withdrawal.revision).where(*_of_month(Withdrawal, filing)))
    documents = [Document.model_validate(row.document) for row in signed]
    return is_complete(
        [(Piece(DocumentKind(file.kind), file.part, file.revision), file.approved) for file in files],
        [Piece(document.kind, document.filing.part, document.revision) for document in documents],
        withdrawn.all(),
    )


def _of_month(table: type[File | Signed | Withdrawal], filing: Filing) -> tuple[ColumnElement[bool], ...]:
    return table.tenant == filing.tenant, table.month_key == filing.month_key


async def _items(tx: Transaction, event: BeratApproved | ReportAccepted) -> list[_Item]:
    """What an approval puts into the archive: the berat, its ledger and GİB's copy; or the report."""
    document = event.document
    kinds = [document.kind] if isinstance(event, ReportAccepted) else [document.kind.book, document.kind]
    items = []
    for kind in kinds:
        wanted = document.model_copy(update={"kind": kind})
        key = (document.filing.tenant, str(wanted.name), document.revision)
        row = await tx.session.get(Signed, key)
        if row is None:
            raise NotSignedYet(name=wanted.name)
        items.append(_Item(Document.model_validate(row.document), ObjectRef.model_validate(row.object), approved=False))
    if isinstance(event, BeratApproved):
        items.append(_Item(document, event.object, approved=True))
    return items


def _path(item: _Item, year: FiscalYear) -> str:
    return f"{item.document.name.folder(year)}/{item.file_name}"

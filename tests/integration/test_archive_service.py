"""The archive keeps what GİB has approved, once, and closes whole months."""

from pathlib import Path

import pytest
from sqlalchemy import text

from archive.consumers import Archivist
from archive.errors import NotSignedYet
from archive.export import export_tree
from archive.store import ArchiveStore
from defterhane.edefter.kinds import DocumentKind
from defterhane.events import (
    BeratApproved,
    DocumentArchived,
    DocumentSigned,
    Envelope,
    Event,
    MonthClosed,
    ReportAccepted,
)
from defterhane.house import House
from defterhane.objects import open_backend
from defterhane.tenancy import put_tenant
from support.events import FIRM, OTHER_FIRM, document, received
from support.tenants import tenant

pytestmark = pytest.mark.postgres


@pytest.fixture
async def store(house: House, tmp_path: Path) -> ArchiveStore:
    async with house.database("tenancy").tenant(FIRM) as tx:
        await put_tenant(tx, tenant(FIRM))
    return ArchiveStore(open_backend(house.settings, (tmp_path / "archive").as_uri()))


async def signed(house: House, kind: DocumentKind) -> DocumentSigned:
    stored = await house.objects.put_bytes(FIRM, f"signed {kind}".encode())
    return DocumentSigned(
        document=document(kind),
        object=stored,
        signature_value="AA==",
        signing_time=house.clock(),
        certificate_sha256="0" * 64,
    )


async def approved(house: House, kind: DocumentKind) -> BeratApproved:
    stored = await house.objects.put_bytes(FIRM, f"approved {kind}".encode())
    return BeratApproved(document=document(kind), object=stored)


async def a_month(house: House) -> list[Event]:
    events: list[Event] = [await signed(house, kind) for kind in DocumentKind]
    events += [await approved(house, kind) for kind in DocumentKind if kind.is_berat]
    return [*events, ReportAccepted(document=document(DocumentKind.REPORT), answer="ok")]


async def published(house: House) -> list[Event]:
    async with house.database("archive").system() as tx:
        rows = await tx.session.scalars(text("SELECT envelope FROM archive.outbox ORDER BY id"))
        return [Envelope.model_validate_json(row).event for row in rows]


async def test_a_month_is_archived_and_closed_once(house: House, store: ArchiveStore, tmp_path: Path) -> None:
    archivist = Archivist(house, store)
    for event in await a_month(house):
        delivery = received(event)
        await archivist.handle(delivery)
        await archivist.handle(delivery)  # the same delivery again
        await archivist.handle(received(event))  # the same news in another event
    events = await published(house)
    archived = [event for event in events if isinstance(event, DocumentArchived)]
    assert len(archived) == 7
    assert [event for event in events if isinstance(event, MonthClosed)] == events[-1:]
    assert len(events[-1].documents) == 7

    exported = await export_tree(house.database("archive"), store, FIRM, tmp_path / "export")
    folder = tmp_path / "export" / FIRM / "01.01.2025-31.12.2025" / "01"
    assert {one.path.parent for one in exported} == {folder}
    names = {one.path.name for one in exported}
    assert {f"{FIRM}-202501-Y-000000.xml", f"GIB-{FIRM}-202501-KB-000000.xml"} <= names
    assert {"yevmiye.xslt", "kebir.xslt", "berat.xslt", "defterraporu.xslt"} <= names
    assert f"{FIRM}-202501-manifest.json" in names


async def test_nothing_is_archived_before_it_is_approved(house: House, store: ArchiveStore) -> None:
    archivist = Archivist(house, store)
    for kind in DocumentKind:
        await archivist.handle(received(await signed(house, kind)))
    assert await published(house) == []


async def test_an_approval_that_overtakes_the_signature_waits(house: House, store: ArchiveStore) -> None:
    archivist = Archivist(house, store)
    approval = received(await approved(house, DocumentKind.JOURNAL_BERAT))
    with pytest.raises(NotSignedYet):
        await archivist.handle(approval)
    for kind in (DocumentKind.JOURNAL, DocumentKind.JOURNAL_BERAT):
        await archivist.handle(received(await signed(house, kind)))
    await archivist.handle(approval)
    assert len(await published(house)) == 3


async def test_another_tenant_sees_nothing_of_it(house: House, store: ArchiveStore, tmp_path: Path) -> None:
    archivist = Archivist(house, store)
    for event in await a_month(house):
        await archivist.handle(received(event))
    assert await export_tree(house.database("archive"), store, OTHER_FIRM, tmp_path / "export") == []

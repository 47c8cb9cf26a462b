"""The archive keeps what GİB has approved, once, and closes whole months."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from archive.consumers import Archivist
from archive.errors import NotSignedYet
from archive.export import export_tree
from archive.store import ArchiveStore
from defterhane.edefter.kinds import DocumentKind
from defterhane.errors import Problem
from defterhane.events import (
    BeratApproved,
    ConversionWithdrawn,
    Document,
    DocumentArchived,
    DocumentSigned,
    Envelope,
    Event,
    Filing,
    MonthClosed,
    ReportAccepted,
)
from defterhane.house import House
from defterhane.objects import open_backend
from defterhane.tenancy import put_tenant
from defterhane.texts import Text
from support.events import FIRM, OTHER_FIRM, document, received
from support.tenants import tenant

pytestmark = pytest.mark.postgres

DR = DocumentKind.REPORT
BOOKS = [kind for kind in DocumentKind if kind is not DR]
P1, P2, P3 = "000001", "000002", "000003"


@pytest.fixture
async def store(house: House, tmp_path: Path) -> ArchiveStore:
    async with house.database("tenancy").tenant(FIRM) as tx:
        await put_tenant(tx, tenant(FIRM))
    return ArchiveStore(open_backend(house.settings, (tmp_path / "archive").as_uri()))


def of(kind: DocumentKind, part: str = "000000", revision: int = 1, branch: str | None = None) -> Document:
    made = document(kind)
    filing = made.filing.model_copy(update={"part": "000000" if kind is DR else part, "branch": branch})
    return made.model_copy(update={"filing": filing, "revision": revision})


async def signed(house: House, kind: DocumentKind, **where: Any) -> DocumentSigned:
    stored = await house.objects.put_bytes(FIRM, f"signed {kind} {where}".encode())
    return DocumentSigned(
        document=of(kind, **where),
        object=stored,
        signature_value="AA==",
        signing_time=house.clock(),
        certificate_sha256="0" * 64,
    )


async def approved(house: House, kind: DocumentKind, **where: Any) -> BeratApproved:
    stored = await house.objects.put_bytes(FIRM, f"approved {kind} {where}".encode())
    return BeratApproved(document=of(kind, **where), object=stored)


async def all_signed(house: House, *parts: str, **where: Any) -> list[Event]:
    return [await signed(house, kind, part=part, **where) for part in parts for kind in BOOKS]


async def all_approved(house: House, *parts: str, **where: Any) -> list[Event]:
    return [await approved(house, kind, part=part, **where) for part in parts for kind in BOOKS if kind.is_berat]


def accepted(**where: Any) -> ReportAccepted:
    return ReportAccepted(document=of(DR, **where), answer="ok")


def withdrawn(revision: int, branch: str | None = None) -> ConversionWithdrawn:
    problem = Problem(key="month.replaced", text=Text(tr="Yeni dosya geldi.", en="A new file has come."))
    filing = Filing(tenant=FIRM, period="2025-01", branch=branch)
    return ConversionWithdrawn(
        filing=filing, file_id="f", name="f.zip", revision=revision, parts=("000000",), reason=problem
    )


async def a_month(house: House) -> list[Event]:
    events = [*await all_signed(house, "000000"), await signed(house, DR)]
    return [*events, *await all_approved(house, "000000"), accepted()]


async def handle(archivist: Archivist, *events: Event) -> None:
    for event in events:
        await archivist.handle(received(event))


async def closed(house: House) -> list[MonthClosed]:
    return [event for event in await published(house) if isinstance(event, MonthClosed)]


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


async def test_parts_of_several_drops_close_with_the_report(house: House, store: ArchiveStore) -> None:
    archivist = Archivist(house, store)
    await handle(archivist, *await all_signed(house, P1), *await all_approved(house, P1))
    await handle(archivist, *await all_signed(house, P2, revision=2), *await all_approved(house, P2, revision=2))
    assert await closed(house) == []
    last = {"revision": 3}
    await handle(archivist, *await all_signed(house, P3, **last), await signed(house, DR, **last), accepted(**last))
    assert await closed(house) == [], "the report is accepted, the last part not yet approved"
    await handle(archivist, *await all_approved(house, P3, **last))
    (event,) = await closed(house)
    assert len(event.documents) == 19


async def test_a_month_that_was_made_anew_in_fewer_parts_closes(house: House, store: ArchiveStore) -> None:
    archivist = Archivist(house, store)
    await handle(archivist, *await all_signed(house, P1, P2, P3), await signed(house, DR), withdrawn(1))
    again = {"revision": 2}
    await handle(archivist, *await all_signed(house, P1, P2, **again), await signed(house, DR, **again))
    await handle(archivist, *await all_approved(house, P1, P2, **again), accepted(**again))
    (event,) = await closed(house)
    assert len(event.documents) == 13
    archived = [event for event in await published(house) if isinstance(event, DocumentArchived)]
    assert {event.document.revision for event in archived} == {2}


async def test_what_is_approved_all_the_same_is_archived_and_closes(
    house: House, store: ArchiveStore, tmp_path: Path
) -> None:
    """The newer revision, signed meanwhile, is withdrawn last: that closes the month."""
    archivist = Archivist(house, store)
    await handle(archivist, *await all_signed(house, P1), await signed(house, DR), withdrawn(1))
    again = {"revision": 2}
    await handle(archivist, *await all_signed(house, P1, P2, **again), await signed(house, DR, **again))
    await handle(archivist, *await all_approved(house, P1), accepted())
    assert await closed(house) == []
    delivery = received(withdrawn(2))
    await archivist.handle(delivery)
    await archivist.handle(delivery)
    await handle(archivist, withdrawn(2))
    (event,) = await closed(house)
    assert len(event.documents) == 7
    exported = await export_tree(house.database("archive"), store, FIRM, tmp_path / "export")
    (journal,) = [one.path for one in exported if one.path.name == f"{FIRM}-202501-Y-{P1}.xml"]
    assert journal.read_bytes() == b"signed Y {'part': '000001'}"


async def test_a_withdrawal_is_of_one_branch(house: House, store: ArchiveStore) -> None:
    archivist = Archivist(house, store)
    where = {"branch": "0001"}
    events = [*await all_signed(house, "000000", **where), await signed(house, DR, **where)]
    await handle(archivist, *events, *await all_signed(house, P1), withdrawn(1))
    await handle(archivist, *await all_approved(house, "000000", **where), accepted(**where))
    (event,) = await closed(house)
    assert event.filing.branch == "0001"
    assert all(name.removesuffix(".xml").endswith("-0001") for name in event.documents)

"""The converter at work: real Postgres, real objects, real child processes; killed and taken over, too."""

import asyncio
import base64
import hashlib
import json
import os
import random
import re
import signal
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import text

from converter.app import build
from converter.consumers import BERATS, FILES, REJECTED, RELEASES, SIGNED
from converter.convert import convert_drop
from converter.errors import DocumentUnknown
from converter.settings import ConverterSettings
from defterhane.bus.relay import Relay
from defterhane.bus.topology import queue_named
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.period import Period
from defterhane.errors import Busy, Problem, TryLater
from defterhane.events import (
    BeratApproved,
    BeratRefused,
    BeratSent,
    ConversionFailed,
    ConversionMade,
    ConversionRequested,
    ConversionWithdrawn,
    Document,
    DocumentRejected,
    DocumentSigned,
    DocumentWritten,
    Envelope,
    Event,
    FileReceived,
    FilingHeld,
    FilingReleased,
    ObjectRef,
)
from defterhane.host import open_bus
from defterhane.house import House
from defterhane.pools import ProcessPool
from defterhane.service import Received
from defterhane.tenancy import put_tenant
from defterhane.tenant import Branch, Opening
from defterhane.texts import Text
from sandbox.samples import write_sample
from support.books import MINIMAL_SIGNATURE, headers
from support.events import FIRM, OTHER_FIRM, received
from support.exports import CREATED, SOURCE_APPLICATION, Row, entry, job, written
from support.fleet import Fleet
from support.tenants import tenant
from validator.check import check_document

pytestmark = pytest.mark.postgres

EventT = TypeVar("EventT", bound=Event)

Y, K = DocumentKind.JOURNAL, DocumentKind.LEDGER
YB, KB, DR = DocumentKind.JOURNAL_BERAT, DocumentKind.LEDGER_BERAT, DocumentKind.REPORT
GOOD = [*entry(1), *entry(2)]
BETTER = [*entry(1), *entry(2), *entry(3)]
_QUEUES = (FILES, RELEASES, SIGNED, REJECTED, BERATS)
SIGNATURE = base64.b64encode(b"a signature" * 20).decode()


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[ProcessPool]:
    """Child processes for all tests here: starting one takes longer than they do."""
    made = ProcessPool(2)
    yield made
    await made.close()


@dataclass
class World:
    """A converter, and all that it is told and says."""

    house: House
    tmp_path: Path
    today: datetime = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
    released: int = 0

    def handler(self, queue: str, house: House | None = None, **settings: Any) -> Any:
        values = {**self.house.settings.model_dump(), **settings}
        service = build(house or self.house, ConverterSettings.model_validate(values))
        return next(consumer.handle for consumer in service.consumers if consumer.name == queue)

    async def tell(self, event: Event, **settings: Any) -> Received:
        """Hand an event to whom the topology gives it."""
        message = received(event)
        await self.tell_again(message, **settings)
        return message

    async def tell_again(self, message: Received, **settings: Any) -> None:
        queue = next(name for name in _QUEUES if type(message.event) in queue_named(name).events)
        await self.handler(queue, **settings)(message)

    async def file(
        self, data: Iterable[Row] | bytes, period: str = "2025-01", asked_for: bool = False, **changes: Any
    ) -> FileReceived | ConversionRequested:
        content = data if isinstance(data, bytes) else written(data).encode()
        values: dict[str, Any] = {
            "tenant": FIRM,
            "file_id": uuid4().hex,
            "name": f"{FIRM}-{period.replace('-', '')}.csv",
            "period": period,
            "object": await self.house.objects.put_bytes(changes.get("tenant", FIRM), content),
            **changes,
        }
        return ConversionRequested(**values) if asked_for else FileReceived(**values)

    async def events(self) -> list[Event]:
        async with self.house.database("converter").system() as tx:
            rows = await tx.session.scalars(text("SELECT envelope FROM converter.outbox ORDER BY id"))
            return [Envelope.model_validate_json(row).event for row in rows]

    async def written(self) -> list[DocumentWritten]:
        return [event for event in await self.events() if isinstance(event, DocumentWritten)]

    async def last(self) -> Event:
        return (await self.events())[-1]

    async def failed(self) -> str:
        event = await self.last()
        assert isinstance(event, ConversionFailed), event
        return event.findings[0].rule

    async def read(self, event: DocumentWritten) -> bytes:
        return await self.house.objects.read(event.tenant_id, event.object)

    async def sign(self, event: DocumentWritten) -> DocumentSigned:
        """What the signer says, with a file that is longer by a signature."""
        data = (await self.read(event)).decode()
        at = data.rindex("</edefter:")
        signed = (data[:at] + MINIMAL_SIGNATURE + data[at:]).encode()
        return DocumentSigned(
            document=event.document,
            object=await self.house.objects.put_bytes(event.tenant_id, signed),
            signature_value=SIGNATURE,
            signing_time=self.today,
            certificate_sha256="0" * 64,
        )

    async def reject(self, event: DocumentWritten) -> Received:
        """What the validator says of a document that is not valid."""
        return await self.tell(
            DocumentRejected(document=event.document, object=event.object, findings=(), counts={"Y001": 1})
        )

    async def conversions(self) -> list[tuple[str, str, int]]:
        """Period, state and revision of each conversion."""
        found = await self.rows("SELECT period, state, revision FROM converter.conversion ORDER BY 1, 3, 2")
        return [(row.period, row.state, row.revision) for row in found]

    async def numbers(self) -> dict[str, tuple[int, ...]]:
        """The last numbers of each month that counts."""
        found = await self.rows(
            "SELECT period, end_numbers FROM converter.conversion WHERE state = 'made' ORDER BY part"
        )
        order = ("entry", "line", "journal", "ledger", "report")
        return {period: tuple(numbers[name] for name in order) for period, numbers in found}

    async def of(self, kind: type[EventT]) -> list[EventT]:
        """All events of a type."""
        return [event for event in await self.events() if isinstance(event, kind)]

    async def release_all(self) -> None:
        """Tell the converter of every release that it has published, each once, until it publishes no more."""
        while self.released < len(found := await self.of(FilingReleased)):
            self.released += 1
            await self.tell(found[self.released - 1])

    async def say(
        self,
        kind: type[BeratSent] | type[BeratApproved] | type[BeratRefused],
        *about: DocumentWritten,
        key: str = "gib.rejected",
    ) -> None:
        """What the gateway says of documents."""
        text = Text(tr="Geçersiz", en="Not valid")
        for one in about:
            document: dict[str, Any] = {"document": one.document}
            if kind is BeratSent:
                await self.tell(BeratSent(**document, package="P", answer="kuyrukta"))
            elif kind is BeratApproved:
                await self.tell(BeratApproved(**document, object=one.object))
            else:
                await self.tell(BeratRefused(**document, problem=Problem(key=key, text=text)))

    async def sign_all(self, done: int = 0) -> list[DocumentWritten]:
        """Sign one after the other until nothing more is written; returns all that was written, in order."""
        while done < len(found := await self.written()):
            await self.tell(await self.sign(found[done]))
            done += 1
        return found

    async def rows(self, statement: str) -> list[Any]:
        async with self.house.database("converter").system() as tx:
            return list(await tx.session.execute(text(statement)))


@pytest.fixture
async def world(house: House, pool: ProcessPool, tmp_path: Path) -> World:
    made = World(house, tmp_path)
    made.house = replace(house, pool=pool, clock=lambda: made.today)
    await put(made)
    return made


async def put(world: World, **changes: Any) -> None:
    async with world.house.database("tenancy").tenant(FIRM) as tx:
        await put_tenant(tx, tenant(FIRM, **changes))


def kinds(events: list[DocumentWritten]) -> list[DocumentKind]:
    return [event.document.kind for event in events]


async def test_a_file_becomes_a_journal_and_then_all_else(world: World) -> None:
    sample = world.tmp_path / "x.zip"
    write_sample(sample, tax_id=FIRM, period=Period(2025, 1), lines=300, seed=5)
    event = await world.file(sample.read_bytes(), name=f"{FIRM}-202501.zip")
    await world.tell(event)
    (journal,) = await world.written()
    assert (journal.document.kind, journal.document.unique_id, journal.document.revision) == (Y, "YEV202501000001", 1)
    assert journal.file_id == event.file_id
    found = await world.sign_all()
    assert kinds(found) == [Y, YB, K, KB, DR]
    assert [one.document.unique_id for one in found] == [
        "YEV202501000001", "YEV202501000001", "KEB202501000001", "KEB202501000001", "EDR202501000001",
    ]  # fmt: skip
    for one in found:
        data = await world.read(one)
        assert one.body_sha256 == hashlib.sha256(data.partition(b"\n")[2]).hexdigest()
        assert b">2026-01-15</gl-cor:creationDate>" in data
        path = world.tmp_path / one.document.name.file("xml")
        path.write_bytes(data)
        assert list(check_document(path, path.name).findings) == []
    berat = (await world.read(found[1])).decode()
    assert SIGNATURE in berat.replace("\n", "")
    assert {row.state for row in await world.rows("SELECT state FROM converter.document")} == {"signed"}


async def test_nothing_happens_twice(world: World) -> None:
    event = await world.file(GOOD)
    message = await world.tell(event)
    await world.tell_again(message)
    await world.tell(event)
    twin = await world.file(GOOD)  # the same content under another id
    await world.tell(twin)
    assert kinds(await world.written()) == [Y]
    signed = await world.sign((await world.written())[0])
    message = await world.tell(signed)
    await world.tell_again(message)
    await world.tell(signed)
    assert kinds(await world.written()) == [Y, YB]
    first, again = await world.of(ConversionMade)
    assert again == first.model_copy(update={"file_id": twin.file_id})
    assert again.recognised


async def test_a_bad_file_fails_and_the_next_one_is_converted(world: World) -> None:
    bad = [*entry(1), *entry(2)]
    bad[2]["amount"] = "1.00"
    await world.tell(await world.file(bad))
    assert await world.failed() == "entry.unbalanced"
    await world.tell(await world.file(bad))
    assert len(await world.events()) == 2
    await world.tell(await world.file(GOOD))
    (journal,) = await world.written()
    assert headers(await world.read(journal))[0].counter == 1
    states = await world.rows("SELECT state FROM converter.conversion ORDER BY registered_at, id")
    assert sorted(row.state for row in states) == ["made", "replaced", "replaced"]


async def test_findings_are_counted_beyond_those_that_travel(world: World) -> None:
    await world.tell(await world.file(_unbalanced(300)))
    event = await world.last()
    assert isinstance(event, ConversionFailed)
    assert len(event.findings) == 100
    assert event.counts["entry.unbalanced"] == 300


def _unbalanced(entries: int) -> list[Row]:
    """So many entries whose debit is a lira over their credit."""
    rows = [row for number in range(1, entries + 1) for row in entry(number)]
    return [{**row, "amount": "101.00"} if row["debitcreditcode"] == "D" else row for row in rows]


async def test_numbers_run_on_over_the_months_of_a_year(world: World) -> None:
    for month in (1, 2):
        day = f"2025-{month:02}-01"
        await world.tell(await world.file([*entry(1, day), *entry(2, day)], day[:7]))
    await world.tell(await world.file(entry(1, "2026-01-02"), "2026-01", asked_for=True))
    assert await world.failed() == "period.not_over"
    world.today += timedelta(days=30)
    await world.tell(await world.file(entry(1, "2026-01-02"), "2026-01"))
    january, february, next_january = [headers(await world.read(event)) for event in await world.written()]
    assert [header.counter for header in january + february] == [1, 2, 3, 4]
    assert [line.number for header in january + february for line in header.details] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [header.counter for header in next_january] == [1]
    ids = [event.document.unique_id for event in await world.written()]
    assert ids == ["YEV202501000001", "YEV202502000002", "YEV202601000001"]


async def test_a_month_waits_for_an_earlier_one_that_has_failed(world: World) -> None:
    await world.tell(await world.file(entry(1, enteredby="X")))
    for month in ("2025-03", "2025-02"):
        await world.tell(await world.file(entry(1, f"{month}-01"), month))
        held = await world.last()
        assert isinstance(held, FilingHeld)
        assert (held.gate, held.reason.key, held.filing.period) == (None, "month.earlier_open", month)
    assert await world.written() == []
    await world.tell(await world.file(GOOD))
    for month in ("2025-02", "2025-03"):
        released = await world.last()
        assert isinstance(released, FilingReleased)
        assert (released.gate, released.filing.period) == (None, month)
        await world.tell(released)
        await world.tell(released)
    assert [event.document.filing.period for event in await world.written()] == ["2025-01", "2025-02", "2025-03"]
    assert {period: used[0] for period, used in (await world.numbers()).items()} == {
        "2025-01": 2, "2025-02": 3, "2025-03": 4,
    }  # fmt: skip


async def test_a_tenant_that_does_not_convert_by_itself(world: World) -> None:
    await put(world, automatic=False)
    event = await world.file(GOOD)
    await world.tell(event)
    assert await world.events() == []
    await world.tell(ConversionRequested(**event.model_dump()))
    assert kinds(await world.written()) == [Y]


async def test_a_file_that_failed_may_be_asked_for_again(world: World) -> None:
    world.today = datetime(2025, 1, 20, 9, 0, tzinfo=UTC)
    event = await world.file(GOOD)
    await world.tell(event)
    assert await world.failed() == "period.not_over"
    world.today = datetime(2025, 1, 31, 22, 0, tzinfo=UTC)  # the first of February in Istanbul
    await world.tell(ConversionRequested(**event.model_dump()))
    (journal,) = await world.written()
    assert b">2025-02-01</gl-cor:creationDate>" in await world.read(journal)


async def test_an_older_file_may_be_asked_for(world: World) -> None:
    await put(world, gates=("convert",))
    older = await world.file(GOOD)
    await world.tell(older)
    await world.tell(await world.file(entry(1)))
    await world.tell(ConversionRequested(**older.model_dump()))
    (journal,) = await world.written()
    assert (journal.file_id, len(headers(await world.read(journal)))) == (older.file_id, 2)


async def test_the_gate_before_conversion(world: World) -> None:
    await put(world, gates=("convert",))
    await world.tell(await world.file(GOOD))
    held = await world.last()
    assert isinstance(held, FilingHeld)
    assert held.gate == "convert"
    await world.tell(FilingReleased(filing=held.filing, gate="sign", by="A"))
    await world.tell(FilingReleased(filing=held.filing, gate=None, by="A"))
    assert await world.written() == []
    newer = [*entry(1), *entry(2), *entry(3)]
    await world.tell(await world.file(newer))  # the newest is what is released
    await world.tell(FilingReleased(filing=held.filing, gate="convert", by="A"))
    await world.tell(FilingReleased(filing=held.filing, gate="convert", by="A"))
    (journal,) = await world.written()
    assert len(headers(await world.read(journal))) == 3


async def test_branches_have_books_and_numbers_of_their_own(world: World) -> None:
    await put(world, branches=(Branch(number="0003", name="ANKARA ŞUBESİ"),))
    await world.tell(await world.file(GOOD))
    await world.tell(await world.file(entry(1, divisionno="3"), branch="0003"))
    _, branch = await world.written()
    assert str(branch.document.name) == f"{FIRM}-202501-Y-000000-0003"
    data = await world.read(branch)
    assert [header.counter for header in headers(data)] == [1]
    assert ">0003</gl-bus:organizationIdentifier>" in data.decode()
    await world.tell(await world.file(GOOD, branch="0004"))
    assert await world.failed() == "branch.unknown"


async def test_what_documents_say_of_the_firm_is_fixed_at_conversion(world: World) -> None:
    await world.tell(await world.file(GOOD))
    await put(world, title="YENİ UNVAN A.Ş.")
    world.today += timedelta(days=3)
    for event in await world.sign_all():
        data = (await world.read(event)).decode()
        assert "YENİ UNVAN" not in data
        assert ">2026-01-15</gl-cor:creationDate>" in data


async def test_documents_of_others_are_not_followed(world: World) -> None:
    await world.tell(await world.file(GOOD))
    signed = await world.sign((await world.written())[0])
    for changes in ({"revision": 2}, {"kind": K, "unique_id": "KEB202501000009"}):
        document = Document(**{**signed.document.model_dump(), **changes})
        with pytest.raises(DocumentUnknown):
            await world.tell(signed.model_copy(update={"document": document}))
    assert kinds(await world.written()) == [Y]


async def test_a_tenant_sees_only_its_own(world: World) -> None:
    await world.tell(await world.file(GOOD))
    async with world.house.database("converter").tenant(OTHER_FIRM) as tx:
        for table in ("conversion", "part", "document", "books"):
            assert (await tx.session.scalar(text(f"SELECT count(*) FROM converter.{table}"))) == 0


async def test_two_workers_make_one_month_once(world: World) -> None:
    messages = [received(await world.file([*GOOD, *entry(number)])) for number in (3, 3, 3)]
    done = await asyncio.gather(*(world.tell_again(message) for message in messages), return_exceptions=True)
    assert all(result is None or isinstance(result, Busy) for result in done), done
    for message in messages:
        await world.tell_again(message)
    assert kinds(await world.written()) == [Y]
    assert {made.revision for made in await world.of(ConversionMade)} == {1}


class _Interrupted:
    """A pool that does the work, and then something else happens before the result is used."""

    def __init__(self, pool: ProcessPool, then: Any) -> None:
        self._pool = pool
        self._then = then

    async def run_within(self, seconds: float, function: Any, *arguments: Any) -> Any:
        result = await self._pool.run_within(seconds, function, *arguments)
        await self._then()
        return result


async def test_a_late_worker_whose_lease_was_taken_changes_nothing(world: World) -> None:
    message = received(await world.file(GOOD))

    async def lose_the_lease() -> None:
        await world.rows("UPDATE converter.lease SET token = token + 1, expires_at = NULL RETURNING key")

    house = replace(world.house, pool=_Interrupted(world.house.pool, lose_the_lease))  # type: ignore[arg-type]
    with pytest.raises(TryLater):
        await world.handler(FILES, house)(message)
    assert await world.events() == []
    await world.tell_again(message)
    assert kinds(await world.written()) == [Y]


async def test_a_lost_child_process_is_tried_again(world: World) -> None:
    message = received(await world.file(GOOD))

    pool = ProcessPool(1)
    house = replace(world.house, pool=pool)

    async def kill_children() -> None:
        while True:
            await asyncio.sleep(0.01)
            executor = pool._executor
            for process in list((executor._processes or {}).values()) if executor else []:
                if process.pid:
                    os.kill(process.pid, signal.SIGKILL)
                    return

    with pytest.raises(TryLater):
        await asyncio.gather(world.handler(FILES, house)(message), kill_children())
    assert await world.events() == []
    await world.handler(FILES, house)(message)
    assert kinds(await world.written()) == [Y]
    await pool.close()


KILLS = int(os.environ.get("DEFTERHANE_TEST_KILLS", "2"))
"""So often is a converter killed at work; 20 in a month of 200,000 lines take some minutes."""
LINES_TO_KILL = int(os.environ.get("DEFTERHANE_TEST_KILL_LINES", "20000"))


async def test_killed_at_random_moments_it_ends_with_the_same_bytes(world: World, database_url: str) -> None:
    sample = world.tmp_path / "x.zip"
    write_sample(sample, tax_id=FIRM, period=Period(2025, 1), lines=LINES_TO_KILL, seed=11)
    event = await world.file(sample.read_bytes(), name=f"{FIRM}-202501.zip")
    expected, seconds = _undisturbed(sample, world.tmp_path / "undisturbed")
    async with world.house.database("ingest").tenant(FIRM) as tx:
        await tx.publish(event)
    common = {
        "database_url": database_url,
        "objects_url": world.house.settings.objects_url,
        "lease_seconds": "1",
        "retry_seconds": "[0.1, 0.2]",
        "part_bytes": str(_PART),
        "source_application": SOURCE_APPLICATION,
        "log_level": "DEBUG",
    }
    await _relay_once(world)
    fleet = Fleet(world.tmp_path / "fleet", common, {})
    moments = random.Random(7)
    try:
        for _ in range(KILLS):
            await asyncio.to_thread(fleet.start, "converter")
            await asyncio.sleep(1 + moments.random() * seconds)  # a second to see that the lease of the dead is over
            fleet.kill("converter")
        await asyncio.to_thread(fleet.start, "converter")
        await _until(world, "SELECT 1 FROM converter.conversion WHERE state = 'made'", fleet, 60 + 10 * seconds)
    finally:
        fleet.stop()
    assert len(await world.of(ConversionMade)) == 1
    (created,) = await world.rows("SELECT created_on FROM converter.conversion")
    documents = await world.rows("SELECT part, kind, object FROM converter.document ORDER BY part, kind DESC")
    found = [(part, kind) for part, kind, _ in documents]
    assert found == [(part, kind) for part, kind, _ in expected]
    for (_, _, stored), (_, _, path) in zip(documents, expected, strict=True):
        made = await world.house.objects.read(FIRM, ObjectRef.model_validate(stored))
        assert made.replace(str(created[0]).encode(), str(CREATED).encode()) == path.read_bytes()


_PART = 4_000_000


def _undisturbed(sample: Path, out: Path) -> tuple[list[tuple[str, str, Path]], float]:
    """What comes of a sample where nobody is killed, and how long it takes."""
    out.mkdir()
    began = time.monotonic()
    outcome = convert_drop(sample, out, job(name=f"{FIRM}-202501.zip", part_bytes=_PART))
    return [(made.part, made.kind.value, made.path) for made in outcome.documents], time.monotonic() - began


async def _relay_once(world: World) -> None:
    """Carry what ingest has said onto the bus, as ingest's own process does."""
    bus = open_bus(world.house)
    await bus.start()
    stop = asyncio.Event()
    running = asyncio.create_task(Relay(world.house.database("ingest"), bus).run(stop))
    await _until(world, "SELECT 1 FROM bus.delivery WHERE queue = 'converter.files'")
    stop.set()
    await running
    await bus.drain()
    await bus.close()


async def _until(world: World, statement: str, fleet: Fleet | None = None, seconds: float = 60) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while not await world.rows(statement):
        assert asyncio.get_running_loop().time() < deadline, fleet.logs() if fleet else statement
        await asyncio.sleep(0.05)


async def test_an_object_that_is_not_there_is_no_finding(world: World) -> None:
    event = await world.file(GOOD)
    missing = ObjectRef(uri=f"object:{FIRM}/{'0' * 64}", sha256="0" * 64, size=5)
    with pytest.raises(Exception, match=r"object_missing|not there"):
        await world.tell(event.model_copy(update={"object": missing}))
    assert await world.events() == []


# Rejections


async def test_a_corrected_file_takes_the_place_of_a_rejected_journal(world: World) -> None:
    await world.tell(await world.file(GOOD))
    (first,) = await world.written()
    taken = await world.numbers()
    await world.reject(first)
    assert (await world.conversions(), await world.numbers()) == ([("2025-01", "rejected", 1)], {})
    await world.tell(await world.sign(first))  # nothing more is made of it
    assert kinds(await world.written()) == [Y]
    (withdrawn,) = await world.of(ConversionWithdrawn)
    assert (withdrawn.revision, withdrawn.parts, withdrawn.reason.key) == (1, ("000000",), "month.document_invalid")
    await world.tell(await world.file([*entry(1), *entry(2, detailcomment="düzeltme")]))
    found = (await world.sign_all(done=1))[1:]
    assert kinds(found) == [Y, YB, K, KB, DR]
    assert {one.document.revision for one in found} == {2}
    assert [one.document.unique_id for one in found] == [
        "YEV202501000001", "YEV202501000001", "KEB202501000001", "KEB202501000001", "EDR202501000001",
    ]  # fmt: skip
    entries = [headers(await world.read(journal)) for journal in (first, found[0])]
    for headings in entries:
        assert [header.counter for header in headings] == [1, 2]
        assert [line.number for header in headings for line in header.details] == [1, 2, 3, 4]
    for one in found:
        path = world.tmp_path / one.document.name.file("xml")
        path.write_bytes(await world.read(one))
        assert list(check_document(path, path.name).findings) == []
    assert await world.numbers() == taken
    assert await world.conversions() == [("2025-01", "rejected", 1), ("2025-01", "made", 2)]
    await world.tell(await world.file(entry(1, "2025-02-01"), "2025-02"))
    february = (await world.written())[-1]
    assert (february.document.unique_id, february.document.revision) == ("YEV202502000002", 1)


async def test_a_ledger_is_rejected_after_journal_and_berat_were_signed(world: World) -> None:
    await world.tell(await world.file(GOOD))
    for number in range(2):
        await world.tell(await world.sign((await world.written())[number]))
    old = await world.written()
    assert kinds(old) == [Y, YB, K]
    await world.reject(old[2])
    for one in old:
        await world.tell(await world.sign(one))
    assert await world.written() == old
    await world.tell(await world.file(GOOD))  # the very same: what was wrong may have been the master data
    found = (await world.sign_all(done=3))[3:]
    assert kinds(found) == [Y, YB, K, KB, DR]
    assert {one.document.revision for one in found} == {2}
    berats = [await world.read(one) for one in (old[1], found[1])]
    assert len({one[one.index(b"uniqueID") :][:80] for one in berats}) == 2
    assert await world.numbers() == {"2025-01": (2, 4, 1, 1, 1)}


async def test_a_rejection_that_comes_again_or_late_changes_nothing(world: World) -> None:
    await world.tell(await world.file(GOOD))
    (first,) = await world.written()
    message = await world.reject(first)
    await asyncio.gather(*(world.tell_again(message) for _ in range(3)))
    await world.tell(await world.file(BETTER))
    before = await world.conversions(), await world.numbers(), await world.written()
    await world.tell_again(message)
    await world.reject(first)
    await world.tell(await world.sign(first))
    assert (await world.conversions(), await world.numbers(), await world.written()) == before
    assert before[0] == [("2025-01", "rejected", 1), ("2025-01", "made", 2)]
    assert before[1] == {"2025-01": (3, 6, 1, 1, 1)}
    await world.reject((await world.written())[-1])
    await world.tell(await world.file(GOOD))
    assert (await world.conversions())[1:] == [("2025-01", "rejected", 2), ("2025-01", "made", 3)]
    assert await world.numbers() == {"2025-01": (2, 4, 1, 1, 1)}


async def test_a_rejection_is_done_wholly_or_not_at_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.tell(await world.file(GOOD))
    (first,) = await world.written()
    before = await world.conversions(), await world.numbers()
    message = received(DocumentRejected(document=first.document, object=first.object, findings=(), counts={}))
    with monkeypatch.context() as patch:
        patch.setattr("converter.making.ConversionWithdrawn", _die)  # after the state has been changed
        with pytest.raises(ConnectionError):
            await world.tell_again(message)
    assert (await world.conversions(), await world.numbers()) == before
    await world.tell_again(message)
    assert (await world.conversions(), await world.numbers()) == ([("2025-01", "rejected", 1)], {})


def _die(**_: object) -> None:
    raise ConnectionError


async def test_a_rejection_of_what_was_not_made_here(world: World) -> None:
    await world.tell(await world.file(GOOD))
    (first,) = await world.written()
    unknown = first.document.model_copy(update={"revision": 2})
    with pytest.raises(DocumentUnknown):
        await world.reject(first.model_copy(update={"document": unknown}))
    assert await world.conversions() == [("2025-01", "made", 1)]


async def test_a_rejected_file_may_be_asked_for_again(world: World) -> None:
    event = await world.file(GOOD)
    await world.tell(event)
    await world.reject((await world.written())[0])
    await world.tell(event)  # what has been delivered before is no wish
    assert len(await world.written()) == 1
    for revision in (2, 3):
        await world.tell(ConversionRequested(**event.model_dump()))
        await world.tell(ConversionRequested(**event.model_dump()))
        last = (await world.written())[-1]
        assert (last.document.revision, last.file_id) == (revision, event.file_id)
        assert len(await world.written()) == revision
        await world.reject(last)
    assert await world.conversions() == [("2025-01", "rejected", revision) for revision in (1, 2, 3)]


async def test_the_gate_stands_before_a_corrected_file_too(world: World) -> None:
    await put(world, gates=("convert",))
    for revision in (1, 2):
        await world.tell(await world.file(GOOD))
        held = await world.last()
        assert isinstance(held, FilingHeld)
        await world.tell(FilingReleased(filing=held.filing, gate="convert", by="A"))
        journal = (await world.written())[-1]
        assert journal.document.revision == revision
        await world.reject(journal)


async def test_later_months_wait_for_a_rejected_one(world: World) -> None:
    await world.tell(await world.file(GOOD))
    await world.reject((await world.written())[0])
    await world.tell(await world.file(entry(1, "2025-02-01"), "2025-02"))
    held = await world.last()
    assert isinstance(held, FilingHeld)
    assert (held.gate, held.reason.key, held.filing.period) == (None, "month.earlier_open", "2025-02")
    await world.tell(await world.file(BETTER))
    released = await world.last()
    assert isinstance(released, FilingReleased)
    await world.tell(released)
    assert await world.numbers() == {"2025-01": (3, 6, 1, 1, 1), "2025-02": (4, 8, 2, 2, 2)}


async def test_a_month_that_is_being_made_on_numbers_given_back_begins_anew(world: World) -> None:
    await world.tell(await world.file(GOOD))
    (january,) = await world.written()
    message = received(await world.file(entry(1, "2025-02-01"), "2025-02"))

    async def reject_january() -> None:
        await world.reject(january)

    house = replace(world.house, pool=_Interrupted(world.house.pool, reject_january))  # type: ignore[arg-type]
    with pytest.raises(TryLater):
        await world.handler(FILES, house)(message)
    assert (await world.written(), await world.numbers()) == ([january], {})
    await world.tell_again(message)
    held = await world.last()
    assert isinstance(held, FilingHeld)
    assert held.reason.key == "month.earlier_open"


async def test_a_corrected_file_is_taken_over_with_its_revision(world: World) -> None:
    await world.tell(await world.file(GOOD))
    await world.reject((await world.written())[0])
    message = received(await world.file(BETTER))

    async def lose_the_lease() -> None:
        await world.rows("UPDATE converter.lease SET token = token + 1, expires_at = NULL RETURNING key")

    house = replace(world.house, pool=_Interrupted(world.house.pool, lose_the_lease))  # type: ignore[arg-type]
    with pytest.raises(TryLater):
        await world.handler(FILES, house)(message)
    assert (len(await world.of(ConversionMade)), await world.numbers()) == (1, {})
    await world.tell_again(message)
    await world.tell_again(message)
    assert [one.document.revision for one in await world.written()] == [1, 2]
    assert await world.conversions() == [("2025-01", "rejected", 1), ("2025-01", "made", 2)]


async def test_a_month_whose_berats_are_with_gib_stays_made(world: World) -> None:
    await world.tell(await world.file(GOOD))
    *_, berat, report = await world.sign_all()
    await world.say(BeratSent, berat)
    before = await world.conversions(), await world.numbers()
    await world.reject(report)
    assert (await world.conversions(), await world.numbers()) == before


async def test_a_rejected_month_under_a_later_one_is_made_again(world: World) -> None:
    for month in ("2025-01", "2025-02"):
        await world.tell(await world.file(entry(1, f"{month}-01"), month))
    await world.reject((await world.written())[0])
    assert await world.conversions() == [("2025-01", "rejected", 1), ("2025-02", "made", 1)]
    await world.tell(await world.file(entry(1, "2025-01-01", detailcomment="düzeltme")))
    assert (await world.conversions())[1:] == [("2025-01", "made", 2), ("2025-02", "made", 1)]  # the same numbers
    await world.reject((await world.written())[-1])
    await world.tell(await world.file(BETTER))
    await world.release_all()
    assert await world.numbers() == {"2025-01": (3, 6, 1, 1, 1), "2025-02": (4, 8, 2, 2, 2)}
    assert (await world.conversions())[-2:] == [("2025-02", "withdrawn", 1), ("2025-02", "made", 2)]


# The order of months


async def test_a_month_before_its_predecessor_is_checked_and_held(world: World) -> None:
    await world.tell(await world.file(entry(1, "2025-02-01", enteredby="X"), "2025-02"))
    assert await world.failed() == "entered_by.too_short"
    await world.tell(await world.file(entry(1, "2025-02-01"), "2025-02"))
    held = await world.last()
    assert isinstance(held, FilingHeld)
    assert (held.gate, held.reason.key, held.filing.period) == ("convert", "month.earlier_missing", "2025-02")
    assert await world.written() == []
    await world.tell(await world.file(GOOD))
    await world.release_all()
    assert await world.numbers() == {"2025-01": (2, 4, 1, 1, 1), "2025-02": (3, 6, 2, 2, 2)}


async def test_a_person_may_begin_the_books_with_a_month(world: World) -> None:
    await world.tell(await world.file(entry(1, "2025-05-01"), "2025-05"))
    held = await world.last()
    assert isinstance(held, FilingHeld)
    await world.tell(FilingReleased(filing=held.filing, gate="convert", by="A"))
    assert await world.numbers() == {"2025-05": (1, 2, 1, 1, 1)}
    await world.tell(await world.file(entry(1, "2025-06-01"), "2025-06"))
    assert (await world.numbers())["2025-06"] == (2, 4, 2, 2, 2)


async def test_a_firm_that_moves_goes_on_from_its_last_numbers(world: World) -> None:
    await put(world, openings=(Opening(period="2025-03", entry=812, line=4310, journal=2, ledger=2, report=2),))
    await world.tell(await world.file(entry(1, "2025-02-01"), "2025-02"))
    assert await world.failed() == "month.before_opening"
    await world.tell(await world.file(entry(1, "2025-03-01"), "2025-03"))
    (journal,) = await world.written()
    assert journal.document.unique_id == "YEV202503000003"
    assert [(one.counter, one.details[0].number) for one in headers(await world.read(journal))] == [(813, 4311)]
    found = await world.sign_all()
    assert found[-1].document.unique_id == "EDR202503000003"


async def test_a_special_fiscal_year_and_one_cut_short(world: World) -> None:
    short = {"start": "2025-01-01", "end": "2025-02-28"}
    await put(world, fiscal_year_first_month=3, special_years=(short,))
    for month in ("2025-01", "2025-02", "2025-03"):
        await world.tell(await world.file(entry(1, f"{month}-01"), month))
    assert await world.numbers() == {
        "2025-01": (1, 2, 1, 1, 1), "2025-02": (2, 4, 2, 2, 2), "2025-03": (1, 2, 1, 1, 1),
    }  # fmt: skip
    january, _, march = [(await world.read(one)).decode() for one in await world.written()]
    assert ">2025-02-28</gl-bus:fiscalYearEnd>" in january
    assert ">2025-03-01</gl-bus:fiscalYearStart>" in march
    assert ">2026-02-28</gl-bus:fiscalYearEnd>" in march


# Corrections


async def test_a_second_file_takes_the_place_of_the_first(world: World) -> None:
    first = await world.file(GOOD)
    await world.tell(first)
    await world.tell(await world.sign((await world.written())[0]))
    await world.tell(await world.file(BETTER))
    (withdrawn,) = await world.of(ConversionWithdrawn)
    assert (withdrawn.file_id, withdrawn.revision, withdrawn.reason.key) == (first.file_id, 1, "month.corrected")
    made = (await world.of(ConversionMade))[-1]
    assert (made.revision, made.parts, made.entries, made.lines, made.total) == (2, ("000000",), 3, 6, 30_000)
    old, journal = [one for one in await world.written() if one.document.kind is Y]
    assert (old.document.unique_id, journal.document.unique_id) == ("YEV202501000001",) * 2
    assert [one.counter for one in headers(await world.read(journal))] == [1, 2, 3]
    for late in (await world.written())[:2]:
        await world.tell(await world.sign(late))
    assert kinds(await world.written()) == [Y, YB, Y]
    assert await world.conversions() == [("2025-01", "withdrawn", 1), ("2025-01", "made", 2)]
    assert await world.numbers() == {"2025-01": (3, 6, 1, 1, 1)}


async def test_a_correction_with_findings_leaves_the_first_as_it_is(world: World) -> None:
    await world.tell(await world.file(GOOD))
    await world.tell(await world.file(entry(1, enteredby="X")))
    assert await world.failed() == "entered_by.too_short"
    assert await world.of(ConversionWithdrawn) == []
    assert kinds(await world.sign_all()) == [Y, YB, K, KB, DR]


async def test_later_months_are_made_anew_where_their_numbers_change(world: World) -> None:
    for month in ("2025-01", "2025-02", "2025-03"):
        await world.tell(await world.file(entry(1, f"{month}-01"), month))
    await world.tell(await world.file(entry(1, detailcomment="aynı sayıda madde")))
    assert [state for _, state, _ in await world.conversions()] == ["withdrawn", "made", "made", "made"]
    await world.tell(await world.file(GOOD))
    assert [one.reason.key for one in (await world.of(ConversionWithdrawn))[1:]] == [
        "month.corrected", "month.earlier_changed", "month.earlier_changed",
    ]  # fmt: skip
    await world.release_all()
    used = {period: numbers[0] for period, numbers in (await world.numbers()).items()}
    assert used == {"2025-01": 2, "2025-02": 3, "2025-03": 4}
    again = (await world.written())[-2:]
    assert [(one.document.filing.period, one.document.revision) for one in again] == [("2025-02", 2), ("2025-03", 2)]


async def test_a_correction_waits_for_gib_and_is_refused_once_a_berat_is_approved(world: World) -> None:
    await world.tell(await world.file(GOOD))
    _, berat, *_ = await world.sign_all()
    await world.say(BeratSent, berat)
    await world.tell(await world.file(BETTER))
    held = await world.last()
    assert isinstance(held, FilingHeld)
    assert (held.gate, held.reason.key) == (None, "month.at_gib")
    await world.say(BeratRefused, berat, key="gib.fault_999")  # GİB may have it all the same
    await world.release_all()
    assert (await world.conversions())[0][1] == "queued"
    await world.say(BeratApproved, berat)
    await world.release_all()
    assert await world.failed() == "month.already_approved"
    await world.tell(await world.file(entry(1)))
    assert await world.failed() == "month.already_approved"
    assert ("2025-01", "made", 1) in await world.conversions()


async def test_a_correction_goes_on_once_gib_has_refused_the_berat(world: World) -> None:
    await world.tell(await world.file(GOOD))
    _, berat, *_ = await world.sign_all()
    await world.say(BeratSent, berat)
    await world.tell(await world.file(BETTER))
    await world.say(BeratRefused, berat)
    await world.release_all()
    assert await world.conversions() == [("2025-01", "withdrawn", 1), ("2025-01", "made", 2)]


async def test_what_gib_approves_although_it_was_withdrawn_counts_again(world: World) -> None:
    await world.tell(await world.file(GOOD))
    await world.tell(await world.file(entry(1, "2025-02-01"), "2025-02"))
    journal, february = await world.written()
    await world.tell(await world.sign(journal))
    berat = (await world.written())[-1]
    assert berat.document.kind is YB
    await world.tell(await world.file(BETTER))
    await world.release_all()
    await world.tell(await world.sign(berat))  # signed in spite of it, and sent at that very moment
    await world.say(BeratSent, berat)
    await world.say(BeratApproved, berat)
    await world.release_all()
    assert await world.numbers() == {"2025-01": (2, 4, 1, 1, 1), "2025-02": (3, 6, 2, 2, 2)}
    states = await world.conversions()
    assert states[:2] == [("2025-01", "made", 1), ("2025-01", "withdrawn", 2)]
    assert states[-1] == ("2025-02", "made", 3)
    assert (await world.of(ConversionWithdrawn))[-2].reason.key == "month.already_approved"
    again = [one for one in await world.written() if one.document == berat.document]
    assert len(again) == 2  # the signer gives the same signature once more
    await world.tell(await world.sign(berat))
    assert [one.document.revision for one in await world.written() if one.document.kind is K] == [1]
    assert february.document.revision == 1


# Parts


def days(*of: int) -> list[Row]:
    """An entry on each of these days of January."""
    return [row for number, day in enumerate(of, 1) for row in entry(number, f"2025-01-{day:02}")]


async def test_a_month_is_cut_in_parts_that_are_all_signed_before_the_report(world: World) -> None:
    rows = [row for number in range(1, 700) for row in entry(number, f"2025-01-{number // 25 + 1:02}")]
    await world.tell(await world.file(rows), part_bytes=1_000_000)
    journals = await world.written()
    parts = [one.document.filing.part for one in journals]
    assert parts == [f"{number:06}" for number in range(1, len(parts) + 1)]
    assert len(parts) > 1
    found = await world.sign_all()
    assert kinds(found).count(KB) == len(parts)
    assert kinds(found)[-1] is DR
    assert kinds(found).count(DR) == 1
    for one in found:
        path = world.tmp_path / one.document.name.file("xml")
        path.write_bytes(await world.read(one))
        assert list(check_document(path, path.name).findings) == []
    last = (await world.numbers())["2025-01"]
    assert last == (699, 1398, len(parts), len(parts), 1)


async def test_a_month_in_three_drops(world: World) -> None:
    await put(world, part_ends=(10, 20))
    await world.tell(await world.file(days(12, 15), part="000002"))
    held = await world.last()
    assert isinstance(held, FilingHeld)
    assert (held.reason.key, held.filing.part) == ("month.earlier_open", "000002")
    await world.tell(await world.file(days(1, 10), part="000001"))
    await world.release_all()
    await world.tell(await world.file(b"", part="000003"))
    assert await world.failed() == "drop.empty"
    await world.tell(await world.file([], part="000003"))  # the columns' names alone: nothing happened in those days
    found = await world.sign_all()
    assert [one.document.filing.part for one in found if one.document.kind is Y] == ["000001", "000002", "000003"]
    assert kinds(found)[-1] is DR
    report = found[-1]
    assert (report.document.filing.part, report.document.revision) == ("000000", 3)
    texts = [(await world.read(one)).decode() for one in found if one.document.kind is Y]
    spans = [tuple(re.findall(r"periodCovered(?:Start|End) [^>]*>([-\d]+)<", text)) for text in texts]
    assert spans == [("2025-01-01", "2025-01-10"), ("2025-01-11", "2025-01-20"), ("2025-01-21", "2025-01-31")]
    await world.tell(await world.file(days(5), part="000004"))
    assert await world.failed() == "month.in_parts"
    await world.tell(await world.file(entry(1, "2025-02-01"), "2025-02", part="000001"))
    assert (await world.written())[-1].document.unique_id == "YEV202502000004"


async def test_a_corrected_part_has_the_later_ones_and_the_report_made_anew(world: World) -> None:
    await put(world, part_ends=(15,))
    await world.tell(await world.file(days(1), part="000001"))
    await world.tell(await world.file(days(20), part="000002"))
    await world.sign_all()
    before = len(await world.written())
    await put(world, part_ends=(10, 20))  # what has begun in two parts goes on in two
    await world.tell(await world.file(days(1, 14), part="000001"))
    await world.release_all()
    found = (await world.sign_all(done=before))[before:]
    assert kinds(found)[-1] is DR
    assert {one.document.revision for one in found} == {3, 4}
    assert [headers(await world.read(one))[0].counter for one in found if one.document.kind is Y] == [1, 3]
    await world.tell(await world.file(days(1, 20)))  # the whole month in one
    assert [one for one in await world.conversions() if one[1] == "made"] == [("2025-01", "made", 5)]


async def test_dates_that_do_not_belong_to_the_part_are_findings(world: World) -> None:
    await put(world, part_ends=(10,))
    await world.tell(await world.file(days(1, 11), part="000001"))
    assert await world.failed() == "entry.date_outside_period"


async def test_many_findings_are_stored_and_the_first_travel(world: World) -> None:
    await world.tell(await world.file(_unbalanced(300)))
    event = await world.last()
    assert isinstance(event, ConversionFailed)
    assert event.report is not None
    listed = json.loads(await world.house.objects.read(FIRM, event.report))
    assert len(event.findings) == 100
    assert [one["rule"] for one in listed].count("entry.unbalanced") == 300
    assert event.recognised[0].tr


# What comes in another order, or in the middle


async def test_of_two_files_the_one_that_came_last_counts_whichever_is_delivered_first(world: World) -> None:
    older, newer = received(await world.file(GOOD)), received(await world.file(BETTER))
    await world.tell_again(newer)
    await world.tell_again(older)
    assert [made.entries for made in await world.of(ConversionMade)] == [3]
    states = await world.rows("SELECT state FROM converter.conversion ORDER BY registered_at")
    assert [row.state for row in states] == ["replaced", "made"]


async def test_an_older_file_that_comes_late_is_converted_where_the_newer_has_findings(world: World) -> None:
    older, newer = received(await world.file(GOOD)), received(await world.file(entry(1, enteredby="X")))
    await world.tell_again(newer)
    await world.tell_again(older)
    assert [made.entries for made in await world.of(ConversionMade)] == [2]


async def test_what_gib_said_first_does_not_undo_what_it_said_later(world: World) -> None:
    await world.tell(await world.file(GOOD))
    _, berat, *_ = await world.sign_all()
    sent = received(BeratSent(document=berat.document, package="P", answer="kuyrukta"))
    await world.say(BeratRefused, berat)
    await world.tell_again(sent)
    await world.tell(await world.file(BETTER))
    assert (await world.conversions())[-1] == ("2025-01", "made", 2)


async def test_nobody_waits_for_what_has_come_true_while_the_file_was_checked(world: World) -> None:
    await world.tell(await world.file(GOOD))
    _, berat, *_ = await world.sign_all()
    await world.say(BeratSent, berat)
    message = received(await world.file(BETTER))

    async def refuse() -> None:
        await world.say(BeratRefused, berat)

    house = replace(world.house, pool=_Interrupted(world.house.pool, refuse))  # type: ignore[arg-type]
    with pytest.raises(Busy):
        await world.handler(FILES, house)(message)
    await world.tell_again(message)
    assert await world.of(FilingHeld) == []
    assert await world.conversions() == [("2025-01", "withdrawn", 1), ("2025-01", "made", 2)]


async def test_who_waits_for_gib_has_passed_the_gate_before(world: World) -> None:
    await put(world, gates=("convert",))
    await world.tell(await world.file(GOOD))
    release = FilingReleased(filing=(await world.of(FilingHeld))[-1].filing, gate="convert", by="A")
    await world.tell(release)
    _, berat, *_ = await world.sign_all()
    await world.say(BeratSent, berat)
    await world.tell(await world.file(BETTER))
    assert (await world.of(FilingHeld))[-1].gate == "convert"
    await world.say(BeratRefused, berat)
    await world.release_all()
    assert [state for _, state, _ in await world.conversions()] == ["held", "made"]
    await world.tell(release)
    assert [state for _, state, _ in await world.conversions()] == ["withdrawn", "made"]


async def test_a_correction_under_way_is_not_overtaken_by_what_it_replaces(world: World) -> None:
    """February's correction waits for January, which is made anew: then February's old file waits too."""
    await world.tell(await world.file(GOOD))
    await world.tell(await world.file(entry(1, "2025-02-01"), "2025-02"))
    await world.reject((await world.written())[0])
    correction = [*entry(1, "2025-02-01"), *entry(2, "2025-02-02")]
    await world.tell(await world.file(correction, "2025-02"))
    await world.tell(await world.file(BETTER))
    await world.release_all()
    assert await world.numbers() == {"2025-01": (3, 6, 1, 1, 1), "2025-02": (5, 10, 2, 2, 2)}
    states = [state for period, state, _ in await world.conversions() if period == "2025-02"]
    assert sorted(states) == ["made", "replaced", "withdrawn"]


async def test_a_fiscal_year_may_be_corrected_after_its_months_were_made(world: World) -> None:
    for month in ("2025-03", "2025-04"):
        await put(world, openings=({"period": "2025-03"},))
        await world.tell(await world.file(entry(1, f"{month}-01"), month))
    await put(world, special_years=({"start": "2025-03-01", "end": "2025-12-31"},))
    await world.tell(await world.file([*entry(1, "2025-03-01"), *entry(2, "2025-03-02")], "2025-03"))
    await world.release_all()
    assert {period: used[0] for period, used in (await world.numbers()).items()} == {"2025-03": 2, "2025-04": 3}
    assert b">2025-03-01</gl-bus:fiscalYearStart>" in await world.read((await world.written())[-1])


async def test_a_year_that_begins_within_a_month_begins_with_the_next(world: World) -> None:
    years = ({"start": "2025-01-01", "end": "2025-06-15"}, {"start": "2025-06-16", "end": "2025-12-31"})
    await put(world, special_years=years, openings=({"period": "2025-06", "entry": 9, "line": 9},))
    for month in ("2025-06", "2025-07"):
        await world.tell(await world.file(entry(1, f"{month}-01"), month))
    assert {period: used[0] for period, used in (await world.numbers()).items()} == {"2025-06": 10, "2025-07": 1}


async def test_master_data_may_be_corrected_while_a_conversion_is_tried_again(world: World) -> None:
    message = received(await world.file(entry(1, "2025-01-01")))

    async def lose_the_child() -> None:
        await put(world, openings=({"period": "2025-01", "entry": 50, "line": 100},))
        raise Busy(what="a child")

    house = replace(world.house, pool=_Interrupted(world.house.pool, lose_the_child))  # type: ignore[arg-type]
    with pytest.raises(Busy):
        await world.handler(FILES, house)(message)
    await world.tell_again(message)
    assert (await world.numbers())["2025-01"][:2] == (51, 102)


async def test_the_parts_beside_one_that_gib_has_approved_are_made_again(world: World) -> None:
    """A file for the whole month had taken the place of three, when GİB approved the first of them all the same."""
    await put(world, part_ends=(10, 20))
    for part, day in (("000001", 1), ("000002", 12), ("000003", 25)):
        await world.tell(await world.file(days(day), part=part))
    found = await world.sign_all()
    berat = next(one for one in found if one.document.kind is YB)
    await world.tell(whole := await world.file(days(1, 12, 25, 26)))
    assert [one for one in await world.conversions() if one[1] == "made"] == [("2025-01", "made", 4)]
    await world.say(BeratSent, berat)
    await world.say(BeratApproved, berat)
    await world.release_all()
    rows = await world.rows("SELECT part, revision FROM converter.conversion WHERE state = 'made' ORDER BY part")
    assert [tuple(row) for row in rows] == [("000001", 1), ("000002", 5), ("000003", 6)]
    assert kinds(await world.sign_all(done=len(found)))[-1] is DR
    await world.tell(ConversionRequested(**whole.model_dump()))
    assert await world.failed() == "month.already_approved"


async def test_a_file_asked_for_again_counts_again_where_gib_has_approved_it(world: World) -> None:
    first = await world.file(GOOD)
    await world.tell(first)
    berat = (await world.sign_all())[1]
    await put(world, gates=("convert",))
    await world.tell(await world.file(BETTER))
    await world.tell(FilingReleased(filing=(await world.of(FilingHeld))[-1].filing, gate="convert", by="A"))
    await put(world)
    await world.say(BeratSent, (await world.sign_all())[-1])
    await world.tell(ConversionRequested(**first.model_dump()))  # waits for GİB, and is replaced
    await world.tell(await world.file(entry(1)))
    await world.say(BeratApproved, berat)
    await world.release_all()
    assert [one for one in await world.conversions() if one[1] == "made"] == [("2025-01", "made", 1)]


async def test_the_days_of_parts_are_told(world: World) -> None:
    await put(world, part_ends=(10, 20))
    await world.tell(await world.file(days(1, 12, 25)))
    (made,) = await world.of(ConversionMade)
    assert [(one.start.day, one.end.day) for one in made.spans] == [(1, 10), (11, 20), (21, 31)]


async def test_a_file_that_is_refused_takes_nobodys_place(world: World) -> None:
    await put(world, gates=("convert",))
    await world.tell(await world.file(GOOD))
    held = await world.last()
    assert isinstance(held, FilingHeld)
    await world.tell(await world.file(days(5), part="000001"))
    assert await world.failed() == "month.in_parts"
    await world.tell(FilingReleased(filing=held.filing, gate="convert", by="A"))
    assert kinds(await world.written()) == [Y]

"""The drop box as a whole: real SFTP in, rows, events and objects, answers out; and what a crash leaves."""

import asyncio
import json
import os
import random
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncssh
import pytest
from sqlalchemy import text

from defterhane.bus.topology import queue_named
from defterhane.edefter.kinds import DocumentKind
from defterhane.errors import Problem
from defterhane.events import (
    BeratApproved,
    BeratRefused,
    ConversionFailed,
    ConversionMade,
    Document,
    DocumentRejected,
    Envelope,
    FileReceived,
    FileRefused,
    Filing,
    FilingHeld,
    MonthClosed,
    ObjectRef,
    SignatureRefused,
    envelop,
)
from defterhane.findings import Finding, Severity
from defterhane.house import House
from defterhane.passwords import hash_password
from defterhane.service import Received
from defterhane.tenancy import put_tenant
from defterhane.texts import Text
from ingest.app import build
from ingest.consumers import Answers, Deliveries
from ingest.inbox import Held
from ingest.models import File
from ingest.receiving import Receiver
from ingest.spool import Spool
from support.drop_box import OTHER, OWN, settings_for, until, zip_of
from support.events import received
from support.tenants import tenant as made_up

pytestmark = pytest.mark.postgres

NOW = datetime(2025, 3, 10, 9, 0, tzinfo=UTC)
EXPORT = zip_of(kayitlar_csv=b"entryref;amount\r\n1;10,00\r\n")
NAME = f"{OWN}-202501.zip"


@pytest.fixture
async def ready(house: House, tmp_path: Path) -> House:
    """A house in March 2025 with two tenants."""
    house = replace(house, clock=lambda: NOW)
    async with house.database("ingest").system() as tx:
        for number, branches in ((OWN, [{"number": "0001", "name": "ÇANKAYA"}]), (OTHER, [])):
            await put_tenant(tx, made_up(number, branches=branches, sftp_password_hash=hash_password("parola")))
    return house


@asynccontextmanager
async def running(house: House, folder: Path, **changes: object) -> AsyncIterator[int]:
    """The service's tasks, as a host would run them; gives the SFTP server's port."""
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    settings = settings_for(folder, **{"scan_seconds": 0.2, "settle_seconds": 0.5, **changes})
    service = build(house, settings, listening.set_result)
    stop = asyncio.Event()
    tasks = [asyncio.ensure_future(task(stop)) for task in service.tasks]
    try:
        yield await listening
    finally:
        stop.set()
        await asyncio.gather(*tasks)


@asynccontextmanager
async def client(port: int, user: str = OWN) -> AsyncIterator[asyncssh.SFTPClient]:
    options = {"known_hosts": None, "config": None, "client_keys": None, "agent_path": None}
    async with (
        asyncssh.connect("127.0.0.1", port, username=user, password="parola", **options) as connection,
        connection.start_sftp_client() as sftp,
    ):
        yield sftp


async def drop(sftp: asyncssh.SFTPClient, name: str, content: bytes, rename: bool = True) -> None:
    path = f"inbox/{name}"
    async with sftp.open(f"{path}.part" if rename else path, "wb") as file:
        await file.write(content)
    if rename:
        await sftp.rename(f"{path}.part", path)


async def events(house: House) -> list[Envelope]:
    async with house.database("ingest").system() as tx:
        rows = await tx.session.scalars(text("SELECT envelope FROM ingest.outbox ORDER BY id"))
        return [Envelope.model_validate_json(row) for row in rows]


async def rows(house: House) -> list[dict[str, object]]:
    async with house.database("ingest").system() as tx:
        found = await tx.session.execute(text("SELECT * FROM ingest.file ORDER BY received_at, name"))
        return [dict(row) for row in found.mappings()]


def inbox(folder: Path, tenant: str = OWN) -> list[str]:
    return sorted(path.name for path in (folder / "spool" / tenant / "inbox").iterdir())


def outbox(folder: Path, tenant: str = OWN) -> Path:
    return folder / "spool" / tenant / "outbox"


async def taken(house: House, folder: Path, count: int) -> list[Envelope]:
    async with asyncio.timeout(30):
        while True:
            found = await events(house)
            if len(found) >= count and not inbox(folder):
                return found
            await asyncio.sleep(0.05)


async def test_a_drop_becomes_a_row_an_object_and_an_event(ready: House, tmp_path: Path) -> None:
    async with running(ready, tmp_path) as port, client(port) as sftp:
        await drop(sftp, NAME, EXPORT)
        [envelope] = await taken(ready, tmp_path, 1)
        await until(lambda: (outbox(tmp_path) / f"{NAME}.received.json").exists())
        receipt = json.loads((outbox(tmp_path) / f"{NAME}.received.json").read_text())
    event = envelope.event
    assert isinstance(event, FileReceived)
    assert (event.name, event.period, event.branch, event.part) == (NAME, "2025-01", None, None)
    assert await ready.objects.read(OWN, event.object) == EXPORT
    [row] = await rows(ready)
    assert (row["state"], row["sha256"], str(row["id"])) == ("received", event.object.sha256, event.file_id)
    assert receipt["outcome"] == "received"
    assert receipt["sha256"] == event.object.sha256


async def test_names_with_branch_and_part(ready: House, tmp_path: Path) -> None:
    async with running(ready, tmp_path) as port, client(port) as sftp:
        await drop(sftp, f"{OWN}-0001-202501-000002.zip", EXPORT)
        [envelope] = await taken(ready, tmp_path, 1)
    event = envelope.event
    assert isinstance(event, FileReceived)
    assert (event.period, event.branch, event.part) == ("2025-01", "0001", "000002")


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("mart.zip", EXPORT, "drop.name"),
        (f"{OTHER}-202501.zip", EXPORT, "drop.tenant"),
        (f"{OWN}-202504.zip", EXPORT, "drop.period"),
        (f"{OWN}-201101.zip", EXPORT, "drop.period"),
        (f"{OWN}-0002-202501.zip", EXPORT, "drop.branch"),
        (f"{OWN}-202501.csv", b"", "drop.empty"),
        (f"{OWN}-202501.zip", EXPORT[:-30], "zip.cut"),
        (f"{OWN}-202501.zip", b"entryref;amount", "zip.not_a_zip"),
    ],
)
async def test_refusals_are_told_and_kept(ready: House, tmp_path: Path, name: str, content: bytes, key: str) -> None:
    async with running(ready, tmp_path) as port, client(port) as sftp:
        await drop(sftp, name, content)
        [envelope] = await taken(ready, tmp_path, 1)
    event = envelope.event
    assert isinstance(event, FileRefused)
    assert event.problem.key == key
    assert event.problem.cure is not None
    assert not re.search(r"\{\w+\}", event.problem.model_dump_json(exclude={"key"}))
    if content:
        assert event.object is not None
        assert await ready.objects.read(OWN, event.object) == content
    else:
        assert event.object is None
    [row] = await rows(ready)
    assert row["state"] == "refused"
    assert row["problem"]["key"] == key


async def test_this_month_may_be_dropped(ready: House, tmp_path: Path) -> None:
    async with running(ready, tmp_path) as port, client(port) as sftp:
        await drop(sftp, f"{OWN}-202503.zip", EXPORT)
        [envelope] = await taken(ready, tmp_path, 1)
    assert envelope.type == "file.received"


async def test_same_file_again_is_a_duplicate(ready: House, tmp_path: Path) -> None:
    async with running(ready, tmp_path) as port, client(port) as sftp:
        await drop(sftp, NAME, EXPORT)
        await taken(ready, tmp_path, 1)
        await drop(sftp, NAME, EXPORT)
        found = await taken(ready, tmp_path, 2)
    assert [envelope.type for envelope in found] == ["file.received", "file.refused"]
    event = found[1].event
    assert isinstance(event, FileRefused)
    assert event.problem.key == "drop.duplicate"
    assert "10.03.2025 12:00" in event.problem.text.tr


async def test_corrected_file_replaces_and_the_old_one_may_come_back(ready: House, tmp_path: Path) -> None:
    async with running(ready, tmp_path) as port, client(port) as sftp:
        for number, content in enumerate((EXPORT, zip_of(a_csv=b"other"), EXPORT), 1):
            await drop(sftp, NAME, content)
            found = await taken(ready, tmp_path, number)
    assert [envelope.type for envelope in found] == ["file.received"] * 3
    assert sorted(str(row["state"]) for row in await rows(ready)) == ["received", "replaced", "replaced"]


async def test_zip_under_its_final_name_counts_once_whole(ready: House, tmp_path: Path) -> None:
    async with running(ready, tmp_path, settle_seconds=3600) as port, client(port) as sftp:
        await drop(sftp, NAME, EXPORT, rename=False)
        [envelope] = await taken(ready, tmp_path, 1)
    assert envelope.type == "file.received"


async def test_text_under_its_final_name_settles_first(ready: House, tmp_path: Path) -> None:
    async with running(ready, tmp_path, settle_seconds=1.5) as port, client(port) as sftp:
        await drop(sftp, f"{OWN}-202501.csv", b"entryref;amount\n", rename=False)
        await asyncio.sleep(0.8)
        assert await events(ready) == []
        [envelope] = await taken(ready, tmp_path, 1)
    assert envelope.type == "file.received"


@pytest.mark.parametrize("suffix", ["csv", "zip"])
async def test_cut_upload_never_counts(ready: House, tmp_path: Path, suffix: str) -> None:
    content = zip_of(a_csv=os.urandom(50_000)) if suffix == "zip" else b"1;2;3\n" * 1000
    async with running(ready, tmp_path, settle_seconds=0) as port:
        options = {"known_hosts": None, "config": None, "client_keys": None, "agent_path": None}
        connection = await asyncssh.connect("127.0.0.1", port, username=OWN, password="parola", **options)
        sftp = await connection.start_sftp_client()
        file = await sftp.open(f"inbox/{OWN}-202501.{suffix}", "wb")
        await file.write(content[:-100])
        connection.abort()
        await asyncio.sleep(1.5)
        assert await events(ready) == []
        assert inbox(tmp_path) == [f"{OWN}-202501.{suffix}"]
        # The client comes back and finishes it.
        async with client(port) as again, again.open(f"inbox/{OWN}-202501.{suffix}", "ab") as file:
            await file.write(content[-100:])
        [envelope] = await taken(ready, tmp_path, 1)
    event = envelope.event
    assert isinstance(event, FileReceived)
    assert await ready.objects.read(OWN, event.object) == content


async def test_whole_zip_counts_although_its_connection_broke(ready: House, tmp_path: Path) -> None:
    async with running(ready, tmp_path, settle_seconds=3600) as port:
        options = {"known_hosts": None, "config": None, "client_keys": None, "agent_path": None}
        connection = await asyncssh.connect("127.0.0.1", port, username=OWN, password="parola", **options)
        file = await (await connection.start_sftp_client()).open(f"inbox/{NAME}", "wb")
        await file.write(EXPORT)
        connection.abort()
        [envelope] = await taken(ready, tmp_path, 1)
    assert envelope.type == "file.received"


async def test_unfinished_uploads_are_cleared_away_and_told(ready: House, tmp_path: Path) -> None:
    later = replace(ready, clock=lambda: datetime.now(UTC))
    async with running(later, tmp_path, unfinished_seconds=0.5) as port, client(port) as sftp:
        async with sftp.open(f"inbox/{NAME}.part", "wb") as file:
            await file.write(b"half")
        [envelope] = await taken(ready, tmp_path, 1)
    event = envelope.event
    assert isinstance(event, FileRefused)
    assert (event.problem.key, event.object) == ("drop.unfinished", None)


async def test_files_that_came_while_nobody_looked_are_found(ready: House, tmp_path: Path) -> None:
    folder = tmp_path / "spool" / OWN / "inbox"
    folder.mkdir(parents=True)
    (folder / NAME).write_bytes(EXPORT)
    async with running(ready, tmp_path):
        [envelope] = await taken(ready, tmp_path, 1)
    assert envelope.type == "file.received"


async def test_unknown_tenant_s_folder_waits_and_does_not_disturb_others(ready: House, tmp_path: Path) -> None:
    stranger = "6090408038" if OWN != "6090408038" else "1111111114"
    for number in (stranger, OWN):
        folder = tmp_path / "spool" / number / "inbox"
        folder.mkdir(parents=True)
        (folder / NAME).write_bytes(EXPORT)
    async with running(ready, tmp_path):
        [envelope] = await taken(ready, tmp_path, 1)
    assert envelope.tenant == OWN
    assert inbox(tmp_path, stranger) == [NAME]


async def test_killed_after_commit_nothing_is_lost_or_twice(
    ready: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_: Held) -> None:
        raise ConnectionAbortedError("killed")

    monkeypatch.setattr(Held, "remove", killed)
    async with running(ready, tmp_path) as port, client(port) as sftp:
        await drop(sftp, NAME, EXPORT)
        async with asyncio.timeout(20):
            while not await events(ready):
                await asyncio.sleep(0.05)
        await asyncio.sleep(1)  # it is looked at again and again
        assert inbox(tmp_path) == [NAME]
    monkeypatch.undo()
    async with running(ready, tmp_path):
        assert [envelope.type for envelope in await taken(ready, tmp_path, 1)] == ["file.received"]
    assert len(await rows(ready)) == 1


async def test_killed_before_commit_is_taken_in_later(
    ready: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def killed(*_: object) -> None:
        raise ConnectionAbortedError("killed")

    monkeypatch.setattr(Receiver, "_receive", killed)
    async with running(ready, tmp_path) as port, client(port) as sftp:
        await drop(sftp, NAME, EXPORT)
        await asyncio.sleep(1)
        assert await events(ready) == []
        assert inbox(tmp_path) == [NAME]
        monkeypatch.undo()
        [envelope] = await taken(ready, tmp_path, 1)
    assert envelope.type == "file.received"


async def test_two_drop_boxes_on_one_spool_take_each_file_once(ready: House, tmp_path: Path) -> None:
    folder = tmp_path / "spool" / OWN / "inbox"
    folder.mkdir(parents=True)
    for month in range(1, 11):
        (folder / f"{OWN}-2024{month:02}.zip").write_bytes(zip_of(a_csv=str(month).encode()))
    async with running(ready, tmp_path), running(ready, tmp_path):
        found = await taken(ready, tmp_path, 10)
    assert sorted(envelope.data["name"] for envelope in found) == [
        f"{OWN}-2024{month:02}.zip" for month in range(1, 11)
    ]


async def test_key_of_the_tenant_in_the_database_logs_in(ready: House, tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    async with ready.database("ingest").system() as tx:
        await put_tenant(tx, made_up(OWN, sftp_keys=[key.export_public_key().decode().strip()]))
    options = {"known_hosts": None, "config": None, "agent_path": None}
    async with (
        running(ready, tmp_path) as port,
        asyncssh.connect("127.0.0.1", port, username=OWN, client_keys=[key], **options) as connection,
    ):
        assert "inbox" in await (await connection.start_sftp_client()).listdir("/")


async def test_killed_again_and_again_each_file_counts_once(house: House, tmp_path: Path) -> None:
    async with house.database("ingest").system() as tx:
        await put_tenant(tx, made_up(OWN))
    folder = tmp_path / "spool" / OWN / "inbox"
    folder.mkdir(parents=True)
    names = {f"{OWN}-{year}{month:02}.zip" for year in (2021, 2022, 2023, 2024) for month in range(1, 13)}
    for name in names:
        (folder / name).write_bytes(zip_of(a_csv=name.encode() * 1000))
    environment = {
        **os.environ,
        "DEFTERHANE_DATABASE_URL": house.settings.database_url.get_secret_value(),
        "DEFTERHANE_OBJECTS_URL": house.settings.objects_url,
        "DEFTERHANE_SPOOL": str(tmp_path / "spool"),
        "DEFTERHANE_SFTP_PORT": "0",
        "DEFTERHANE_SFTP_HOST_KEY": str(tmp_path / "key"),
        "DEFTERHANE_GRACE_SECONDS": "0",
        "DEFTERHANE_SCAN_SECONDS": "0.2",
    }
    chance = random.Random(7)

    async def recorded() -> int:
        return len(await rows(house))

    for _ in range(2):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ingest", env=environment, stderr=asyncio.subprocess.DEVNULL
        )
        before = await recorded()
        async with asyncio.timeout(60):
            while await recorded() == before:
                await asyncio.sleep(0.02)
        await asyncio.sleep(chance.random() * 0.3)
        process.kill()
        await process.wait()
    assert len(inbox(tmp_path)) > 0, "it was too fast to be killed at work"

    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "ingest", env=environment)
    async with asyncio.timeout(60):
        while inbox(tmp_path):
            await asyncio.sleep(0.1)
    process.terminate()
    async with asyncio.timeout(60):
        assert await process.wait() == 0
    found = await rows(house)
    assert sorted(str(row["name"]) for row in found) == sorted(names)
    assert {row["state"] for row in found} == {"received"}
    async with house.database("bus").system() as tx:
        told = await tx.session.scalars(text("SELECT envelope FROM bus.delivery WHERE queue = 'converter.files'"))
        envelopes = {envelope.id: envelope for envelope in map(Envelope.model_validate_json, told)}
    assert sorted(envelope.data["name"] for envelope in envelopes.values()) == sorted(names)


# Answers


FILING = Filing(tenant=OWN, period="2025-01")
PROBLEM = Problem(key="some.key", text=Text(tr="Nedeni bu.", en="This is why."), cure=Text(tr="Şöyle.", en="So."))
FINDING = Finding(
    rule="entry.unbalanced",
    message=Text(tr="Borç ve alacak eşit değil.", en="Debit and credit are not equal."),
    cure=Text(tr="Fişi düzeltin.", en="Correct the voucher."),
    file="kayitlar.csv",
    line=17,
    voucher="F-12",
    account="191.01",
    value="10,00",
)


def document(kind: DocumentKind = DocumentKind.JOURNAL_BERAT, branch: str | None = None) -> Document:
    filing = Filing(tenant=OWN, period="2025-01", branch=branch)
    return Document(filing=filing, kind=kind, unique_id="YEV202501000001")


async def drop_directly(house: House, folder: Path) -> str:
    """A file that has been received, without the SFTP server; gives its id."""
    async with running(house, folder) as port, client(port) as sftp:
        await drop(sftp, NAME, EXPORT)
        [envelope] = await taken(house, folder, 1)
    return str(envelope.data["file_id"])


@pytest.mark.parametrize(
    ("event", "stem", "says"),
    [
        (
            FileRefused(tenant=OWN, file_id="1", name="mart.zip", problem=PROBLEM),
            "mart.zip.refused",
            ["Nedeni bu.", "So."],
        ),
        (
            ConversionFailed(
                tenant=OWN,
                file_id="00000000-0000-0000-0000-000000000000",
                name=NAME,
                period="2025-01",
                findings=(FINDING,),
                counts={"entry.unbalanced": 3},
            ),
            f"{NAME}.failed",
            ["kayitlar.csv, satır 17, fiş F-12, hesap 191.01, değer 10,00", "→ Fişi düzeltin.", "ve 2 bulgu daha"],
        ),
        (
            DocumentRejected(
                document=document(DocumentKind.JOURNAL),
                object={"uri": f"object:{OWN}/{'0' * 64}", "sha256": "0" * 64, "size": 1},
                findings=(FINDING,),
                counts={"entry.unbalanced": 1},
            ),
            f"{NAME}.Y-000000.rejected",
            [f"{OWN}-202501-Y-000000", "Debit and credit are not equal."],
        ),
        (
            BeratRefused(document=document(), code="109", problem=PROBLEM),
            f"{NAME}.YB-000000.berat-refused",
            ["Kod: 109", "Nedeni bu."],
        ),
        (FilingHeld(filing=FILING, gate="sign", reason=PROBLEM), f"{NAME}.held", ["Nedeni bu."]),
        (
            SignatureRefused(tenant=OWN, document=document(), problem=PROBLEM),
            f"{NAME}.YB-000000.signature-refused",
            ["Belge imzalanamadı."],
        ),
    ],
)
async def test_answers(ready: House, tmp_path: Path, event: object, stem: str, says: list[str]) -> None:
    await drop_directly(ready, tmp_path)
    answers = Answers(ready, ready.database("ingest"), Spool(tmp_path / "spool"))
    delivery = received(event)
    await answers.handle(delivery)
    content = (outbox(tmp_path) / f"{stem}.txt").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    written = content.decode("utf-8-sig")
    assert written.count("\r\n") == written.count("\n")
    for words in says:
        assert words in written
    data = json.loads((outbox(tmp_path) / f"{stem}.json").read_text())
    assert data["tenant"] == OWN
    # Told once: a second delivery of the event brings nothing back that the tenant has removed.
    for path in outbox(tmp_path).iterdir():
        path.unlink()
    await answers.handle(delivery)
    assert list(outbox(tmp_path).iterdir()) == []


async def test_signature_s_internals_are_not_told(ready: House, tmp_path: Path) -> None:
    secret = Problem(key="operator.pin", text=Text(tr="Yuva 3'te PIN kilitli", en="slot 3: PIN locked"))
    await Answers(ready, ready.database("ingest"), Spool(tmp_path / "spool")).handle(
        received(SignatureRefused(tenant=OWN, document=document(), problem=secret))
    )
    told = b"".join(path.read_bytes() for path in outbox(tmp_path).iterdir())
    assert b"operator.pin" in told
    assert b"slot 3" not in told
    assert b"Yuva" not in told


async def known(house: House, file_id: str = "00000000-0000-0000-0000-000000000000") -> None:
    """A file that has been received, as its row tells."""
    async with house.database("ingest").tenant(OWN) as tx:
        state = {"size": 1, "state": "received", "period": "2025-01", "received_at": NOW}
        tx.session.add(File(id=UUID(file_id), tenant=OWN, name=NAME, mark="1:1:1", **state))


WARNING = FINDING.model_copy(update={"rule": "text.cleaned", "severity": Severity.WARNING})


def made(file_id: str = "00000000-0000-0000-0000-000000000000", **changes: object) -> ConversionMade:
    values = {"revision": 1, "parts": ("000000",), "entries": 3, "lines": 8, "total": 157500, **changes}
    return ConversionMade(tenant=OWN, file_id=file_id, name=NAME, period="2025-01", **values)


def failed(**changes: object) -> ConversionFailed:
    values = {"findings": (FINDING,), "counts": {"entry.unbalanced": 1}, **changes}
    file_id = "00000000-0000-0000-0000-000000000000"
    return ConversionFailed(tenant=OWN, file_id=file_id, name=NAME, period="2025-01", **values)


def not_valid(file_id: str | None = None, kind: DocumentKind = DocumentKind.JOURNAL) -> DocumentRejected:
    return DocumentRejected(
        document=document(kind),
        object={"uri": f"object:{OWN}/{'0' * 64}", "sha256": "0" * 64, "size": 1},
        findings=(FINDING,),
        counts={"entry.unbalanced": 1},
        file_id=file_id,
    )


def said(event: object, minutes: int) -> Received:
    """An event, so many minutes after nine."""
    delivery = received(event)
    envelope = envelop(event, id=delivery.envelope.id, source="/test", time=NOW + timedelta(minutes=minutes))
    return Received(envelope, event, 1)


def names(folder: Path) -> list[str]:
    return sorted(path.name.removeprefix(f"{NAME}.") for path in outbox(folder).iterdir())


async def test_a_made_month_is_told_with_its_figures(ready: House, tmp_path: Path) -> None:
    answers = Answers(ready, ready.database("ingest"), Spool(tmp_path / "spool"))
    recognised = (Text(tr="kayitlar.csv: 25 sütunlu düzen.", en="kayitlar.csv: the 25 columns."),)
    await answers.handle(said(made(parts=("000001", "000002"), recognised=recognised), 0))
    assert names(tmp_path) == ["converted.json", "converted.txt"]
    text = (outbox(tmp_path) / f"{NAME}.converted.txt").read_text("utf-8-sig")
    for words in (
        "Parçalar: 000001, 000002",
        "kayitlar.csv: 25 sütunlu düzen.",
        "Borç = alacak toplamı: 1.575,00",
        "Total of debits = credits: 1,575.00",
    ):
        assert words in text
    data = json.loads((outbox(tmp_path) / f"{NAME}.converted.json").read_text())
    assert (data["entries"], data["lines"], data["total"], data["revision"]) == (3, 8, 157500, 1)
    assert data["parts"] == ["000001", "000002"]
    assert data["recognised"] == [recognised[0].model_dump()]


async def test_all_findings_of_the_report_are_told(ready: House, tmp_path: Path) -> None:
    lines = [FINDING.model_copy(update={"line": line, "value": "=1+1"}).model_dump(mode="json") for line in range(1000)]
    report = await ready.objects.put_bytes(OWN, json.dumps(lines).encode())
    answers = Answers(ready, ready.database("ingest"), Spool(tmp_path / "spool"))
    await answers.handle(said(failed(counts={"entry.unbalanced": 1500}, report=report), 0))
    assert names(tmp_path) == ["failed.csv", "failed.json", "failed.txt"]
    text = (outbox(tmp_path) / f"{NAME}.failed.txt").read_text("utf-8-sig")
    assert "\n1000. Borç ve alacak eşit değil." in text
    assert "… ve 500 bulgu daha" in text
    assert "  entry.unbalanced: 1500" in text
    assert len(json.loads((outbox(tmp_path) / f"{NAME}.failed.json").read_text())["findings"]) == 1000
    table = (outbox(tmp_path) / f"{NAME}.failed.csv").read_bytes()
    assert table.startswith(b"\xef\xbb\xbffile;line;")
    assert table.count(b"\r\n") == 1 + 1000 + 1
    assert b";'=1+1;" in table


@pytest.mark.parametrize("kind", ["missing", "nonsense", "theirs"])
async def test_an_unreadable_report_leaves_the_first_findings(ready: House, tmp_path: Path, kind: str) -> None:
    report = {
        "missing": ObjectRef(uri=f"object:{OWN}/{'1' * 64}", sha256="1" * 64, size=3),
        "nonsense": await ready.objects.put_bytes(OWN, b"[{}]"),
        "theirs": await ready.objects.put_bytes(OTHER, json.dumps([WARNING.model_dump(mode="json")]).encode()),
    }[kind]
    answers = Answers(ready, ready.database("ingest"), Spool(tmp_path / "spool"))
    await answers.handle(said(failed(report=report), 0))
    data = json.loads((outbox(tmp_path) / f"{NAME}.failed.json").read_text())
    assert [finding["rule"] for finding in data["findings"]] == ["entry.unbalanced"]


CONVERTED = ["converted.json", "converted.txt"]
REJECTED = ["Y-000000.rejected.csv", "Y-000000.rejected.json", "Y-000000.rejected.txt"]


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ([failed(), made()], CONVERTED),
        ([made(), failed()], ["failed.csv", "failed.json", "failed.txt"]),
        ([FilingHeld(filing=FILING, gate="convert", reason=PROBLEM), made()], CONVERTED),
        ([FileRefused(tenant=OWN, file_id="1", name=NAME, problem=PROBLEM), made()], CONVERTED),
        ([made(), not_valid()], REJECTED),
        ([made(), not_valid(), made(revision=2)], CONVERTED),
        ([made(findings=(WARNING,), counts={"text.cleaned": 1}), made(revision=2)], CONVERTED),
        # What was made of an earlier file stands, though a later one of its name is refused or waits at a gate.
        (
            [made(), FileRefused(tenant=OWN, file_id="1", name=NAME, problem=PROBLEM)],
            [*CONVERTED, "refused.json", "refused.txt"],
        ),
        ([made(), FilingHeld(filing=FILING, gate="sign", reason=PROBLEM)], [*CONVERTED, "held.json", "held.txt"]),
    ],
)
async def test_no_answer_stands_beside_a_newer_one_that_speaks_against_it(
    ready: House, tmp_path: Path, events: list, left: list[str]
) -> None:
    await known(ready)
    outbox(tmp_path).mkdir(parents=True)
    others = [f"{OWN}-202502.zip.failed.txt", f"{NAME}.bak.failed.txt", f"GIB-{OWN}-202501-YB-000000.xml"]
    for name in others:
        (outbox(tmp_path) / name).write_text("x")
    answers = Answers(ready, ready.database("ingest"), Spool(tmp_path / "spool"))
    deliveries = [said(event, minutes) for minutes, event in enumerate(events)]
    for delivery in deliveries:
        await answers.handle(delivery)
    for name in others:
        (outbox(tmp_path) / name).unlink()
    assert names(tmp_path) == left
    content = {path.name: path.read_bytes() for path in outbox(tmp_path).iterdir()}
    # The same events in any other order leave the same answers: one that comes late does not hide a newer one.
    for path in outbox(tmp_path).iterdir():
        path.unlink()
    for event, minutes in reversed([(event, minutes) for minutes, event in enumerate(events)]):
        await answers.handle(said(event, minutes))
    assert names(tmp_path) == left
    assert {path.name: path.read_bytes() for path in outbox(tmp_path).iterdir()} == content


async def test_a_file_that_is_held_before_its_conversion_has_not_failed_any_more(ready: House, tmp_path: Path) -> None:
    await known(ready)
    answers = Answers(ready, ready.database("ingest"), Spool(tmp_path / "spool"))
    waits = Problem(key="month.earlier_open", text=PROBLEM.text)
    for gate, reason, left in (
        ("submit", PROBLEM, {"failed", "held"}),  # of what was made of an earlier file
        (None, waits, {"held"}),
        ("convert", PROBLEM, {"held"}),
    ):
        await answers.handle(said(failed(), 0))
        await answers.handle(said(FilingHeld(filing=FILING, gate=gate, reason=reason), 1))
        assert {name.split(".")[0] for name in names(tmp_path)} == left
        for path in outbox(tmp_path).iterdir():
            path.unlink()


async def test_a_rejection_is_told_about_the_very_file(ready: House, tmp_path: Path) -> None:
    part = f"{OWN}-202501-000002.zip"
    async with running(ready, tmp_path) as port, client(port) as sftp:
        await drop(sftp, part, EXPORT)
        [first] = await taken(ready, tmp_path, 1)
        await drop(sftp, NAME, zip_of(kayitlar_csv=b"entryref;amount\r\n1;30,00\r\n"))
        await taken(ready, tmp_path, 2)
    answers = Answers(ready, ready.database("ingest"), Spool(tmp_path / "spool"))
    await answers.handle(said(not_valid(str(first.data["file_id"])), 0))
    assert (outbox(tmp_path) / f"{part}.Y-000000.rejected.txt").exists()
    assert {str(row["name"]): row["state"] for row in await rows(ready)} == {part: "failed", NAME: "received"}
    await answers.handle(said(not_valid(str(first.data["file_id"]), DocumentKind.REPORT), 1))
    held = FilingHeld(filing=Filing(tenant=OWN, period="2025-01", part="000002"), gate="convert", reason=PROBLEM)
    await answers.handle(said(held, 2))
    assert (outbox(tmp_path) / f"{part}.000002.held.txt").exists(), "the file of that part, not the newest of the month"


async def test_failed_conversion_lets_the_same_file_come_again(ready: House, tmp_path: Path) -> None:
    file_id = await drop_directly(ready, tmp_path)
    failed = ConversionFailed(tenant=OWN, file_id=file_id, name=NAME, period="2025-01", findings=(), counts={})
    await Answers(ready, ready.database("ingest"), Spool(tmp_path / "spool")).handle(received(failed))
    async with running(ready, tmp_path) as port, client(port) as sftp:
        await drop(sftp, NAME, EXPORT)
        found = await taken(ready, tmp_path, 2)
    assert [envelope.type for envelope in found] == ["file.received", "file.received"]


@pytest.mark.parametrize("content", [EXPORT, zip_of(kayitlar_csv=b"entryref;amount\r\n1;20,00\r\n")])
async def test_rejected_document_lets_any_file_come_for_its_month(ready: House, tmp_path: Path, content: bytes) -> None:
    await drop_directly(ready, tmp_path)
    rejected = DocumentRejected(
        document=document(DocumentKind.LEDGER),
        object={"uri": f"object:{OWN}/{'0' * 64}", "sha256": "0" * 64, "size": 1},
        findings=(FINDING,),
        counts={"entry.unbalanced": 1},
    )
    answers = Answers(ready, ready.database("ingest"), Spool(tmp_path / "spool"))
    delivery = received(rejected)
    await answers.handle(delivery)
    async with running(ready, tmp_path) as port, client(port) as sftp:
        await drop(sftp, NAME, content)
        found = await taken(ready, tmp_path, 2)
    assert [envelope.type for envelope in found] == ["file.received", "file.received"]
    await answers.handle(delivery)
    assert sorted(str(row["state"]) for row in await rows(ready)) == ["failed", "received"]


async def test_file_stands_though_other_months_or_its_report_are_rejected(ready: House, tmp_path: Path) -> None:
    await drop_directly(ready, tmp_path)
    answers = Answers(ready, ready.database("ingest"), Spool(tmp_path / "spool"))
    for other in (document(DocumentKind.JOURNAL, branch="0001"), _february(), document(DocumentKind.REPORT)):
        await answers.handle(
            received(
                DocumentRejected(
                    document=other,
                    object={"uri": f"object:{OWN}/{'0' * 64}", "sha256": "0" * 64, "size": 1},
                    findings=(),
                    counts={},
                )
            )
        )
    assert [row["state"] for row in await rows(ready)] == ["received"]


def _february() -> Document:
    filing = Filing(tenant=OWN, period="2025-02")
    return Document(filing=filing, kind=DocumentKind.JOURNAL, unique_id="YEV202502000002")


async def test_approved_berat_is_delivered_exactly_once(ready: House, tmp_path: Path) -> None:
    content = b"<?xml version='1.0'?><berat/>" * 1000
    reference = await ready.objects.put_bytes(OWN, content)
    deliveries = Deliveries(ready, ready.database("ingest"), Spool(tmp_path / "spool"))
    event = BeratApproved(document=document(branch="0001"), object=reference)
    await deliveries.handle(received(event))
    delivered = outbox(tmp_path) / f"GIB-{OWN}-202501-YB-000000-0001.xml"
    assert delivered.read_bytes() == content
    assert [path.name for path in outbox(tmp_path).iterdir()] == [delivered.name]
    delivered.unlink()  # the ERP has fetched it
    await deliveries.handle(received(event))
    assert not delivered.exists()


async def test_berat_is_delivered_again_after_a_crash_before_the_commit(ready: House, tmp_path: Path) -> None:
    reference = await ready.objects.put_bytes(OWN, b"<berat/>")
    deliveries = Deliveries(ready, ready.database("ingest"), Spool(tmp_path / "spool"))
    delivered = outbox(tmp_path) / f"GIB-{OWN}-202501-YB-000000.xml"
    delivered.parent.mkdir(parents=True)
    (delivered.parent / f".{delivered.name}").write_bytes(b"<be")  # what a killed delivery leaves
    await deliveries.handle(received(BeratApproved(document=document(), object=reference)))
    assert delivered.read_bytes() == b"<berat/>"
    assert len(list(delivered.parent.iterdir())) == 1


async def test_damaged_berat_is_not_delivered(ready: House, tmp_path: Path) -> None:
    reference = await ready.objects.put_bytes(OWN, b"<berat/>")
    [stored] = [path for path in (tmp_path / "objects").rglob("*") if path.is_file()]
    stored.write_bytes(b"<BERAT/>")
    deliveries = Deliveries(ready, ready.database("ingest"), Spool(tmp_path / "spool"))
    with pytest.raises(Exception, match="damaged"):
        await deliveries.handle(received(BeratApproved(document=document(), object=reference)))
    assert not outbox(tmp_path).exists() or list(outbox(tmp_path).iterdir()) == []


async def test_month_closed_lists_all_documents(ready: House, tmp_path: Path) -> None:
    names = (f"{OWN}-202501-Y-000000.xml", f"GIB-{OWN}-202501-YB-000000.xml")
    deliveries = Deliveries(ready, ready.database("ingest"), Spool(tmp_path / "spool"))
    for branch, stem in ((None, f"{OWN}-202501.closed"), ("0001", f"{OWN}-0001-202501.closed")):
        filing = Filing(tenant=OWN, period="2025-01", branch=branch)
        await deliveries.handle(received(MonthClosed(filing=filing, documents=names)))
        assert all(name in (outbox(tmp_path) / f"{stem}.txt").read_text("utf-8-sig") for name in names)
        assert json.loads((outbox(tmp_path) / f"{stem}.json").read_text())["documents"] == list(names)


async def test_consumers_fit_the_topology(ready: House, tmp_path: Path) -> None:
    for consumer in build(ready, settings_for(tmp_path)).consumers:
        assert set(queue_named(consumer.name).events) == set(consumer.events)

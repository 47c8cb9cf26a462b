"""The whole house on one machine: a dropped file becomes an archived month; a bad one becomes a clear answer."""

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import asyncssh
import httpx
import pytest
from cryptography.x509 import load_pem_x509_certificates

from defterhane.edefter.period import Period
from defterhane.edefter.taxid import TaxId, vkn_from_stem
from defterhane.xades import verify_file
from defterhane_cli.one_machine import OneMachine, Pace
from sandbox.samples import write_sample
from support.drops import drop, outbox, zipped
from support.exports import entry, written
from support.outside import official_errors, xmlsec1_accepts
from support.servers import open_folder
from support.tenants import tenant

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(600)]

VENDOR = TaxId("6090408038")


class House:
    """The running house, with what a tester needs."""

    def __init__(self, machine: OneMachine, key: asyncssh.SSHKey, api: httpx.AsyncClient) -> None:
        self.machine = machine
        self.key = key
        self.api = api

    async def firm(self, tax_id: str, **changes: Any) -> str:
        public = self.key.export_public_key().decode().strip()
        await self.machine.add_tenant(tenant(tax_id, sftp_keys=[public], **changes))
        return tax_id

    async def drop(self, tax_id: str, file: Path, name: str | None = None) -> None:
        await drop(self.machine.sftp_port, tax_id, self.key, file, name)

    async def outbox(self, tax_id: str) -> dict[str, bytes]:
        return await outbox(self.machine.sftp_port, tax_id, self.key)

    async def answer(self, tax_id: str, part: str, seconds: float = 60) -> tuple[str, str]:
        """Wait for an answer file whose name holds `part`; returns its name and text."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for name, data in (await self.outbox(tax_id)).items():
                if part in name and name.endswith(".txt"):
                    return name, data.decode("utf-8-sig")
            await asyncio.sleep(0.25)
        raise AssertionError(f"no answer with {part!r} in its name: {sorted(await self.outbox(tax_id))}")

    async def closed(self, tax_id: str, period: str, *, after_failure: bool = False) -> dict[str, Any]:
        """Wait until a month is closed; returns its row of the board."""
        deadline = time.monotonic() + 120
        row: dict[str, Any] = {}
        while time.monotonic() < deadline:
            row = await self.row(tax_id, period)
            if row["month"]["closed"]:
                return row
            assert after_failure or row["month"]["state"] != "failed", json.dumps(row, ensure_ascii=False, indent=1)
            await asyncio.sleep(0.25)
        raise AssertionError(json.dumps(row, ensure_ascii=False, indent=1))

    async def row(self, tax_id: str, period: str) -> dict[str, Any]:
        answer = await self.api.get("/api/board", params={"period": period, "search": tax_id})
        answer.raise_for_status()
        return next(row for row in answer.json()["rows"] if row["tenant"] == tax_id)


@pytest.fixture(scope="module")
async def house() -> AsyncIterator[House]:
    with open_folder() as folder:
        machine = OneMachine(folder / "house", Pace(approval_delay=0.2, poll_seconds=0.2, grace_seconds=0))
        await machine.start()
        headers = {"Authorization": f"Bearer {machine.operator_token.get_secret_value()}"}
        base = f"http://127.0.0.1:{machine.portal_port}"
        async with httpx.AsyncClient(base_url=base, headers=headers) as api:
            yield House(machine, asyncssh.generate_private_key("ssh-ed25519"), api)
        await machine.stop()


def _check_export(house: House, exported: list[Path], tax_id: str, period: str) -> None:
    documents = [path for path in exported if path.suffix == ".xml"]
    names = {path.stem for path in documents}
    stem = f"{tax_id}-{Period.parse(period).compact}"
    assert names == {
        *(f"{stem}-{kind}-000000" for kind in ("Y", "K", "YB", "KB", "DR")),
        *(f"GIB-{stem}-{kind}-000000" for kind in ("YB", "KB")),
    }
    trusted = load_pem_x509_certificates(house.machine.trusted.read_bytes())
    for path in documents:
        assert xmlsec1_accepts(path), path.name
        verification = verify_file(path, roots=trusted)
        assert verification.ok, (path.name, verification.checks)


@pytest.mark.xmlsec1
@pytest.mark.official
async def test_the_vendors_published_sample_goes_the_whole_way(
    house: House, tmp_path: Path, shared_folder: Path
) -> None:
    sample = shared_folder / "samples" / "verideseni_ornek.csv"
    file = zipped(tmp_path / f"{VENDOR}-201301.zip", {sample.name: sample.read_bytes()})
    await house.firm(VENDOR)
    await house.drop(VENDOR, file)
    row = await house.closed(VENDOR, "2013-01")
    assert {cell["state"] for cell in row["month"]["cells"].values()} == {"done"}

    exported = [one.path for one in await house.machine.export(VENDOR, tmp_path / "export")]
    _check_export(house, exported, VENDOR, "2013-01")
    for path in exported:
        if path.suffix == ".xml":
            assert official_errors(path) == [], path.name
    folder = tmp_path / "export" / VENDOR / "01.01.2013-31.12.2013" / "01"
    assert {path.parent for path in exported} == {folder}
    manifest = json.loads(next(folder.glob("*manifest.json")).read_text())
    for listed in manifest["files"]:
        assert hashlib.sha256((folder / listed["name"]).read_bytes()).hexdigest() == listed["sha256"]

    await house.answer(VENDOR, "closed")
    delivered = await house.outbox(VENDOR)
    for kind in ("YB", "KB"):
        name = f"GIB-{VENDOR}-201301-{kind}-000000.xml"
        assert delivered[name] == (folder / name).read_bytes()


async def test_months_follow_one_another_and_what_is_approved_is_final(house: House, tmp_path: Path) -> None:
    firm = await house.firm(vkn_from_stem("222333444"))
    for period in ("2025-02", "2025-01"):  # dropped in the wrong order
        month = Period.parse(period)
        file = tmp_path / f"{firm}-{month.compact}.zip"
        write_sample(file, tax_id=firm, period=month, lines=60, seed=month.month)
        await house.drop(firm, file)
        if period == "2025-02":
            name, text = await house.answer(firm, "held")
            assert "2025-01" in text, name
    for period in ("2025-01", "2025-02"):
        await house.closed(firm, period)
    correction = tmp_path / "correction.zip"
    write_sample(correction, tax_id=firm, period=Period(2025, 1), lines=80, seed=9)
    before = await house.outbox(firm)
    await house.drop(firm, correction, f"{firm}-202501.zip")
    text = await _new_answer(house, firm, before, "correction after approval")
    assert "approved" in text


@pytest.mark.xmlsec1
async def test_a_month_in_three_drops_and_several_parts(house: House, tmp_path: Path) -> None:
    firm = await house.firm(vkn_from_stem("777666555"), part_ends=(10, 20), part_bytes=1_000_000)
    for slot, days in (("000003", (21, 31)), ("000001", (1, 10)), ("000002", (11, 20))):
        rows = [
            row
            for number in range(1, 481)
            for row in entry(
                number,
                f"2025-01-{days[0] + number % (days[1] - days[0] + 1):02}",
                entrynumbercounter="",
                linenumbercounter="",
                linenumber="",
            )
        ]
        file = zipped(tmp_path / f"{firm}-202501-{slot}.zip", {"yevmiye.csv": written(rows).encode()})
        await house.drop(firm, file)
    row = await house.closed(firm, "2025-01")
    assert {cell["state"] for cell in row["month"]["cells"].values()} == {"done"}
    exported = [one.path for one in await house.machine.export(firm, tmp_path / "export")]
    names = {path.stem for path in exported if path.suffix == ".xml"}
    stem = f"{firm}-202501"
    parts = sorted(name.rpartition("-")[2] for name in names if "-Y-" in name)
    assert len(parts) > 3
    assert names == {
        f"{stem}-DR-000000",
        *(f"{stem}-{kind}-{part}" for kind in ("Y", "K", "YB", "KB") for part in parts),
        *(f"GIB-{stem}-{kind}-{part}" for kind in ("YB", "KB") for part in parts),
    }
    assert all(xmlsec1_accepts(path) for path in exported if path.suffix == ".xml")


async def _good_bytes(tmp_path: Path, firm: TaxId, period: str) -> bytes:
    file = tmp_path / "good.zip"
    write_sample(file, tax_id=firm, period=Period.parse(period), lines=40, seed=3)
    return file.read_bytes()


async def test_bad_input_ends_in_a_clear_answer_and_the_next_good_file_goes_through(
    house: House, tmp_path: Path
) -> None:
    firm = vkn_from_stem("333444555")
    await house.firm(firm, openings=({"period": "2025-03"},))
    good = await _good_bytes(tmp_path, firm, "2025-03")
    csv = _first_member(tmp_path / "good.zip")
    rows = csv.split(b"\n")
    header, body = rows[0], rows[1:]
    columns = header.decode().split(";")
    amount, date = columns.index("amount"), columns.index("postingdate")

    def changed(column: int, value: bytes) -> bytes:
        cells = body[0].split(b";")
        cells[column] = value
        return b"\n".join([header, b";".join(cells), *body[1:]])

    other = vkn_from_stem("999888777")
    stem = f"{firm}-202503"
    cases: dict[str, tuple[str, bytes, str]] = {
        # name of the case: (name of the drop, bytes, what the answer says in English)
        "not a ZIP": (f"{stem}.zip", b"this is not a ZIP", "ZIP"),
        "cut ZIP": (f"{stem}.zip", good[: len(good) // 2], "ZIP"),
        "empty": (f"{stem}.zip", b"", "empty"),
        "bomb": (f"{stem}.zip", _zip_bytes(tmp_path, {"a.csv": b"0" * 60_000_000}), "ZIP"),
        "path": (f"{stem}.zip", _zip_bytes(tmp_path, {"../a.csv": csv}), "ZIP"),
        "wrong firm": (f"{other}-202503.zip", good, str(other)),
        "wrong month": (f"{firm}-202513.zip", good, "month"),
        "unknown layout": (f"{stem}.zip", _zip_bytes(tmp_path, {"a.csv": b"a;b;c\n1;2;3\n"}), "column"),
        "unbalanced": (f"{stem}.zip", _zip_bytes(tmp_path, {"a.csv": changed(amount, b"1.23")}), "debit"),
        "outside the month": (
            f"{stem}.zip",
            _zip_bytes(tmp_path, {"a.csv": changed(date, b"2025-04-01")}),
            "2025-04-01",
        ),
    }
    answered: set[str] = set()
    for case, (name, data, said) in cases.items():
        file = tmp_path / "bad.bin"
        file.write_bytes(data)
        before = await house.outbox(firm)
        await house.drop(firm, file, name)
        text = await _new_answer(house, firm, before, case)
        assert said.lower() in text.lower(), (case, text)
        answered.add(case)
    assert answered == set(cases)
    assert not [name for name in await house.outbox(firm) if name.startswith("GIB-")]

    file = tmp_path / "good.bin"
    file.write_bytes(good)
    await house.drop(firm, file, f"{stem}.zip")
    await house.closed(firm, "2025-03", after_failure=True)

    before = await house.outbox(firm)
    await house.drop(firm, file, f"{stem}.zip")
    text = await _new_answer(house, firm, before, "duplicate")
    assert "already" in text.lower()


async def _new_answer(house: House, firm: str, before: dict[str, bytes], case: str) -> str:
    for _ in range(240):
        for name, data in (await house.outbox(firm)).items():
            if name.endswith(".txt") and ".received." not in name and before.get(name) != data:
                return data.decode("utf-8-sig")
        await asyncio.sleep(0.25)
    raise AssertionError(f"no answer for: {case}")


def _first_member(file: Path) -> bytes:
    with ZipFile(file) as archive:
        return archive.read(archive.namelist()[0])


def _zip_bytes(tmp_path: Path, members: dict[str, bytes]) -> bytes:
    return zipped(tmp_path / "made.zip", members).read_bytes()


async def test_a_tenant_never_sees_another(house: House) -> None:
    first = await house.firm(vkn_from_stem("555666777"))
    with pytest.raises(asyncssh.Error):
        async with asyncssh.connect(
            "127.0.0.1",
            house.machine.sftp_port,
            username=first,
            client_keys=[asyncssh.generate_private_key("ssh-ed25519")],
            known_hosts=None,
            config=None,
            agent_path=None,
        ):
            pass

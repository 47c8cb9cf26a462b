"""As in production: every service its own process, over RabbitMQ, PostgreSQL, SoftHSM and S3, and killed in the middle.

`DEFTERHANE_*` settings are those of deploy/k8s; the outside world is the sandbox, a process too.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncssh
import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from archive.export import export_tree
from archive.settings import ArchiveSettings
from archive.store import ArchiveStore
from defterhane.edefter.names import WHOLE
from defterhane.edefter.period import Period
from defterhane.edefter.taxid import TaxId, vkn_from_stem
from defterhane.house import House
from defterhane.objects import open_backend
from defterhane.tenancy import put_tenant
from defterhane_cli.embedded import prepare_database
from sandbox.ca import Authority
from sandbox.samples import write_sample
from support import servers
from support.drops import drop, outbox
from support.fleet import SERVICES, Fleet, get_json
from support.outside import official_errors, xmlsec1_accepts
from support.softhsm import LABEL, PIN, SoftToken, soft_token
from support.tenants import tenant

pytestmark = [
    pytest.mark.rabbitmq,
    pytest.mark.s3,
    pytest.mark.softhsm,
    pytest.mark.xmlsec1,
    pytest.mark.timeout(900),
]

OPERATOR = "an operator's token for tests only"
PASSWORD = "a database password"
PERIOD = Period(2025, 3)


class World:
    """All processes, and what a tester needs of them."""

    def __init__(self, folder: Path, fleet: Fleet, settings: dict[str, str], ports: dict[str, int]) -> None:
        self.folder = folder
        self.fleet = fleet
        self.ports = ports
        self.settings = settings
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.token: SoftToken | None = None
        self.seals = 0
        self.authority: Authority | None = None

    def board(self, firm: str) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.ports['portal']}/api/board?period={PERIOD}&search={firm}"
        found = get_json(url, OPERATOR)
        assert isinstance(found, dict)
        return next(row for row in found["rows"] if row["tenant"] == firm)

    def statistics(self) -> dict[str, dict[str, Any]]:
        found = get_json(f"http://127.0.0.1:{self.ports['sandbox']}/sandbox/statistics")
        assert isinstance(found, dict)
        packages: dict[str, dict[str, Any]] = found["packages"]
        return packages

    async def add_firm(self, stem: str, algorithm: str = "rsa", **changes: Any) -> TaxId:
        firm = vkn_from_stem(stem)
        assert self.token is not None
        assert self.authority is not None
        seal = self.authority.issue_seal(firm, "ÖRNEK TİCARET LTD. ŞTİ.", algorithm, now=datetime.now(UTC))
        self.seals += 1
        await asyncio.to_thread(self.token.put, seal, f"{firm}SIGN0", self.seals)
        public = self.key.export_public_key().decode().strip()
        house = self.house()
        async with house.database("tenancy").tenant(firm) as tx:
            await put_tenant(tx, tenant(firm, sftp_keys=[public], openings=({"period": str(PERIOD)},), **changes))
        await house.close()
        return firm

    def archive_settings(self) -> ArchiveSettings:
        """As the archive reads them from its environment."""
        values = {name: value for name, value in self.settings.items() if name != "retry_seconds"}
        return ArchiveSettings.model_validate(values)

    def house(self) -> House:
        return House.open(self.archive_settings())

    async def export(self, firm: str, target: Path) -> list[Path]:
        settings = self.archive_settings()
        house = House.open(settings)
        store = ArchiveStore(open_backend(settings, settings.archive_url))
        exported = await export_tree(house.database("archive"), store, firm, target)
        await house.close()
        return [one.path for one in exported]

    async def drop_month(self, firm: TaxId, lines: int) -> None:
        file = self.folder / f"{firm}-{PERIOD.compact}.zip"
        write_sample(file, tax_id=firm, period=PERIOD, lines=lines, seed=7)
        await drop(self.ports["sftp"], firm, self.key, file)

    async def release_until_closed(self, firm: str, seconds: float = 240) -> None:
        """Let the month's parts go to GİB as they come to the gate before it, until it is closed."""
        base = f"http://127.0.0.1:{self.ports['portal']}/api"
        deadline = time.monotonic() + seconds
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {OPERATOR}"}) as client:
            while not (await asyncio.to_thread(self.board, firm))["month"]["closed"]:
                assert time.monotonic() < deadline, self.fleet.logs()
                month = (await client.get(f"{base}/tenants/{firm}/months/{PERIOD}")).json()
                for hold in month["holds"]:
                    if hold["gate"] == "submit":
                        body = {"filing": hold["filing"], "gate": "submit"}
                        answer = await client.post(f"{base}/filings/release", json=body)
                        assert answer.status_code in (202, 409), answer.text
                await asyncio.sleep(0.5)

    async def wait_until_closed(self, firm: str, seconds: float = 240) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                row = await asyncio.to_thread(self.board, firm)
            except (OSError, StopIteration):
                row = {"month": {"closed": False, "state": "?"}}
            if row["month"]["closed"]:
                return
            assert row["month"]["state"] != "failed", row
            await asyncio.sleep(0.5)
        raise AssertionError(f"not closed: {row}\n{self.fleet.logs()}")

    async def wait_for_delivery(self, firm: str) -> dict[str, bytes]:
        for _ in range(120):
            found = await outbox(self.ports["sftp"], firm, self.key)
            if any("closed" in name for name in found):
                return found
            await asyncio.sleep(0.5)
        raise AssertionError("nothing delivered")

    async def check_month(self, firm: TaxId, target: Path, parts: Sequence[str] = (WHOLE,)) -> None:
        """Nothing lost, nothing twice, everything valid."""
        stem = f"{firm}-{PERIOD.compact}"
        exported = [path for path in await self.export(firm, target) if path.suffix == ".xml"]
        berats = [f"{stem}-{kind}-{part}" for kind in ("YB", "KB") for part in parts]
        assert {path.stem for path in exported} == {
            *(f"{stem}-{kind}-{part}" for kind in ("Y", "K") for part in parts),
            *berats,
            *(f"GIB-{berat}" for berat in berats),
            f"{stem}-DR-{WHOLE}",
        }
        trusted = [self.folder / "sandbox" / "certificates" / f"{name}.pem" for name in ("root", "issuer")]
        for path in exported:
            assert xmlsec1_accepts(path, *trusted), path.name
            if servers_official():
                assert official_errors(path) == [], path.name
        statistics = await asyncio.to_thread(self.statistics)
        for name in (*berats, f"{stem}-DR-{WHOLE}"):
            assert statistics[name]["approved"] == 1, statistics
        delivered = await self.wait_for_delivery(firm)
        approved = [name for name in delivered if name.startswith("GIB-")]
        assert sorted(approved) == sorted(f"GIB-{berat}.xml" for berat in berats)


def servers_official() -> bool:
    return (Path(__file__).parents[3] / "shared").is_dir()


@pytest.fixture(scope="module")
async def settings(rabbitmq_url: str, s3: dict[str, str]) -> AsyncIterator[dict[str, str]]:
    """What all services are told."""
    with ExitStack() as stack:
        folder = stack.enter_context(servers.open_folder())
        given = os.environ.get("DEFTERHANE_TEST_POSTGRES_URL")
        base = given or stack.enter_context(servers.debian_postgres(folder / "postgres"))
        name = f"e2e_{os.getpid()}"
        await prepare_database(f"{base}/{name}", "defterhane_e2e", PASSWORD)
        place = base.rpartition("@")[2].rpartition("//")[2]
        yield {
            "database_url": f"postgresql://defterhane_e2e:{PASSWORD.replace(' ', '%20')}@{place}/{name}",
            "bus_url": rabbitmq_url,
            **s3,
            "archive_url": f"{s3['objects_url']}-archive",
            "scratch": str(folder / "scratch"),
            "retry_seconds": "[0.2, 0.5, 1, 2]",
            "lease_seconds": "3",
            "processes": "1",
        }


@pytest.fixture(scope="module")
async def world(settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("world")
    ports = {name: servers.free_port() for name in ("sandbox", "sftp", "portal")}
    stack = ExitStack()
    token = stack.enter_context(soft_token(folder / "softhsm"))
    sandbox_environment = {
        "DEFTERHANE_SANDBOX_DATA": str(folder / "sandbox"),
        "DEFTERHANE_SANDBOX_PORT": str(ports["sandbox"]),
        "DEFTERHANE_SANDBOX_APPROVAL_DELAY": "0.5",
        "DEFTERHANE_SANDBOX_ADMIN": "true",
    }
    log = (folder / "sandbox.log").open("wb")
    sandbox = subprocess.Popen(
        [sys.executable, "-m", "sandbox"],
        env={**os.environ, **sandbox_environment},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    log.close()
    servers.wait_for_port(ports["sandbox"], 60, sandbox)
    authority = Authority.load(folder / "sandbox" / "certificates")
    trusted = (authority.root.certificate, authority.issuer.certificate)
    (folder / "trusted.pem").write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in trusted))
    pin = folder / "pin"
    pin.write_text(PIN)
    own = {
        "ingest": {
            "spool": str(folder / "spool"),
            "sftp_port": str(ports["sftp"]),
            "sftp_host_key": str(folder / "host-key"),
            "grace_seconds": "0",
        },
        "signer": {
            "signer_pkcs11_module": str(token.module),
            "signer_pkcs11_token": LABEL,
            "signer_pkcs11_pin_file": str(pin),
        },
        "gib_gateway": {
            "gib_endpoint": f"http://127.0.0.1:{ports['sandbox']}/edefter/services/EDefterWsPort",
            "gib_roots": json.dumps([str(folder / "trusted.pem")]),
            "gib_poll_seconds": "0.3",
            "gib_poll_longest": "1",
            "gib_retry_seconds": "0.5",
            "gib_retry_longest": "2",
            "gib_tick_seconds": "0.2",
            "gib_signature_seconds": "5",
        },
        "portal": {"operator_token": OPERATOR, "http_port": str(ports["portal"])},
    }
    for service in own.values():
        service.setdefault("log_level", "INFO")
    fleet = Fleet(folder / "logs", {**settings}, own)
    world = World(folder, fleet, settings, ports)
    world.token = token
    world.authority = authority
    try:
        fleet.start(*SERVICES)
        yield world
    finally:
        fleet.stop()
        servers.end(sandbox)
        stack.close()


async def test_a_month_goes_the_whole_way(world: World, tmp_path: Path) -> None:
    for stem, algorithm in (("111111111", "rsa"), ("222222222", "ec")):
        firm = await world.add_firm(stem, algorithm)
        await world.drop_month(firm, lines=200)
        await world.wait_until_closed(firm)
        await world.check_month(firm, tmp_path / stem)


async def test_killing_each_service_in_the_middle_loses_nothing_and_doubles_nothing(
    world: World, tmp_path: Path
) -> None:
    """While each service in turn is killed, a month of its own and those before it are on their way; and one in
    several parts that is corrected meanwhile, and waits for a person before GİB."""
    firms = {}
    corrected = await world.add_firm("355555555", part_bytes=1_000_000, gates=("submit",))
    for number, name in enumerate(SERVICES):
        firms[name] = await world.add_firm(f"3000000{number:02}")
        await world.drop_month(firms[name], lines=1000)
        if number % 3 == 0:
            await world.drop_month(corrected, lines=1500 + 100 * number)
        await asyncio.sleep(0.8)
        world.fleet.kill(name)
        await asyncio.to_thread(world.fleet.start, name)
    for name, firm in firms.items():
        await world.wait_until_closed(firm)
        await world.check_month(firm, tmp_path / name)
    await world.release_until_closed(corrected)
    await check_correction(world, corrected, tmp_path / "corrected", lines=1500 + 100 * ((len(SERVICES) - 1) // 3 * 3))


async def check_correction(world: World, firm: TaxId, target: Path, lines: int) -> None:
    """The month in parts is whole, and all of it is of the last file."""
    exported = [path for path in await world.export(firm, target / "first") if path.suffix == ".xml"]
    journals = sorted(path for path in exported if "-Y-" in path.name)
    parts = [path.stem.rpartition("-")[2] for path in journals]
    assert parts == [f"{number:06}" for number in range(1, len(parts) + 1)]
    assert len(parts) > 1
    assert sum(path.read_bytes().count(b"<gl-cor:entryDetail>") for path in journals) == lines
    await world.check_month(firm, target / "again", parts)


async def test_sigterm_drains_and_ends_well(world: World, tmp_path: Path) -> None:
    firm = await world.add_firm("444444444")
    await world.drop_month(firm, lines=500)
    await asyncio.sleep(1)
    for name in SERVICES:
        assert await asyncio.to_thread(world.fleet.terminate, name) == 0, name
    await asyncio.to_thread(world.fleet.start, *SERVICES)
    await world.wait_until_closed(firm)
    await world.check_month(firm, tmp_path / "export")


async def test_no_secret_is_in_any_log(world: World) -> None:
    secrets = [OPERATOR, PASSWORD, "tests-secret", PASSWORD.replace(" ", "%20"), PIN]
    for path in (world.folder / "logs").glob("*.log"):
        text = path.read_text("utf-8", "replace")
        for secret in secrets:
            assert secret not in text, path.name
        assert "guest:guest" not in text, path.name

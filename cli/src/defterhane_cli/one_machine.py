"""Defterhane on one machine: every service in one process, with what it needs beside it.

An embedded PostgreSQL, a folder of objects, a software key for each tenant, and the sandbox as the outside world: the
same services as in production, other carriers, chosen by settings.
"""

import asyncio
import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import SecretStr

import archive.app
import converter.app
import gib_gateway.app
import ingest.app
import portal.app
import signer.app
import validator.app
from archive.export import Exported, export_tree
from archive.settings import ArchiveSettings
from archive.store import ArchiveStore
from converter.settings import ConverterSettings
from defterhane.host import Host
from defterhane.house import House
from defterhane.objects import open_backend
from defterhane.settings import Settings
from defterhane.tenancy import put_tenant
from defterhane.tenant import Tenant
from defterhane.web import WebServer
from defterhane_cli.embedded import EmbeddedPostgres, prepare_database
from defterhane_cli.errors import AlreadyRunning
from gib_gateway.settings import GatewaySettings
from ingest.settings import IngestSettings
from portal.accounts import make_link
from portal.settings import PortalSettings
from sandbox.app import create_app
from sandbox.certificates import open_certificates
from sandbox.settings import SandboxSettings
from signer.settings import SignerSettings
from validator.settings import ValidatorSettings


@dataclass(frozen=True)
class Pace:
    """How fast the outside world is, and how often it is asked."""

    approval_delay: float = 2
    poll_seconds: float = 1
    grace_seconds: float = 0.5
    """How long a dropped file stays in the inbox at least."""
    settle_seconds: float = 5
    """When a file that was not renamed counts as whole."""


@dataclass(frozen=True)
class Doors:
    """Where the house can be reached; 0 = any free port."""

    sftp_port: int = 0
    portal_port: int = 0


class OneMachine:
    """The whole house. `start` it, use it, `stop` it; what it keeps lies in `folder`."""

    def __init__(self, folder: Path, pace: Pace | None = None, doors: Doors | None = None) -> None:
        self.folder = folder.absolute()
        self._pace = pace or Pace()
        self._doors = doors or Doors()
        self._stack = contextlib.ExitStack()
        self._sandbox: WebServer | None = None
        self._postgres: EmbeddedPostgres | None = None
        self._password = SecretStr("")
        self.house: House | None = None
        self.host: Host | None = None
        self.sftp_port = 0
        self.operator_token = SecretStr("")

    @property
    def trusted(self) -> Path:
        """PEM file of the sandbox's root and issuer: whom its seals and GİB's signatures lead to."""
        return self.folder / "sandbox-trusted.pem"

    @property
    def portal_port(self) -> int:
        """Where the portal answers."""
        assert self.host is not None
        assert self.host.http_port is not None
        return self.host.http_port

    async def start(self) -> None:
        """Start everything; returns once files can be dropped.

        Raises:
            AlreadyRunning: another process uses the folder.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._stack.enter_context(_alone(self.folder))
        self._postgres = await asyncio.to_thread(self._stack.enter_context, EmbeddedPostgres(self.folder / "postgres"))
        await prepare_database(self._postgres.owner_url())
        self.operator_token = _kept_secret(self.folder / "operator-token")
        self._password = _kept_secret(self.folder / "keys-password")
        sandbox = SandboxSettings(data=self.folder / "sandbox", approval_delay=self._pace.approval_delay, admin=True)
        self._sandbox = WebServer(create_app(sandbox), "127.0.0.1", 0)
        await self._sandbox.start()
        certificates = open_certificates(sandbox.data / "certificates", datetime.now(UTC))
        self.trusted.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in certificates.trusted))
        self.house = House.open(self._settings(Settings))
        listening = asyncio.Event()

        def on_listening(port: int) -> None:
            self.sftp_port = port
            listening.set()

        self.host = Host(
            self.house,
            [
                ingest.app.build(self.house, self._ingest(), on_listening),
                converter.app.build(self.house, self._settings(ConverterSettings)),
                validator.app.build(self.house, self._settings(ValidatorSettings)),
                signer.app.build(self.house, self._signer()),
                gib_gateway.app.build(self.house, self._gateway()),
                archive.app.build(self.house, self._archive()),
                portal.app.build(self.house, self._portal()),
            ],
        )
        await self.host.start()
        await listening.wait()

    async def stop(self) -> None:
        """Stop everything, in good order."""
        if self.host is not None:
            await self.host.stop()
        if self._sandbox is not None:
            await self._sandbox.stop()
        await asyncio.to_thread(self._stack.close)

    async def add_tenant(self, tenant: Tenant) -> None:
        """Add a tenant, or replace its master data; a first one gets a seal from the sandbox's authority."""
        assert self.house is not None
        seal = self.folder / "keys" / f"{tenant.tax_id}.p12"
        if not seal.exists():
            await asyncio.to_thread(self._issue_seal, tenant, seal)
        async with self.house.database("tenancy").tenant(tenant.tax_id) as tx:
            await put_tenant(tx, tenant)

    async def login_link(self) -> str:
        """The portal's address, with a secret in it that logs in once and soon."""
        assert self.house is not None
        async with self.house.database("portal").system() as tx:
            secret, _ = await make_link(tx)
        return f"http://127.0.0.1:{self.portal_port}/login?token={secret}"

    async def export(self, tenant: str, target: Path) -> list[Exported]:
        """Write a tenant's archive as the folder tree that GİB's tools expect."""
        assert self.house is not None
        settings = self._archive()
        store = ArchiveStore(open_backend(settings, settings.archive_url))
        return await export_tree(self.house.database("archive"), store, tenant, target)

    def _issue_seal(self, tenant: Tenant, seal: Path) -> None:
        now = datetime.now(UTC)
        authority = open_certificates(self.folder / "sandbox" / "certificates", now).authority
        seal.parent.mkdir(parents=True, exist_ok=True)
        authority.issue_seal(tenant.tax_id, tenant.title, now=now).save_p12(seal, self._password)

    def _settings(self, kind: "type[Any]", **values: Any) -> Any:
        assert self._postgres is not None
        common: dict[str, Any] = {
            "database_url": SecretStr(self._postgres.app_url()),
            "database_connections": 30,
            "objects_url": (self.folder / "objects").as_uri(),
            "scratch": self.folder / "scratch",
            "http_port": self._doors.portal_port,
            "log_format": "console",
        }
        return kind(**common, **values)

    def _ingest(self) -> IngestSettings:
        settings: IngestSettings = self._settings(
            IngestSettings,
            spool=self.folder / "spool",
            sftp_port=self._doors.sftp_port,
            sftp_host_key=self.folder / "sftp-host-key",
            grace_seconds=self._pace.grace_seconds,
            settle_seconds=self._pace.settle_seconds,
        )
        return settings

    def _signer(self) -> SignerSettings:
        keys = self.folder / "keys"
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings: SignerSettings = self._settings(
            SignerSettings, signer_p12_folder=keys, signer_p12_password=self._password
        )
        return settings

    def _gateway(self) -> GatewaySettings:
        assert self._sandbox is not None
        settings: GatewaySettings = self._settings(
            GatewaySettings,
            gib_endpoint=f"http://127.0.0.1:{self._sandbox.port}/edefter/services/EDefterWsPort",
            gib_roots=(self.trusted,),
            gib_poll_seconds=self._pace.poll_seconds,
            gib_poll_longest=max(10.0, self._pace.poll_seconds),
            gib_retry_seconds=1,
            gib_retry_longest=30,
            gib_tick_seconds=0.25,
        )
        return settings

    def _archive(self) -> ArchiveSettings:
        settings: ArchiveSettings = self._settings(ArchiveSettings, archive_url=(self.folder / "archive").as_uri())
        return settings

    def _portal(self) -> PortalSettings:
        settings: PortalSettings = self._settings(
            PortalSettings, operator_token=self.operator_token, secure_cookies=False
        )
        return settings


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock."""
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(folder=folder, process=file.read().strip() or "?") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def is_running(folder: Path) -> bool:
    """Whether a house runs in the folder."""
    if not (folder / "lock").exists():
        return False
    try:
        with _alone(folder):
            return False
    except AlreadyRunning:
        return True


def _kept_secret(path: Path) -> SecretStr:
    """A random secret, made once and kept in a file that only the owner can read."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return SecretStr(path.read_text())

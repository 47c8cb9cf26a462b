"""A real SFTP server without a database, and clients for it."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
from pydantic import SecretStr

from defterhane.edefter.taxid import vkn_from_stem
from defterhane.passwords import hash_password
from ingest.logins import Account
from ingest.settings import IngestSettings
from ingest.sftp_server import SftpServer
from ingest.spool import Spool, SpoolFile

OWN = str(vkn_from_stem("609040803"))
OTHER = str(vkn_from_stem("123456780"))
PASSWORD = "doğru at pil zımba"
_HASH = hash_password(PASSWORD)


def zip_of(**members: bytes) -> bytes:
    """A ZIP; a member's name is its keyword with `_csv` for `.csv`."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_csv", ".csv"), data)
    return content.getvalue()


def settings_for(folder: Path, **changes: Any) -> IngestSettings:
    """Settings for a drop box below a folder."""
    values: dict[str, Any] = {
        "database_url": SecretStr("postgresql://nobody@127.0.0.1:1/none"),
        "objects_url": f"file://{folder}/objects",
        "spool": folder / "spool",
        "sftp_port": 0,
        "sftp_host_key": folder / "keys" / "sftp",
        "grace_seconds": 0,
        **changes,
    }
    return IngestSettings(**values)


class FixedAccounts:
    """Two tenants: one with a password and perhaps keys, another with a password."""

    def __init__(self, keys: tuple[str, ...] = ()) -> None:
        self.accounts = {OWN: Account(OWN, keys, _HASH), OTHER: Account(OTHER, (), _HASH)}
        self.away = False

    async def find(self, user: str) -> Account | None:
        if self.away:
            raise ConnectionError("no database")
        return self.accounts.get(user)


@dataclass
class Box:
    """A running server."""

    port: int
    settings: IngestSettings
    server: SftpServer
    accounts: FixedAccounts
    handed: list[tuple[str, SpoolFile, bool]] = field(default_factory=list)

    @property
    def spool(self) -> Path:
        return self.settings.spool

    def inbox(self, tenant: str = OWN) -> Path:
        return self.spool / tenant / "inbox"

    def outbox(self, tenant: str = OWN) -> Path:
        return self.spool / tenant / "outbox"

    def connect(self, user: str = OWN, password: str | None = PASSWORD, **options: Any) -> Any:
        values: dict[str, Any] = {
            "username": user,
            "password": password,
            "known_hosts": None,
            "config": None,
            "client_keys": None,
            "agent_path": None,
            **options,
        }
        return asyncssh.connect("127.0.0.1", self.port, **values)

    @asynccontextmanager
    async def client(self, user: str = OWN) -> AsyncIterator[asyncssh.SFTPClient]:
        async with self.connect(user) as connection, connection.start_sftp_client() as client:
            yield client


@asynccontextmanager
async def open_box(folder: Path, accounts: FixedAccounts | None = None, **changes: Any) -> AsyncIterator[Box]:
    """Start a server; stop it at the end."""
    settings = settings_for(folder, **changes)
    accounts = accounts or FixedAccounts()
    handed: list[tuple[str, SpoolFile, bool]] = []
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    server = SftpServer(
        settings,
        Spool(settings.spool),
        accounts,
        lambda tenant, file, renamed: handed.append((tenant, file, renamed)),
        listening.set_result,
    )
    stop = asyncio.Event()
    running = asyncio.create_task(server.run(stop))
    try:
        await asyncio.wait({running, listening}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        yield Box(listening.result(), settings, server, accounts, handed)
    finally:
        stop.set()
        await running


async def until(condition: Any, seconds: float = 10) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)

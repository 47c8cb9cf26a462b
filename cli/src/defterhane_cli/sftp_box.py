"""A firm's SFTP box, as its ERP uses it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh


@dataclass(frozen=True)
class Box:
    """Where one firm drops files, and where answers and berats come back."""

    port: int
    user: str
    """The firm's tax number."""
    key: asyncssh.SSHKey

    async def drop(self, file: Path) -> None:
        """Upload a file: under a temporary name, then rename."""
        async with self._open() as sftp:
            await sftp.put(str(file), f"inbox/{file.name}.part")
            await sftp.rename(f"inbox/{file.name}.part", f"inbox/{file.name}")

    async def outbox(self) -> list[str]:
        """Names of what has come back."""
        async with self._open() as sftp:
            return sorted(str(name) for name in await sftp.listdir("outbox") if name not in (".", ".."))

    async def read(self, name: str) -> bytes:
        """What has come back under a name."""
        async with self._open() as sftp, sftp.open(f"outbox/{name}", "rb") as file:
            data: bytes = await file.read()
            return data

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[asyncssh.SFTPClient]:
        # The host key was made a moment ago by this very process.
        async with (
            asyncssh.connect(
                "127.0.0.1",
                self.port,
                username=self.user,
                client_keys=[self.key],
                known_hosts=None,
                config=None,
                agent_path=None,
            ) as connection,
            connection.start_sftp_client() as sftp,
        ):
            yield sftp

"""Dropping files as an ERP does, and reading what came of them."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import asyncssh


@contextlib.asynccontextmanager
async def sftp(port: int, user: str, key: asyncssh.SSHKey) -> AsyncIterator[asyncssh.SFTPClient]:
    async with (
        asyncssh.connect(
            "127.0.0.1", port, username=user, client_keys=[key], known_hosts=None, config=None, agent_path=None
        ) as connection,
        connection.start_sftp_client() as client,
    ):
        yield client


async def drop(port: int, user: str, key: asyncssh.SSHKey, file: Path, name: str | None = None) -> None:
    """Upload under a temporary name, then rename."""
    final = name or file.name
    async with sftp(port, user, key) as client:
        await client.put(str(file), f"inbox/{final}.part")
        await client.rename(f"inbox/{final}.part", f"inbox/{final}")


async def outbox(port: int, user: str, key: asyncssh.SSHKey) -> dict[str, bytes]:
    """All files in the outbox."""
    found = {}
    async with sftp(port, user, key) as client:
        for name in await client.listdir("outbox"):
            if name not in (".", ".."):
                with contextlib.suppress(asyncssh.SFTPNoSuchFile):  # a newer answer has just taken its place
                    async with client.open(f"outbox/{name}", "rb") as file:
                        found[str(name)] = await file.read()
    return found


def zipped(target: Path, members: Mapping[str, bytes]) -> Path:
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target

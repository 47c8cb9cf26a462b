"""The SFTP protocol's side of a session: what asyncssh's handler does not do by itself.

Built on asyncssh's own handler, channel and stream session (its version is fixed by the lock file). What is added:
only the requests that a drop box needs are answered; a broken session is told from closed files; a client that asks
and does not read the answers is not answered further; what a client may pile up is bounded.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import asyncssh
from asyncssh import constants as protocol
from asyncssh.packet import SSHPacket
from asyncssh.sftp import SFTPServerHandler
from asyncssh.stream import SSHServerStreamSession

from ingest.sftp_files import TenantFiles

_VERSION: Final = 3
_ANSWERED: Final = frozenset(
    {
        protocol.FXP_OPEN,
        protocol.FXP_CLOSE,
        protocol.FXP_READ,
        protocol.FXP_WRITE,
        protocol.FXP_LSTAT,
        protocol.FXP_FSTAT,
        protocol.FXP_SETSTAT,
        protocol.FXP_FSETSTAT,
        protocol.FXP_OPENDIR,
        protocol.FXP_READDIR,
        protocol.FXP_REMOVE,
        protocol.FXP_REALPATH,
        protocol.FXP_STAT,
        protocol.FXP_RENAME,
        b"posix-rename@openssh.com",
        b"fsync@openssh.com",
        b"lsetstat@openssh.com",
        b"limits@openssh.com",
    }
)
_UNSENT: Final = 8 * 1024 * 1024
"""A client with so many bytes of answers waiting for it gets no more until it has read."""


class Handler(SFTPServerHandler):
    """Speaks SFTP 3 with one client."""

    _extensions = [pair for pair in SFTPServerHandler._extensions if pair[0] in _ANSWERED]  # noqa: RUF012
    _packet_handlers = {  # noqa: RUF012
        kind: handler for kind, handler in SFTPServerHandler._packet_handlers.items() if kind in _ANSWERED
    }

    def __init__(
        self,
        files: TenantFiles,
        reader: "asyncssh.SSHReader[bytes]",
        writer: "asyncssh.SSHWriter[bytes]",
        seen: Callable[[], None],
    ) -> None:
        super().__init__(files, reader, writer, _VERSION)
        self._files = files
        self._seen = seen

    async def _process_packet(self, pkttype: int, pktid: int, packet: SSHPacket) -> None:
        self._seen()
        await super()._process_packet(pkttype, pktid, packet)
        await self._drain()

    async def _cleanup(self, exc: Exception | None) -> None:
        self._files.break_off()
        await super()._cleanup(exc)

    async def _drain(self) -> None:
        if self._writer is None:
            return
        await self._writer.drain()
        # A client may allow a huge window and never read its socket; asyncssh leaves the transport's buffer unbounded.
        while not self._files.channel.is_closing():
            transport = self._files.connection._transport
            if transport is None or transport.get_write_buffer_size() <= _UNSENT:
                return
            await asyncio.sleep(0.05)


class Session(SSHServerStreamSession[bytes]):
    """A session channel on which nothing but SFTP can be asked for: no shell, no command."""

    def __init__(
        self,
        start: Callable[["asyncssh.SSHServerChannel[bytes]"], Awaitable[TenantFiles]],
        seen: Callable[[], None],
        ended: Callable[[], None],
    ) -> None:
        super().__init__(None)
        self._start = start
        self._seen = seen
        self._ended = ended

    def subsystem_requested(self, subsystem: str) -> bool:
        return subsystem == "sftp"

    def session_started(self) -> None:
        assert isinstance(self._chan, Channel)
        assert self._conn is not None
        self._conn.create_task(self._run(self._chan))

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._ended()

    async def _run(self, channel: "asyncssh.SSHServerChannel[bytes]") -> None:
        reader = asyncssh.SSHReader[bytes](self, channel)
        writer = asyncssh.SSHWriter[bytes](self, channel)
        await Handler(await self._start(channel), reader, writer, self._seen).run()


class Channel(asyncssh.SSHServerChannel[bytes]):
    """A session's channel that keeps no environment variables, which a client could pile up."""

    def _process_env_request(self, packet: SSHPacket) -> bool:
        packet.get_string()
        packet.get_string()
        packet.check_end()
        return False

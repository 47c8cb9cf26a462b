"""The SFTP server: tenants log in with their number, by key or password, and get nothing but their two boxes."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import asyncssh

from defterhane.log import logger
from ingest.host_keys import load_host_keys
from ingest.inbox import Inbox, InboxBounds
from ingest.logins import Account, Accounts, Passwords, has_key
from ingest.outbox import Outbox
from ingest.settings import IngestSettings
from ingest.sftp_files import TenantFiles
from ingest.sftp_session import Channel, Session
from ingest.spool import Spool, SpoolFile

_log = logger(__name__)

_TRIES: Final = 12
"""Users, wrong keys and passwords that one connection may try."""
_SESSIONS: Final = 4
"""SFTP sessions in one connection."""
_FAREWELL: Final = 10.0
"""Seconds that a client has to read what still waits for it."""
_WINDOW: Final = 2 * 1024 * 1024
_PACKET: Final = 32 * 1024

Handed = Callable[[str, SpoolFile, bool], None]
"""Called with tenant, file and whether it was renamed, when a client has handed a file over."""


class SftpServer:
    """Listens, and knows who is connected."""

    def __init__(
        self,
        settings: IngestSettings,
        spool: Spool,
        accounts: Accounts,
        handed: Handed,
        listening: Callable[[int], None] | None = None,
    ) -> None:
        self.settings = settings
        self.accounts = accounts
        self.threads = ThreadPoolExecutor(settings.sftp_threads, thread_name_prefix="sftp")
        self.passwords = Passwords(settings, self.threads)
        self.connections: set[Connection] = set()
        self.by_tenant: Counter[str] = Counter()
        self.sessions: set[asyncio.Task[object]] = set()
        self._spool = spool
        self._handed = handed
        self._listening = listening

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop`.

        Raises:
            OSError: the port cannot be had.
            HostKeyUnreadable: see there.
        """
        settings = self.settings
        keys = await asyncio.to_thread(load_host_keys, settings.sftp_host_key)
        acceptor = await asyncssh.listen(
            settings.sftp_host,
            settings.sftp_port,
            config=None,
            server_factory=lambda: Connection(self),
            server_host_keys=keys,
            server_version="Defterhane",
            login_timeout=settings.sftp_login_seconds,
            keepalive_interval=30,
            keepalive_count_max=3,
            kex_algs="-gss-*,*-sha1,rsa2048-sha256",
            mac_algs="-hmac-sha1*",
            signature_algs="-ssh-rsa,ssh-dss",
            compression_algs=["none"],  # nothing to unpack before anybody has logged in
            gss_host=None,
            x509_trusted_certs=None,
            host_based_auth=False,
            kbdint_auth=False,
            allow_pty=False,
            agent_forwarding=False,
            line_editor=False,
            encoding=None,
        )
        try:
            port = acceptor.get_port()
            _log.info("sftp.listening", host=settings.sftp_host, port=port)
            if self._listening is not None:
                self._listening(port)
            await self._watch(stop)
        finally:
            acceptor.close()
            for connection in list(self.connections):
                connection.end("the server is being stopped")
            if self.sessions:
                await asyncio.wait(self.sessions, timeout=_FAREWELL)
            for connection in list(self.connections):
                connection.abort()
            await asyncio.gather(*self.sessions, return_exceptions=True)
            await acceptor.wait_closed()
            await asyncio.to_thread(self.threads.shutdown)

    async def open_files(self, tenant: str, channel: "asyncssh.SSHServerChannel[bytes]") -> TenantFiles:
        """A session's view of its tenant's boxes."""
        task = asyncio.current_task()
        if task is not None:
            self.sessions.add(task)
            task.add_done_callback(self.sessions.discard)

        def handed(file: SpoolFile, renamed: bool) -> None:
            self._handed(tenant, file, renamed)

        inbox, outbox = await asyncio.get_running_loop().run_in_executor(self.threads, self._open_boxes, tenant)
        return TenantFiles(channel, inbox, outbox, self.threads, handed)

    def _open_boxes(self, tenant: str) -> tuple[Inbox, Outbox]:
        settings = self.settings
        bounds = InboxBounds(settings.file_bytes, settings.inbox_files, settings.inbox_bytes)
        inbox = Inbox(self._spool, tenant, bounds)
        try:
            return inbox, Outbox(self._spool, tenant)
        except OSError:
            inbox.close()
            raise

    async def _watch(self, stop: asyncio.Event) -> None:
        every = min(5.0, self.settings.sftp_idle_seconds / 2)
        while not stop.is_set():
            for connection in list(self.connections):
                connection.end_if_idle(self.settings.sftp_idle_seconds)
            try:
                async with asyncio.timeout(every):
                    await stop.wait()
            except TimeoutError:
                continue


class Connection(asyncssh.SSHServer):
    """One client's connection."""

    def __init__(self, server: SftpServer) -> None:
        self._server = server
        self._connection: asyncssh.SSHServerConnection | None = None
        self._address = "?"
        self._account: Account | None = None
        self._tenant: str | None = None
        self._tries = 0
        self._sessions = 0
        self._seen = time.monotonic()

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Admit the client, if there is room."""
        self._connection = conn
        self._address = str((conn.get_extra_info("peername") or ("?",))[0])
        server = self._server
        server.connections.add(self)
        at_log_in = sum(1 for other in server.connections if other._tenant is None)
        settings = server.settings
        if len(server.connections) > settings.sftp_connections or at_log_in > settings.sftp_unauthenticated:
            _log.warning("sftp.full", address=self._address, connections=len(server.connections))
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self._server.connections.discard(self)
        if self._tenant is not None:
            self._server.by_tenant[self._tenant] -= 1
            self._tenant = None

    async def begin_auth(self, username: str) -> bool:
        """Look the user up; whether there is one is not told."""
        self._account = None
        if not self._may_try():
            return True
        try:
            self._account = await self._server.accounts.find(username)
        except Exception as error:  # the database may be away: the client is to come again
            _log.warning("sftp.accounts_away", error=repr(error))
            self.end("try again later")
        return True

    def public_key_auth_supported(self) -> bool:
        """Yes."""
        return True

    def password_auth_supported(self) -> bool:
        """Yes."""
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether the key is one of the tenant's; asyncssh then has the client prove that it holds it."""
        if self._account is not None and has_key(self._account, key):
            return True
        self._may_try()
        self._log_failure(username, "key")
        return False

    async def validate_password(self, username: str, password: str) -> bool:
        """Whether the password is the tenant's."""
        if not self._may_try():
            return False
        check = asyncio.ensure_future(self._server.passwords.check(self._account, username, self._address, password))
        # A client that sends its next try at once has this call cancelled; the check goes on, and counts.
        right = await asyncio.shield(check)
        if not right:
            self._log_failure(username, "password")
        return right

    def auth_completed(self) -> None:
        """Count the tenant's connections."""
        if self._account is None or self._connection is None:
            self.end("not logged in")
            return
        server = self._server
        self._tenant = self._account.tenant
        server.by_tenant[self._tenant] += 1
        self.seen()
        _log.info("sftp.logged_in", tenant=self._tenant, address=self._address)
        if server.by_tenant[self._tenant] > server.settings.sftp_connections_per_tenant:
            _log.warning("sftp.too_many", tenant=self._tenant, address=self._address)
            self.end("too many connections of this user")

    def session_requested(self) -> "tuple[Channel, Session] | bool":
        """A session for SFTP, a few in one connection."""
        connection, tenant = self._connection, self._tenant
        if connection is None or tenant is None or self._sessions >= _SESSIONS:
            return False
        self._sessions += 1
        loop = asyncio.get_running_loop()
        channel = Channel(connection, loop, False, False, False, 0, 0, None, "strict", _WINDOW, _PACKET)
        return channel, Session(
            lambda started: self._server.open_files(tenant, started), self.seen, self._session_ended
        )

    def seen(self) -> None:
        """The client has asked for something."""
        self._seen = time.monotonic()

    def end_if_idle(self, seconds: float) -> None:
        """End the connection where the client has asked for nothing for so long."""
        idle = time.monotonic() - self._seen
        if self._tenant is None or idle <= seconds:
            return
        if idle <= seconds + _FAREWELL:
            _log.info("sftp.idle", tenant=self._tenant, address=self._address)
            self.end("idle for too long")
        else:
            self.abort()

    def end(self, reason: str) -> None:
        """End the connection once the client has read what waits for it."""
        if self._connection is not None:
            self._connection.disconnect(asyncssh.DISC_BY_APPLICATION, reason)

    def abort(self) -> None:
        """End the connection at once."""
        if self._connection is not None:
            self._connection.abort()

    def _session_ended(self) -> None:
        self._sessions -= 1

    def _may_try(self) -> bool:
        self._tries += 1
        if self._tries > _TRIES:
            self.end("too many tries")
        return self._tries <= _TRIES

    def _log_failure(self, username: str, kind: str) -> None:
        _log.info("sftp.log_in_failed", user=username[:20], kind=kind, address=self._address)

"""Who may log in: accounts behind a small interface, keys and passwords, and a brake on guessing."""

import asyncio
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Protocol

import asyncssh

from defterhane.db import Database
from defterhane.edefter.taxid import tax_id
from defterhane.log import logger
from defterhane.passwords import check_password, hash_password
from defterhane.tenancy import find_tenant
from ingest.settings import IngestSettings
from ingest.throttle import Throttle

_log = logger(__name__)

_MAX_PASSWORD = 256
_CHECKS_AT_ONCE = 2
"""A check costs 16 MiB and 50 ms of one core."""


@dataclass(frozen=True, slots=True)
class Account:
    """What a tenant may log in with."""

    tenant: str
    keys: tuple[str, ...] = ()
    """Public keys in OpenSSH's one-line form."""
    password_hash: str | None = field(default=None, repr=False)


class Accounts(Protocol):
    """Where accounts are found."""

    async def find(self, user: str) -> Account | None:
        """The account of a user name, or None."""


class TenantAccounts:
    """Accounts of tenants: the user name is the VKN or TCKN."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, user: str) -> Account | None:
        """The tenant of that number, or None."""
        try:
            number = tax_id(user)
        except ValueError:
            return None
        async with self._database.system() as tx:
            tenant = await find_tenant(tx, number)
        return Account(tenant.tax_id, tenant.sftp_keys, tenant.sftp_password_hash) if tenant else None


def has_key(account: Account, key: asyncssh.SSHKey) -> bool:
    """Whether a public key is one of the account's."""
    for line in account.keys:
        try:
            known = asyncssh.import_public_key(line)
        except asyncssh.KeyImportError:
            _log.warning("sftp.key_unreadable", tenant=account.tenant)
            continue
        if known.public_data == key.public_data:
            return True
    return False


class Passwords:
    """Checks passwords in threads, a few at a time, and makes guessing slow.

    An unknown user costs the same time as a known one with a wrong password.
    """

    def __init__(self, settings: IngestSettings, threads: Executor) -> None:
        seconds = settings.sftp_failure_seconds
        self._by_pair = Throttle(settings.sftp_failures, seconds)
        self._by_user = Throttle(settings.sftp_failures_per_user, seconds)
        self._by_address = Throttle(settings.sftp_failures_per_address, seconds)
        self._threads = threads
        self._slots = asyncio.Semaphore(_CHECKS_AT_ONCE)
        self._nobody: str | None = None

    async def check(self, account: Account | None, user: str, address: str, password: str) -> bool:
        """Whether the password opens the account; never while user or address has to wait."""
        if len(password) > _MAX_PASSWORD or self._is_blocked(user, address):
            return False
        kept = account.password_hash if account is not None else None
        async with self._slots:
            if self._is_blocked(user, address):  # others failed while this one waited
                return False
            loop = asyncio.get_running_loop()
            if self._nobody is None:
                self._nobody = await loop.run_in_executor(self._threads, hash_password, "nobody's")
            right = await loop.run_in_executor(self._threads, check_password, password, kept or self._nobody)
        if right and kept is not None:
            self._by_pair.succeeded(f"{user}@{address}")
            return True
        self._by_pair.failed(f"{user}@{address}")
        self._by_user.failed(user)
        self._by_address.failed(address)
        return False

    def _is_blocked(self, user: str, address: str) -> bool:
        return (
            self._by_pair.is_blocked(f"{user}@{address}")
            or self._by_user.is_blocked(user)
            or self._by_address.is_blocked(address)
        )

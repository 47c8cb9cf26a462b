"""Every effect happens once: inbox for short work, a lease with a fencing token for long work.

Delivery is at least once; these two make the effect exactly once. Both record (consumer, event id) in the transaction
of the effect itself, so that a second delivery finds it done.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import text

from defterhane.db.database import Database, Transaction
from defterhane.errors import Busy
from defterhane.log import logger
from defterhane.service import Received

_log = logger(__name__)


class _DoneAlready(Exception):
    pass


@asynccontextmanager
async def once(database: Database, consumer: str, received: Received) -> AsyncIterator[Transaction | None]:
    """A short effect: yields the transaction to do it in, or None where it has been done."""
    async with database.tenant(received.envelope.tenant) as tx:
        if await _claim(tx, consumer, received):
            yield tx
            return
    yield None


class Job:
    """A long piece of work that this process holds the lease of."""

    def __init__(self, database: Database, consumer: str, received: Received, key: str, token: int) -> None:
        self._database = database
        self._consumer = consumer
        self._received = received
        self._key = key
        self._token = token

    @asynccontextmanager
    async def commit(self) -> AsyncIterator[Transaction]:
        """The transaction of the effect.

        Raises:
            Busy: the lease was lost to somebody else meanwhile; nothing has been done.
        """
        async with self._database.tenant(self._received.envelope.tenant) as tx:
            held = await tx.session.scalar(
                text(f"SELECT token FROM {self._database.service}.lease WHERE key = :key FOR UPDATE"),  # noqa: S608
                {"key": self._key},
            )
            if held != self._token:
                raise Busy(what=self._key)
            if not await _claim(tx, self._consumer, self._received):
                raise _DoneAlready
            yield tx


@asynccontextmanager
async def work(database: Database, consumer: str, received: Received, key: str) -> AsyncIterator[Job | None]:
    """A long effect: yields a job to do it with, or None where it has been done.

    `key` names what is worked on: nobody else works on it at the same time.

    Raises:
        Busy: somebody else holds the lease; the event will be tried again.
    """
    async with database.tenant(received.envelope.tenant) as tx:
        if await _is_done(tx, consumer, received):
            yield None
            return
    async with lease(database, key) as token:
        with contextlib.suppress(_DoneAlready):
            yield Job(database, consumer, received, key, token)


@asynccontextmanager
async def lease(database: Database, key: str) -> AsyncIterator[int]:
    """Hold a lease and renew it; yields its fencing token. It is given back at the end.

    Raises:
        Busy: somebody else holds it.
    """
    token = await _take(database, key)
    if token is None:
        raise Busy(what=key)
    renewing = asyncio.create_task(_renew(database, key, token))
    try:
        yield token
    finally:
        renewing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await renewing
        await _give_back(database, key, token)


async def _claim(tx: Transaction, consumer: str, received: Received) -> bool:
    done = await tx.session.execute(
        text(
            f"INSERT INTO {tx.service}.inbox (consumer, event_id, tenant, done_at)"  # noqa: S608
            " VALUES (:consumer, :event_id, :tenant, :now) ON CONFLICT DO NOTHING RETURNING 1"
        ),
        {
            "consumer": consumer,
            "event_id": received.envelope.id,
            "tenant": received.envelope.tenant,
            "now": tx.now(),
        },
    )
    return done.first() is not None


async def _is_done(tx: Transaction, consumer: str, received: Received) -> bool:
    found = await tx.session.execute(
        text(f"SELECT 1 FROM {tx.service}.inbox WHERE consumer = :consumer AND event_id = :event_id"),  # noqa: S608
        {"consumer": consumer, "event_id": received.envelope.id},
    )
    return found.first() is not None


# Leases go by the database's own clock: the clocks of two workers may differ.


async def _take(database: Database, key: str) -> int | None:
    async with database.system() as tx:
        taken = await tx.session.execute(
            text(
                f"INSERT INTO {database.service}.lease AS held (key, token, expires_at)"  # noqa: S608
                " VALUES (:key, 1, clock_timestamp() + :duration)"
                " ON CONFLICT (key) DO UPDATE SET token = held.token + 1, expires_at = clock_timestamp() + :duration"
                " WHERE held.expires_at IS NULL OR held.expires_at < clock_timestamp() RETURNING token"
            ),
            {"key": key, "duration": timedelta(seconds=database.lease_seconds)},
        )
        return taken.scalar()


async def _renew(database: Database, key: str, token: int) -> None:
    while True:
        await asyncio.sleep(database.lease_seconds / 3)
        try:
            async with database.system() as tx:
                await tx.session.execute(
                    text(
                        f"UPDATE {database.service}.lease SET expires_at = clock_timestamp() + :duration"  # noqa: S608
                        " WHERE key = :key AND token = :token"
                    ),
                    {"key": key, "token": token, "duration": timedelta(seconds=database.lease_seconds)},
                )
        except Exception as error:  # the database may be away for a moment; the fence decides at the end
            _log.warning("lease.not_renewed", key=key, error=repr(error))


async def _give_back(database: Database, key: str, token: int) -> None:
    try:
        async with database.system() as tx:
            await tx.session.execute(
                text(
                    f"UPDATE {database.service}.lease SET expires_at = NULL"  # noqa: S608
                    " WHERE key = :key AND token = :token"
                ),
                {"key": key, "token": token},
            )
    except Exception as error:  # it expires by itself
        _log.warning("lease.not_given_back", key=key, error=repr(error))

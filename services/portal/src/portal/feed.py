"""Wakes those who watch when something has changed, whichever replica has taken the event in.

Changes are rows with numbers that become visible in their order (`portal.store`). Each process looks twice a second for
numbers above the last one that it has seen, and wakes the watchers whom a change concerns; a watcher then reads what it
may see by itself. Looking was preferred to LISTEN/NOTIFY: it needs no connection of its own, works through a pooler,
cannot miss anything while a connection is being made anew, and costs two index look-ups a second however many watch.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, select

from defterhane.db import Database, Transaction
from defterhane.log import logger
from portal.models import ChangeRow

_log = logger(__name__)

_BATCH: Final = 1000
_SWEEP_SECONDS: Final = 600.0


class Feed:
    """One per process."""

    def __init__(self, database: Database, seconds: float, keep: timedelta) -> None:
        self._database = database
        self._seconds = seconds
        self._keep = keep
        self._watchers: dict[asyncio.Event, str | None] = {}
        self.stopped = False

    async def run(self, stop: asyncio.Event) -> None:
        """Look for changes until told to stop; then all watchers are let go."""
        loop = asyncio.get_running_loop()
        seen: int | None = None
        swept = loop.time() - _SWEEP_SECONDS
        while not stop.is_set():
            try:
                seen = await self._look(seen)
                if loop.time() - swept >= _SWEEP_SECONDS:
                    swept = loop.time()
                    await self._sweep()
            except Exception as error:  # the database may be away for a moment; nothing is lost by waiting
                _log.warning("feed.trouble", error=repr(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._seconds)
        self.stopped = True
        self._wake_all()

    @contextmanager
    def watch(self, tenant: str | None) -> Iterator[asyncio.Event]:
        """An event that is set whenever something of a tenant (None = of any) has changed."""
        wake = asyncio.Event()
        self._watchers[wake] = tenant
        try:
            yield wake
        finally:
            del self._watchers[wake]

    async def _look(self, seen: int | None) -> int:
        async with self._database.system() as tx:
            if seen is None:
                self._wake_all()  # what has changed before the first look is for each to find out
                return await newest_number(tx)
            changes = (
                await tx.session.execute(
                    select(ChangeRow.number, ChangeRow.tenant)
                    .where(ChangeRow.number > seen)
                    .order_by(ChangeRow.number)
                    .limit(_BATCH)
                )
            ).all()
        tenants = {change.tenant for change in changes}
        for wake, tenant in self._watchers.items():
            if tenant in tenants or (tenant is None and tenants):
                wake.set()
        return changes[-1].number if changes else seen

    def _wake_all(self) -> None:
        for wake in self._watchers:
            wake.set()

    async def _sweep(self) -> None:
        """Forget old changes, but never the newest: its number is where the next watcher begins."""
        async with self._database.system() as tx:
            old = ChangeRow.at < tx.now() - self._keep
            newest = select(func.max(ChangeRow.number)).scalar_subquery()
            await tx.session.execute(delete(ChangeRow).where(old, ChangeRow.number < newest))


async def newest_number(tx: Transaction) -> int:
    """The newest change that a transaction may see, 0 = none."""
    return await tx.session.scalar(select(func.max(ChangeRow.number))) or 0


async def oldest_number(tx: Transaction) -> int:
    """The oldest change that is kept and that a transaction may see, 0 = none."""
    return await tx.session.scalar(select(func.min(ChangeRow.number))) or 0

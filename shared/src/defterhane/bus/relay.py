"""The relay takes events from a service's outbox to the bus, in order per subject."""

import asyncio
import contextlib

from sqlalchemy import text

from defterhane.bus.base import Bus
from defterhane.db.database import Database, outbox_channel
from defterhane.events.envelope import Envelope
from defterhane.log import logger
from defterhane.telemetry import EVENTS_PUBLISHED, OUTBOX_OLDEST, OUTBOX_WAITING

_log = logger(__name__)

BATCH = 200
_IDLE_SECONDS = 1.0
_TROUBLE_SECONDS = 2.0
_OUTBOX_DAYS = 7
_INBOX_DAYS = 90
"""Longer than any event may wait among the dead letters and still be replayed without a second effect."""
_SWEEP_SECONDS = 3600.0


class Relay:
    """One per service and process; several may run: each claims what no other has locked."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus
        self._wake = asyncio.Event()
        service = database.service
        # Only the oldest waiting event of a subject may go, so that two relays cannot turn the order round.
        self._claim = text(
            f"SELECT id, envelope, created_at FROM {service}.outbox AS o WHERE published_at IS NULL"  # noqa: S608
            f" AND NOT EXISTS (SELECT 1 FROM {service}.outbox AS e"
            " WHERE e.published_at IS NULL AND e.subject = o.subject AND e.id < o.id)"
            " ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED"
        )
        self._mark = text(f"UPDATE {service}.outbox SET published_at = :now WHERE id = ANY(:ids)")  # noqa: S608
        self._sweeps = [
            text(f"DELETE FROM {service}.{table} WHERE {moment} < CAST(:now AS timestamptz) - interval '{days} days'")  # noqa: S608
            for table, moment, days in (("outbox", "published_at", _OUTBOX_DAYS), ("inbox", "done_at", _INBOX_DAYS))
        ]

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until told to stop, then once more, so that what is in the outbox has left."""
        listening = asyncio.create_task(self._listen(stop))
        stopping = asyncio.create_task(self._wake_at(stop))
        swept = 0.0
        loop = asyncio.get_running_loop()
        try:
            while not stop.is_set():
                self._wake.clear()
                try:
                    moved = await self.relay_once()
                    if loop.time() - swept > _SWEEP_SECONDS:
                        swept = loop.time()
                        await self.sweep()
                except Exception as error:  # bus or database are away for a moment: nothing is lost by waiting
                    _log.warning("relay.trouble", service=self._database.service, error=repr(error))
                    moved = 0
                    await _wait(stop, _TROUBLE_SECONDS)
                if not moved:
                    await _wait(self._wake, _IDLE_SECONDS)
            with contextlib.suppress(Exception):
                while await self.relay_once():
                    pass
        finally:
            for task in (listening, stopping):
                task.cancel()
            await asyncio.gather(listening, stopping, return_exceptions=True)

    async def relay_once(self) -> int:
        """Publish what waits, at most a batch; returns how many events left."""
        async with self._database.system() as tx:
            rows = (await tx.session.execute(self._claim, {"batch": BATCH})).all()
            service = self._database.service
            OUTBOX_WAITING.labels(service).set(len(rows))
            oldest = (tx.now() - rows[0].created_at).total_seconds() if rows else 0.0
            OUTBOX_OLDEST.labels(service).set(max(oldest, 0.0))
            if not rows:
                return 0
            envelopes = [Envelope.model_validate_json(row.envelope) for row in rows]
            await self._bus.publish(envelopes)
            await tx.session.execute(self._mark, {"now": tx.now(), "ids": [row.id for row in rows]})
        for envelope in envelopes:
            EVENTS_PUBLISHED.labels(service, envelope.type).inc()
        return len(rows)

    async def sweep(self) -> None:
        """Delete what has been published or done long ago."""
        async with self._database.system() as tx:
            for sweep in self._sweeps:
                await tx.session.execute(sweep, {"now": tx.now()})

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._wake.set()

    async def _listen(self, stop: asyncio.Event) -> None:
        """NOTIFY only wakes the relay; without it, it looks once a second."""
        channel = outbox_channel(self._database.service)
        while not stop.is_set():
            with contextlib.suppress(Exception):
                async with self._database.engine.connect() as connection:
                    raw = await connection.get_raw_connection()
                    driver = raw.driver_connection
                    assert driver is not None

                    def wake(*_: object) -> None:
                        self._wake.set()

                    await driver.add_listener(channel, wake)
                    try:
                        while not stop.is_set() and not driver.is_closed():
                            await _wait(stop, 1.0)
                    finally:
                        await driver.remove_listener(channel, wake)
            await _wait(stop, _TROUBLE_SECONDS)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)

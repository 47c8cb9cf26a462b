"""The one-machine carrier: queues in Postgres, where the outboxes are already. Nothing else needs to run."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from defterhane.bus.base import Delivery, Outcome, Patience, Reader, Verdict
from defterhane.bus.topology import queues_for
from defterhane.events.envelope import Envelope
from defterhane.log import logger
from defterhane.telemetry import DEAD_LETTERS

_log = logger(__name__)

_IDLE_SECONDS = 0.5

_PUBLISH = text("INSERT INTO bus.delivery (queue, envelope) VALUES (:queue, :envelope)")
_CLAIM = text("""
    UPDATE bus.delivery SET attempt = attempt + 1, claim = :claim, claimed_until = clock_timestamp() + :duration
    WHERE id = (
        SELECT id FROM bus.delivery
        WHERE queue = :queue AND NOT dead AND available_at <= clock_timestamp()
            AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id, envelope, attempt, failures
""")
_RENEW = text("""
    UPDATE bus.delivery SET claimed_until = clock_timestamp() + :duration WHERE id = :id AND claim = :claim
""")
_DONE = text("DELETE FROM bus.delivery WHERE id = :id AND claim = :claim")
_LATER = text("""
    UPDATE bus.delivery SET claim = NULL, claimed_until = NULL, dead = :dead, failures = :failures, reason = :reason,
        available_at = clock_timestamp() + :delay
    WHERE id = :id AND claim = :claim
""")
_REPLAY = text("""
    UPDATE bus.delivery SET dead = false, attempt = 0, failures = 0, available_at = clock_timestamp()
    WHERE queue = :queue AND dead
""")
_WAITING = text("SELECT count(*) FROM bus.delivery WHERE queue = :queue AND NOT dead")


class PostgresBus:
    """Queues as rows. A reader that dies leaves its claim to run out; somebody else then takes the delivery."""

    def __init__(self, engine: AsyncEngine, patience: Patience, claim_seconds: float = 15) -> None:
        self._engine = engine
        self._patience = patience
        self._claim_seconds = claim_seconds
        self._tasks: list[asyncio.Task[None]] = []
        self._wake: dict[str, asyncio.Event] = {}
        self._stopping = asyncio.Event()

    async def start(self) -> None:
        """Nothing to declare: a queue is there as soon as something is in it."""

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Insert a row for each queue that wants an envelope."""
        rows = [
            {"queue": queue, "envelope": envelope.model_dump_json()}
            for envelope in envelopes
            for queue in queues_for(envelope)
        ]
        if not rows:
            return
        async with self._engine.begin() as connection:
            await connection.execute(_PUBLISH, rows)
        for queue in {row["queue"] for row in rows}:
            if queue in self._wake:
                self._wake[queue].set()

    async def read(self, queue: str, reader: Reader, concurrency: int) -> None:
        """Start `concurrency` readers."""
        self._wake.setdefault(queue, asyncio.Event())
        for number in range(concurrency):
            self._tasks.append(asyncio.create_task(self._loop(queue, reader), name=f"{queue}#{number}"))

    async def drain(self) -> None:
        """Stop after the deliveries being handled."""
        self._stopping.set()
        for event in self._wake.values():
            event.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def close(self) -> None:
        """Drain; the engine is not ours to close."""
        await self.drain()

    async def check(self) -> None:
        """Its database is asked already by whoever asks for readiness."""

    async def replay(self, queue: str) -> int:
        """Wake a queue's dead letters."""
        async with self._engine.begin() as connection:
            result = await connection.execute(_REPLAY, {"queue": queue})
        if queue in self._wake:
            self._wake[queue].set()
        return result.rowcount

    async def waiting(self, queue: str) -> int:
        """Count a queue's rows."""
        async with self._engine.begin() as connection:
            return int((await connection.execute(_WAITING, {"queue": queue})).scalar_one())

    async def _loop(self, queue: str, reader: Reader) -> None:
        wake = self._wake[queue]
        while not self._stopping.is_set():
            wake.clear()
            try:
                found = await self._handle_one(queue, reader)
            except Exception as error:  # the database may be away for a moment
                _log.warning("bus.trouble", queue=queue, error=repr(error))
                found = False
            if not found and not self._stopping.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), _IDLE_SECONDS)

    async def _handle_one(self, queue: str, reader: Reader) -> bool:
        claim = uuid4()
        duration = timedelta(seconds=self._claim_seconds)
        async with self._engine.begin() as connection:
            row = (
                await connection.execute(_CLAIM, {"queue": queue, "claim": claim, "duration": duration})
            ).one_or_none()
        if row is None:
            return False
        delivery = Delivery(Envelope.model_validate_json(row.envelope), row.attempt)
        outcome = await self._renewing(row.id, claim, lambda: reader(delivery))
        await self._settle(queue, row.id, claim, row.attempt, row.failures, outcome)
        return True

    async def _renewing(self, row_id: int, claim: UUID, handle: Callable[[], Awaitable[Outcome]]) -> Outcome:
        async def renew() -> None:
            while True:
                await asyncio.sleep(self._claim_seconds / 3)
                with contextlib.suppress(OSError):
                    async with self._engine.begin() as connection:
                        duration = timedelta(seconds=self._claim_seconds)
                        await connection.execute(_RENEW, {"id": row_id, "claim": claim, "duration": duration})

        renewing = asyncio.create_task(renew())
        try:
            return await handle()
        finally:
            renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await renewing

    async def _settle(
        self, queue: str, row_id: int, claim: UUID, attempt: int, failures: int, outcome: Outcome
    ) -> None:
        async with self._engine.begin() as connection:
            if outcome.verdict is Verdict.DONE:
                await connection.execute(_DONE, {"id": row_id, "claim": claim})
                return
            failures += outcome.verdict is Verdict.FAILED
            dead = self._patience.is_over(failures)
            await connection.execute(
                _LATER,
                {
                    "id": row_id,
                    "claim": claim,
                    "dead": dead,
                    "failures": failures,
                    "reason": outcome.reason,
                    "delay": timedelta(seconds=self._patience.delay(attempt)),
                },
            )
        if dead:
            DEAD_LETTERS.labels(queue).inc()
            _log.error("bus.dead_letter", queue=queue, reason=outcome.reason)

"""RabbitMQ as carrier: quorum queues, persistent messages, publisher confirms, a ladder of fixed-delay queues.

Nothing is ever requeued: a failed delivery is published to a delay queue with its attempt counted in a header, and
then acknowledged; the delay queue dead-letters it back to its own queue by the routing key, which is the queue's name.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any, Final

import aio_pika
from aio_pika.abc import AbstractIncomingMessage, AbstractRobustChannel, AbstractRobustConnection

from defterhane.bus.base import Delivery, Outcome, Patience, Reader, Verdict
from defterhane.bus.topology import QUEUES, queues_for
from defterhane.errors import TryLater
from defterhane.events.envelope import Envelope
from defterhane.log import logger
from defterhane.telemetry import DEAD_LETTERS
from defterhane.texts import Text

_log = logger(__name__)

_ATTEMPT: Final = "x-defterhane-attempt"
_FAILURES: Final = "x-defterhane-failures"
_REASON: Final = "x-defterhane-reason"
_EXCHANGE: Final = "defterhane"
"""A direct exchange; the routing key is a queue's name. Which queues an event goes to is the topology's to say."""


class BusAway(TryLater):
    """RabbitMQ does not answer, or did not confirm."""

    key = "later.bus_away"
    text = Text(tr="Mesaj kuyruğuna ulaşılamıyor.", en="The message bus cannot be reached.")


class RabbitBus:
    """A connection to RabbitMQ: one channel to publish on, one per queue that is read."""

    def __init__(self, url: str, patience: Patience, confirm_seconds: float = 30) -> None:
        self._url = url
        self._patience = patience
        self._confirm_seconds = confirm_seconds
        self._connection: AbstractRobustConnection | None = None
        self._channel: AbstractRobustChannel | None = None
        self._declared: set[str] = set()
        self._declaring = asyncio.Lock()
        self._consuming: list[tuple[Any, str]] = []
        self._handling: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def start(self) -> None:
        """Connect and declare the topology."""
        self._connection = await aio_pika.connect_robust(self._url, timeout=self._confirm_seconds, heartbeat=30)
        self._channel = await self._open_channel()
        await self._channel.declare_exchange(_EXCHANGE, "direct", durable=True)
        for seconds in self._patience.seconds:
            await self._declare_delay(seconds)
        for queue in QUEUES:
            if not queue.routed:
                await self._declare(queue.name)

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Publish all, then wait for all confirms."""
        sends = []
        for envelope in envelopes:
            body = envelope.model_dump_json().encode()
            for queue in queues_for(envelope):
                await self._declare(queue)
                sends.append(self._send(_EXCHANGE, queue, _message(body, str(envelope.id), envelope.type)))
        if sends:
            await asyncio.gather(*sends)

    async def read(self, queue: str, reader: Reader, concurrency: int) -> None:
        """Consume a queue with `concurrency` as prefetch."""
        assert self._connection is not None
        await self._declare(queue)
        channel = await self._open_channel()
        await channel.set_qos(prefetch_count=concurrency)
        found = await channel.get_queue(queue)

        async def on_message(message: AbstractIncomingMessage) -> None:
            if self._stopping:
                return  # unacknowledged: it goes back when the channel closes
            task = asyncio.current_task()
            if task is not None:
                self._handling.add(task)
                task.add_done_callback(self._handling.discard)
            await self._handle(queue, message, reader)

        tag = await found.consume(on_message)
        self._consuming.append((found, tag))

    async def drain(self) -> None:
        """Cancel the consumers, then wait for what is being handled."""
        self._stopping = True
        for queue, tag in self._consuming:
            with contextlib.suppress(Exception):
                await queue.cancel(tag)
        self._consuming.clear()
        if self._handling:
            await asyncio.gather(*self._handling, return_exceptions=True)

    async def close(self) -> None:
        """Drain and disconnect."""
        await self.drain()
        if self._connection is not None:
            await self._connection.close()

    async def check(self) -> None:
        """Look whether the connection stands."""
        if self._connection is None or not self._connection.connected.is_set():
            raise BusAway

    async def replay(self, queue: str) -> int:
        """Move a queue's dead letters back into it."""
        channel = await self._open_channel()
        try:
            dead = await channel.get_queue(f"{queue}.dead")
            moved = 0
            while (message := await dead.get(fail=False)) is not None:
                await self._send(_EXCHANGE, queue, _message(message.body, message.message_id, message.type))
                await message.ack()
                moved += 1
            return moved
        finally:
            await channel.close()

    async def waiting(self, queue: str) -> int:
        """What RabbitMQ counts as ready in the queue; deliveries in the delay queues are not among them."""
        channel = await self._open_channel()
        try:
            found = await channel.declare_queue(queue, passive=True)
            return int(found.declaration_result.message_count or 0)
        finally:
            await channel.close()

    async def _open_channel(self) -> AbstractRobustChannel:
        assert self._connection is not None
        channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        assert isinstance(channel, AbstractRobustChannel)
        return channel

    async def _declare(self, queue: str) -> None:
        if queue in self._declared:
            return
        async with self._declaring:
            if queue in self._declared:
                return
            assert self._channel is not None
            for name in (queue, f"{queue}.dead"):
                made = await self._channel.declare_queue(name, durable=True, arguments={"x-queue-type": "quorum"})
                await made.bind(_EXCHANGE, routing_key=name)
            self._declared.add(queue)

    async def _declare_delay(self, seconds: float) -> None:
        assert self._channel is not None
        name = _delay_name(seconds)
        exchange = await self._channel.declare_exchange(name, "fanout", durable=True)
        made = await self._channel.declare_queue(
            name,
            durable=True,
            arguments={
                "x-queue-type": "quorum",
                "x-message-ttl": int(seconds * 1000),
                "x-dead-letter-exchange": _EXCHANGE,
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
            },
        )
        await made.bind(exchange)

    async def _send(self, exchange: str, key: str, message: aio_pika.Message) -> None:
        assert self._channel is not None
        try:
            target = await self._channel.get_exchange(exchange, ensure=False)
            await target.publish(message, routing_key=key, mandatory=True, timeout=self._confirm_seconds)
        except (aio_pika.exceptions.AMQPError, ConnectionError, TimeoutError, RuntimeError) as error:
            raise BusAway from error

    async def _handle(self, queue: str, message: AbstractIncomingMessage, reader: Reader) -> None:
        attempt = int(str(message.headers.get(_ATTEMPT, 1)))
        failures = int(str(message.headers.get(_FAILURES, 0)))
        try:
            outcome = await reader(Delivery(Envelope.model_validate_json(message.body), attempt))
        except ValueError as error:  # not an envelope: no attempt will mend it
            _log.error("bus.unreadable", queue=queue, error=type(error).__name__)
            outcome, failures = Outcome(Verdict.FAILED, "unreadable"), self._patience.max_attempts
        try:
            await self._settle(queue, message, attempt, failures, outcome)
        except (BusAway, aio_pika.exceptions.AMQPError, ConnectionError, RuntimeError) as error:
            # Unacknowledged: RabbitMQ delivers it again.
            _log.warning("bus.not_settled", queue=queue, error=type(error).__name__)

    async def _settle(
        self, queue: str, message: AbstractIncomingMessage, attempt: int, failures: int, outcome: Outcome
    ) -> None:
        if outcome.verdict is not Verdict.DONE:
            failures += outcome.verdict is Verdict.FAILED
            copy = _message(message.body, message.message_id, message.type)
            copy.headers[_REASON] = outcome.reason
            copy.headers[_FAILURES] = failures
            if self._patience.is_over(failures):
                await self._send(_EXCHANGE, f"{queue}.dead", copy)
                DEAD_LETTERS.labels(queue).inc()
                _log.error("bus.dead_letter", queue=queue, reason=outcome.reason)
            else:
                copy.headers[_ATTEMPT] = attempt + 1
                await self._send(_delay_name(self._patience.delay(attempt)), queue, copy)
        await message.ack()


def _message(body: bytes, message_id: str | None, event_type: str | None) -> aio_pika.Message:
    return aio_pika.Message(
        body,
        content_type="application/cloudevents+json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=message_id,
        type=event_type,
        headers={},
    )


def _delay_name(seconds: float) -> str:
    return f"{_EXCHANGE}.delay.{int(seconds * 1000)}ms"

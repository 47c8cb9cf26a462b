"""What every carrier does: one suite, both carriers."""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import aio_pika
import pytest

from defterhane.bus.base import DONE, Bus, Delivery, Outcome, Patience, Verdict
from defterhane.bus.postgres import PostgresBus
from defterhane.bus.rabbit import RabbitBus
from defterhane.db.database import engine_for
from defterhane.edefter.kinds import DocumentKind
from defterhane.events import DocumentValidated, DocumentWritten, Envelope, Event, envelop
from support.events import document, reference

PATIENCE = Patience((0.1, 0.2), 3)
QUEUE = "validator.documents"


@pytest.fixture(params=["postgres", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
async def open_bus(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Callable[[], Bus]]:
    """Makes buses to the same queues, as several processes would have them."""
    made: list[Bus] = []
    if request.param == "postgres":
        engine = engine_for(database_url, pool_size=20)

        def make() -> Bus:
            made.append(PostgresBus(engine, PATIENCE, claim_seconds=1))
            return made[-1]

        yield make
        for bus in made:
            await bus.close()
        await engine.dispose()
    else:
        url = request.getfixturevalue("rabbitmq_url")
        await _empty(url)

        def make() -> Bus:
            made.append(RabbitBus(url, PATIENCE))
            return made[-1]

        yield make
        for bus in made:
            await bus.close()


async def _empty(url: str) -> None:
    connection = await aio_pika.connect(url)
    async with connection:
        for name in (QUEUE, f"{QUEUE}.dead", "signer.documents.main", "signer.documents.far", "portal.board"):
            channel = await connection.channel()
            await channel.queue_delete(name)


def written(number: int = 0) -> Envelope:
    event = DocumentWritten(document=document(), object=reference(), body_sha256="0" * 64, file_id=str(number))
    return _envelope(event)


def _envelope(event: Event, route: str = "any") -> Envelope:
    return envelop(event, id=uuid.uuid4(), source="/test", time=datetime.now(UTC), route=route)


class Reader:
    """Remembers what it got; answers what it is told to."""

    def __init__(self, *answers: Outcome, seconds: float = 0) -> None:
        self.got: list[Delivery] = []
        self._seconds = seconds
        self._answers = list(answers)
        self._changed = asyncio.Condition()

    async def __call__(self, delivery: Delivery) -> Outcome:
        async with self._changed:
            self.got.append(delivery)
            self._changed.notify_all()
        await asyncio.sleep(self._seconds)
        return self._answers.pop(0) if self._answers else DONE

    async def wait_for(self, count: int, seconds: float = 15) -> None:
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: len(self.got) >= count)


async def test_what_is_published_reaches_the_reader(open_bus: Callable[[], Bus]) -> None:
    bus = open_bus()
    await bus.start()
    reader = Reader()
    await bus.read(QUEUE, reader, 1)
    envelope = written()
    await bus.publish([envelope])
    await reader.wait_for(1)
    assert reader.got == [Delivery(envelope, 1)]


async def test_order_is_kept_while_nothing_fails(open_bus: Callable[[], Bus]) -> None:
    bus = open_bus()
    await bus.start()
    envelopes = [written(number) for number in range(50)]
    for envelope in envelopes:
        await bus.publish([envelope])
    reader = Reader()
    await bus.read(QUEUE, reader, 1)
    await reader.wait_for(50)
    assert [delivery.envelope for delivery in reader.got] == envelopes


async def test_events_wait_for_a_reader_that_has_never_run(open_bus: Callable[[], Bus]) -> None:
    publisher = open_bus()
    await publisher.start()
    await publisher.publish([written()])
    await publisher.close()
    later = open_bus()
    await later.start()
    reader = Reader()
    await later.read(QUEUE, reader, 1)
    await reader.wait_for(1)


async def test_two_processes_share_a_queue(open_bus: Callable[[], Bus]) -> None:
    first, second = open_bus(), open_bus()
    readers = Reader(seconds=0.1), Reader(seconds=0.1)
    for bus, reader in zip((first, second), readers, strict=True):
        await bus.start()
        await bus.read(QUEUE, reader, 2)
    envelopes = [written(number) for number in range(40)]
    await first.publish(envelopes)
    async with asyncio.timeout(20):
        while len(readers[0].got) + len(readers[1].got) < 40:
            await asyncio.sleep(0.05)
    got = [delivery.envelope.id for reader in readers for delivery in reader.got]
    assert sorted(got) == sorted(envelope.id for envelope in envelopes)
    assert readers[0].got
    assert readers[1].got


async def test_a_signer_gets_its_own_events_only(open_bus: Callable[[], Bus]) -> None:
    bus = open_bus()
    await bus.start()
    near, far = Reader(), Reader()
    await bus.read("signer.documents.main", near, 1)
    await bus.read("signer.documents.far", far, 1)
    event = DocumentValidated(document=document(DocumentKind.LEDGER), object=reference(), body_sha256="0" * 64)
    for_near, for_far = _envelope(event, "main"), _envelope(event, "far")
    await bus.publish([for_near, for_far])
    await near.wait_for(1)
    await far.wait_for(1)
    assert near.got == [Delivery(for_near, 1)]
    assert far.got == [Delivery(for_far, 1)]


async def test_what_is_later_comes_again_for_as_long_as_it_takes(open_bus: Callable[[], Bus]) -> None:
    bus = open_bus()
    await bus.start()
    later = Outcome(Verdict.LATER, "later")
    reader = Reader(*[later] * 5)
    await bus.read(QUEUE, reader, 1)
    await bus.publish([written()])
    await reader.wait_for(6)
    assert [delivery.attempt for delivery in reader.got] == [1, 2, 3, 4, 5, 6]
    await asyncio.sleep(0.5)
    assert len(reader.got) == 6
    assert await bus.waiting(QUEUE) == 0


async def test_what_fails_is_given_up_and_can_be_replayed(open_bus: Callable[[], Bus]) -> None:
    bus = open_bus()
    await bus.start()
    failed = Outcome(Verdict.FAILED, "broken")
    reader = Reader(*[failed] * 3)
    await bus.read(QUEUE, reader, 1)
    await bus.publish([written(1)])
    await reader.wait_for(3)
    await asyncio.sleep(0.6)
    assert len(reader.got) == 3
    assert await bus.replay(QUEUE) == 1
    await reader.wait_for(4)
    assert reader.got[3].attempt == 1
    assert await bus.replay(QUEUE) == 0


async def test_a_failing_event_does_not_stop_the_others(open_bus: Callable[[], Bus]) -> None:
    bus = open_bus()
    await bus.start()
    reader = Reader(Outcome(Verdict.FAILED, "broken"))
    await bus.read(QUEUE, reader, 1)
    await bus.publish([written(1)])
    await reader.wait_for(1)
    await bus.publish([written(2)])
    await reader.wait_for(3)
    assert {delivery.attempt for delivery in reader.got} == {1, 2}


async def test_draining_finishes_what_is_at_hand_and_leaves_the_rest(open_bus: Callable[[], Bus]) -> None:
    bus = open_bus()
    await bus.start()
    started, release = asyncio.Event(), asyncio.Event()
    finished: list[Delivery] = []

    async def slow(delivery: Delivery) -> Outcome:
        started.set()
        await release.wait()
        finished.append(delivery)
        return DONE

    await bus.read(QUEUE, slow, 1)
    envelopes = [written(number) for number in range(3)]
    await bus.publish(envelopes)
    await started.wait()
    draining = asyncio.create_task(bus.drain())
    await asyncio.sleep(0.2)
    assert not draining.done()
    release.set()
    await draining
    assert len(finished) == 1
    await bus.close()
    next_bus = open_bus()
    await next_bus.start()
    reader = Reader()
    await next_bus.read(QUEUE, reader, 1)
    await reader.wait_for(2)
    ids = {delivery.envelope.id for delivery in [*finished, *reader.got]}
    assert ids == {envelope.id for envelope in envelopes}


async def test_what_a_killed_reader_held_is_delivered_again(
    open_bus: Callable[[], Bus], request: pytest.FixtureRequest, database_url: str
) -> None:
    bus = open_bus()
    await bus.start()
    envelope = written()
    await bus.publish([envelope])
    rabbit = isinstance(bus, RabbitBus)
    url = request.getfixturevalue("rabbitmq_url") if rabbit else database_url
    program = Path(__file__).parents[1] / "support" / "dying_reader.py"
    carrier = "rabbitmq" if rabbit else "postgres"
    dying = await asyncio.create_subprocess_exec(
        sys.executable, str(program), carrier, url, QUEUE, stdout=asyncio.subprocess.PIPE
    )
    assert dying.stdout is not None
    assert await dying.stdout.readline() == b"held\n"
    dying.kill()
    await dying.wait()
    reader = Reader()
    await bus.read(QUEUE, reader, 1)
    await reader.wait_for(1)
    assert reader.got[0].envelope == envelope

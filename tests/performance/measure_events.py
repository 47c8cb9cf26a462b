"""Events per second through outbox, relay, a queue in Postgres and an inbox; and bare rows into the same Postgres."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
from measuring import Figures, figures, run, timed

from defterhane.bus.relay import Relay
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.taxid import vkn_from_stem
from defterhane.events import DocumentWritten, envelop
from defterhane.host import open_bus, reader_of
from defterhane.house import House
from defterhane.log import configure_logging
from defterhane.service import Consumer, Received
from defterhane.settings import Settings
from defterhane.work import once
from defterhane_cli.embedded import EmbeddedPostgres, prepare_database
from support.events import document, reference
from support.servers import open_folder

WRITERS = 4


def events(count: int) -> Figures:
    """Events from outboxes over the relay and queues in Postgres to a consumer with an inbox, one transaction each."""
    return asyncio.run(_in_a_house(count, _publish_and_consume))


def bare_inserts(count: int) -> Figures:
    """As many rows of that size put into the same Postgres with asyncpg, one transaction each."""
    return asyncio.run(_in_a_house(count, _insert))


async def _in_a_house(count: int, measure: Callable[[House, int], Awaitable[Figures]]) -> Figures:
    with open_folder() as folder, EmbeddedPostgres(folder / "postgres") as server:
        await prepare_database(server.owner_url())
        settings = Settings.model_validate(
            {
                "database_url": server.app_url(),
                "objects_url": (folder / "objects").as_uri(),
                "log_format": "console",
                "log_level": "WARNING",
            }
        )
        configure_logging(settings)
        house = House.open(settings)
        try:
            return await measure(house, count)
        finally:
            await house.close()


def _written(number: int) -> DocumentWritten:
    """Each of another filing: their order among each other is free, as that of thousands of firms is."""
    firm = vkn_from_stem(f"{100_000_000 + number}")
    written = document(DocumentKind.JOURNAL, firm)
    return DocumentWritten(document=written, object=reference(firm), body_sha256="0" * 64, file_id=str(number))


async def _publish_and_consume(house: House, count: int) -> Figures:
    outbox, inbox = house.database("converter"), house.database("validator")
    handled: set[str] = set()
    everything = asyncio.Event()

    async def handle(received: Received) -> None:
        async with once(inbox, consumer.name, received) as tx:
            assert tx is not None
            handled.add(received.event.tenant_id)
        if len(handled) == count:
            everything.set()

    async def publish(numbers: range) -> None:
        for number in numbers:
            event = _written(number)
            async with outbox.tenant(event.tenant_id) as tx:
                await tx.publish(event)

    consumer = Consumer("validator.documents", (DocumentWritten,), handle, concurrency=WRITERS)
    bus, stop = open_bus(house), asyncio.Event()
    await bus.start()
    relaying = asyncio.create_task(Relay(outbox, bus).run(stop))
    await bus.read(consumer.queue, reader_of(consumer), consumer.concurrency)
    with timed() as clock:
        async with asyncio.timeout(120), asyncio.TaskGroup() as group:
            for first in range(WRITERS):
                group.create_task(publish(range(first, count, WRITERS)))
            group.create_task(everything.wait())
    await bus.drain()
    stop.set()
    await relaying
    return figures(clock, count)


async def _insert(house: House, count: int) -> Figures:
    texts = [
        envelop(_written(number), id=uuid4(), source="/x", time=datetime.now(UTC)).model_dump_json()
        for number in range(count)
    ]
    url = house.settings.database_url.get_secret_value()
    connections = [await asyncpg.connect(url) for _ in range(WRITERS)]

    async def insert(connection: asyncpg.Connection, first: int) -> None:
        for text in texts[first::WRITERS]:
            await connection.execute("INSERT INTO bus.delivery (queue, envelope) VALUES ('bench', $1)", text)

    with timed() as clock:
        async with asyncio.TaskGroup() as group:
            for first, connection in enumerate(connections):
                group.create_task(insert(connection, first))
    for connection in connections:
        await connection.close()
    return figures(clock, count)


if __name__ == "__main__":
    run(events, bare_inserts)

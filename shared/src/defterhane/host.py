"""Runs services in one process: their relays, consumers, tasks and HTTP servers; SIGTERM drains them."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog
from fastapi import FastAPI
from sqlalchemy import text

from defterhane.bus.base import DONE, Bus, Delivery, Outcome, Patience, Reader, Verdict
from defterhane.bus.postgres import PostgresBus
from defterhane.bus.rabbit import RabbitBus
from defterhane.bus.relay import Relay
from defterhane.bus.topology import queue_named
from defterhane.db.database import wait_for_database
from defterhane.errors import DefterhaneError, TryLater
from defterhane.health import health_app
from defterhane.house import House
from defterhane.log import configure_logging, logger
from defterhane.service import Consumer, Received, Service
from defterhane.settings import Settings
from defterhane.telemetry import EVENTS_HANDLED, HANDLING_SECONDS, configure_telemetry, span
from defterhane.web import WebServer

_log = logger(__name__)

S = TypeVar("S", bound=Settings)


def open_bus(house: House) -> Bus:
    """The carrier that the settings name."""
    settings = house.settings
    url = settings.bus_url.get_secret_value()
    if url.startswith("postgres:"):
        return PostgresBus(house.engine, Patience.of(settings), settings.lease_seconds)
    if url.startswith(("amqp://", "amqps://")):
        return RabbitBus(url, Patience.of(settings))
    raise ValueError("a bus URL begins with amqp://, amqps:// or postgres:")


class Host:
    """Services that run together in this process."""

    def __init__(self, house: House, services: Sequence[Service]) -> None:
        for service in services:
            for consumer in service.consumers:
                _check_topology(consumer)
        self.house = house
        self.services = services
        self.bus = open_bus(house)
        self.http_port: int | None = None
        self.health_port: int | None = None
        self._stop = asyncio.Event()
        self._relay_stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._relays: list[asyncio.Task[None]] = []
        self._servers: list[WebServer] = []
        self.failure: BaseException | None = None

    async def start(self) -> None:
        """Connect and begin to work."""
        await wait_for_database(self.house.engine)
        await self._connect_bus()
        for service in self.services:
            relay = Relay(self.house.database(service.name), self.bus)
            self._relays.append(asyncio.create_task(relay.run(self._relay_stop), name=f"relay:{service.name}"))
            for task in service.tasks:
                running = asyncio.ensure_future(task(self._stop))
                running.add_done_callback(self._task_ended)
                self._tasks.append(running)
            for consumer in service.consumers:
                await self.bus.read(consumer.queue, reader_of(consumer), consumer.concurrency)
        await self._serve()
        _log.info("host.started", services=[service.name for service in self.services])

    async def stop(self) -> None:
        """Drain: take no new work, finish what is at hand, publish what has become true, disconnect."""
        self._stop.set()
        await self.bus.drain()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._relay_stop.set()
        await asyncio.gather(*self._relays, return_exceptions=True)
        for server in self._servers:
            await server.stop()
        await self.bus.close()
        await self.house.close()
        _log.info("host.stopped")

    async def run(self) -> None:
        """Start, wait for SIGTERM or SIGINT (or for a task that fails for good), stop.

        Raises:
            Exception: what a task failed with.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        await self.start()
        await self._stop.wait()
        await self.stop()
        if self.failure is not None:
            raise self.failure

    def _task_ended(self, task: "asyncio.Future[None]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("host.task_failed", error=repr(error), exc_info=error)
            self.failure = error
            self._stop.set()

    async def _connect_bus(self) -> None:
        deadline = asyncio.get_running_loop().time() + 60
        while True:
            try:
                await self.bus.start()
            except (OSError, TryLater) as error:  # at start it may come up after us
                if asyncio.get_running_loop().time() > deadline:
                    raise
                _log.warning("host.bus_away", error=repr(error))
                await asyncio.sleep(1)
            else:
                return

    async def _serve(self) -> None:
        settings = self.house.settings
        health = WebServer(
            health_app({"database": self._check_database, "bus": self.bus.check}),
            settings.health_host,
            settings.health_port,
        )
        self.health_port = health.port
        self._servers.append(health)
        routers = [router for service in self.services for router in service.routers]
        if routers:
            app = FastAPI(title="Defterhane", docs_url=None, redoc_url=None)
            for router in routers:
                app.include_router(router)
            server = WebServer(app, settings.http_host, settings.http_port)
            self.http_port = server.port
            self._servers.append(server)
        for server in self._servers:
            await server.start()

    async def _check_database(self) -> None:
        async with self.house.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))


def reader_of(consumer: Consumer) -> Reader:
    """What the bus calls for each delivery: the consumer's handler with log context, trace, metrics and verdict."""

    async def read(delivery: Delivery) -> Outcome:
        envelope = delivery.envelope
        context = {
            "consumer": consumer.name,
            "tenant": envelope.tenant,
            "filing": envelope.subject,
            "event": str(envelope.id),
        }
        with (
            structlog.contextvars.bound_contextvars(**context),
            span(f"{consumer.name} {envelope.type}", envelope.traceparent, tenant=envelope.tenant),
            HANDLING_SECONDS.labels(consumer.name).time(),
        ):
            outcome = await _handle(consumer, delivery)
        EVENTS_HANDLED.labels(consumer.name, envelope.type, outcome.verdict.value).inc()
        return outcome

    return read


async def _handle(consumer: Consumer, delivery: Delivery) -> Outcome:
    try:
        received = Received(delivery.envelope, delivery.envelope.event, delivery.attempt)
        await consumer.handle(received)
    except TryLater as error:
        _log.info("event.later", type=delivery.envelope.type, key=error.key, attempt=delivery.attempt)
        return Outcome(Verdict.LATER, error.key)
    except DefterhaneError as error:
        _log.error("event.failed", type=delivery.envelope.type, key=error.key, attempt=delivery.attempt)
        return Outcome(Verdict.FAILED, error.key)
    except OSError as error:  # network and disk: what they say passes
        _log.warning("event.later", type=delivery.envelope.type, error=repr(error), attempt=delivery.attempt)
        return Outcome(Verdict.LATER, type(error).__name__)
    except Exception as error:
        _log.exception("event.failed", type=delivery.envelope.type, attempt=delivery.attempt)
        return Outcome(Verdict.FAILED, type(error).__name__)
    return DONE


def _check_topology(consumer: Consumer) -> None:
    queue = queue_named(consumer.name)
    if set(queue.events) != set(consumer.events) or queue.routed != (consumer.route != "*"):
        raise ValueError(f"consumer {consumer.name} does not fit its queue in the topology")


def run_service(name: str, build: Callable[[House, S], Service], settings_class: type[S]) -> None:
    """The whole of a service's `__main__`: settings from the environment, then run until SIGTERM."""
    settings = settings_class()
    configure_logging(settings)
    configure_telemetry(settings, name)
    asyncio.run(_run(build, settings))


async def _run(build: Callable[[House, S], Service], settings: S) -> None:
    house = House.open(settings)
    await Host(house, [build(house, settings)]).run()

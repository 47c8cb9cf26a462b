"""Host, process pool and settings: what a process does at its start, at work and at its end."""

import asyncio
import os
import time
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from defterhane.edefter.kinds import DocumentKind
from defterhane.errors import FixInput, TryLater
from defterhane.events import DocumentSigned, DocumentWritten, Event
from defterhane.host import Host
from defterhane.house import House
from defterhane.pools import ProcessPool, WorkerLost
from defterhane.service import Consumer, Received, Service
from defterhane.settings import Settings
from support.events import FIRM, document, reference

pytestmark = pytest.mark.postgres


def _written() -> DocumentWritten:
    return DocumentWritten(document=document(DocumentKind.JOURNAL), object=reference(), body_sha256="0" * 64)


class Handler:
    """A consumer that fails as told, then does its work."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.got: list[Event] = []
        self.done = asyncio.Event()

    async def __call__(self, received: Received) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.got.append(received.event)
        self.done.set()


def _host(house: House, handler: Handler) -> Host:
    consumer = Consumer("validator.documents", (DocumentWritten,), handler)
    return Host(house, [Service("archive", consumers=(consumer,))])


async def test_an_event_goes_from_a_transaction_to_its_consumer(house: House) -> None:
    handler = Handler()
    host = _host(house, handler)
    await host.start()
    async with house.database("archive").tenant(FIRM) as tx:
        await tx.publish(_written())
    await asyncio.wait_for(handler.done.wait(), 10)
    await host.stop()
    assert handler.got == [_written()]


async def test_failures_are_tried_again(house: House) -> None:
    handler = Handler(TryLater(), OSError("away"), FixInput(), RuntimeError("a bug"))
    host = _host(house, handler)
    await host.start()
    async with house.database("archive").tenant(FIRM) as tx:
        await tx.publish(_written())
    await asyncio.wait_for(handler.done.wait(), 10)
    await host.stop()


async def test_health_readiness_and_metrics_answer(house: House) -> None:
    host = _host(house, Handler())
    await host.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{host.health_port}") as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.get("/readyz")).json() == {"ready": True, "checks": {"database": "ok", "bus": "ok"}}
        assert "defterhane_events_published_total" in (await client.get("/metrics")).text
    await host.stop()


def test_a_consumer_must_fit_the_topology(house: House) -> None:
    wrong = Consumer("validator.documents", (DocumentSigned,), Handler())
    with pytest.raises(ValueError, match="topology"):
        Host(house, [Service("archive", consumers=(wrong,))])


async def test_a_task_that_fails_ends_the_process_with_its_reason(house: House) -> None:
    async def breaks(_: asyncio.Event) -> None:
        raise RuntimeError("cannot go on")

    host = Host(house, [Service("archive", tasks=(breaks,))])
    with pytest.raises(RuntimeError, match="cannot go on"):
        await asyncio.wait_for(host.run(), 20)


async def test_a_child_process_that_dies_costs_one_attempt() -> None:
    pool = ProcessPool(1)
    with pytest.raises(WorkerLost):
        await pool.run(os._exit, 1)
    assert await pool.run(abs, -3) == 3
    with pytest.raises(WorkerLost):
        await pool.run_within(0.5, time.sleep, 60)
    assert await pool.run(abs, -4) == 4
    await pool.close()


async def test_an_error_in_a_child_process_comes_back_as_it_is() -> None:
    pool = ProcessPool(1)
    with pytest.raises(ValueError, match="invalid literal"):
        await pool.run(int, "x")
    await pool.close()


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://user:hidden@host/db\n")
    monkeypatch.setenv("DEFTERHANE_DATABASE_URL_FILE", str(secret))
    monkeypatch.setenv("DEFTERHANE_OBJECTS_URL", "file:///tmp/x")
    settings = Settings()  # type: ignore[call-arg]
    assert settings.database_url == SecretStr("postgresql://user:hidden@host/db")
    assert "hidden" not in repr(settings)

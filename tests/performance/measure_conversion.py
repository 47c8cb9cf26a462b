"""From `conversion.requested` to `document.written`: months of a thousand lines, one after the other, over the bus."""

import asyncio
from pathlib import Path
from uuid import uuid4

from measuring import Figures, figures, run, timed

from converter.app import build
from converter.settings import ConverterSettings
from defterhane.bus.relay import Relay
from defterhane.edefter.period import Period
from defterhane.edefter.taxid import vkn_from_stem
from defterhane.events import ConversionRequested, DocumentWritten
from defterhane.host import open_bus, reader_of
from defterhane.house import House
from defterhane.log import configure_logging
from defterhane.service import Consumer, Received
from defterhane.tenancy import put_tenant
from defterhane_cli.embedded import EmbeddedPostgres, prepare_database
from sandbox.samples import write_sample
from support.servers import open_folder
from support.tenants import tenant


def requested_to_written(months: int, lines: int) -> Figures:
    """So many months, each of another firm, each asked for once the one before has been written; amount = months."""
    return asyncio.run(_measure(months, lines))


async def _measure(months: int, lines: int) -> Figures:
    with open_folder() as folder, EmbeddedPostgres(folder / "postgres") as server:
        await prepare_database(server.owner_url())
        settings = ConverterSettings.model_validate(
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
            return await _ask_and_wait(house, settings, folder, months, lines)
        finally:
            await house.close()


async def _ask_and_wait(house: House, settings: ConverterSettings, folder: Path, months: int, lines: int) -> Figures:
    written: asyncio.Queue[str] = asyncio.Queue()

    async def note(received: Received) -> None:
        written.put_nowait(received.event.tenant_id)

    service = build(house, settings)
    readers = [*service.consumers, Consumer("validator.documents", (DocumentWritten,), note)]
    bus, stop = open_bus(house), asyncio.Event()
    await bus.start()
    relays = [asyncio.create_task(Relay(house.database(name), bus).run(stop)) for name in ("portal", "converter")]
    for reader in readers:
        await bus.read(reader.queue, reader_of(reader), reader.concurrency)
    requests = [await _drop(house, folder, number, lines) for number in range(months + 1)]
    await _request(house, requests[0])  # children are started, connections made
    await written.get()
    with timed() as clock:
        async with asyncio.timeout(120):
            for request in requests[1:]:
                await _request(house, request)
                await written.get()
    await bus.drain()
    stop.set()
    await asyncio.gather(*relays)
    return figures(clock, months)


async def _drop(house: House, folder: Path, number: int, lines: int) -> ConversionRequested:
    firm = vkn_from_stem(f"{200_000_000 + number}")
    async with house.database("tenancy").tenant(firm) as tx:
        await put_tenant(tx, tenant(firm))
    sample = folder / f"{firm}-202501.zip"
    write_sample(sample, tax_id=firm, period=Period(2025, 1), lines=lines, seed=number)
    stored = await house.objects.put_file(firm, sample)
    file_id = str(uuid4())
    return ConversionRequested(tenant=firm, file_id=file_id, name=sample.name, period="2025-01", object=stored)


async def _request(house: House, request: ConversionRequested) -> None:
    async with house.database("portal").tenant(request.tenant) as tx:
        await tx.publish(request)


if __name__ == "__main__":
    run(requested_to_written)

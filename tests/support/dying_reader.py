"""A process that takes one delivery and never finishes it: to be killed. Arguments: carrier, URL, queue."""

import asyncio
import sys

from defterhane.bus.base import DONE, Bus, Delivery, Outcome, Patience
from defterhane.bus.postgres import PostgresBus
from defterhane.bus.rabbit import RabbitBus
from defterhane.db.database import engine_for


async def main(carrier: str, url: str, queue: str) -> None:
    patience = Patience((0.1, 0.2), 3)
    bus: Bus = RabbitBus(url, patience) if carrier == "rabbitmq" else PostgresBus(engine_for(url), patience, 1)
    await bus.start()

    async def never(_: Delivery) -> Outcome:
        print("held", flush=True)
        await asyncio.sleep(3600)
        return DONE

    await bus.read(queue, never, 1)
    await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

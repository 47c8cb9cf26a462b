"""`python -m defterhane.replay QUEUE` gives a queue's dead letters to it again.

It runs where a service's settings are, such as in its container. Without a queue it lists those that there are; a
signer's queues end with its name: `signer.documents.main`.
"""

import asyncio
import sys

from defterhane.bus import QUEUES
from defterhane.host import open_bus
from defterhane.house import House
from defterhane.settings import Settings


def is_known(queue: str) -> bool:
    """Whether the topology has a queue of that name."""
    return any(
        queue.startswith(f"{known.name}.") and len(queue) > len(known.name) + 1 if known.routed else queue == known.name
        for known in QUEUES
    )


async def replay(settings: Settings, queue: str) -> int:
    """Move the dead letters of `queue` back into it; returns how many there were."""
    house = House.open(settings)
    try:
        bus = open_bus(house)
        await bus.start()
        try:
            return await bus.replay(queue)
        finally:
            await bus.close()
    finally:
        await house.close()


def main() -> int:
    """The command; 2 where there is no such queue."""
    match sys.argv[1:]:
        case [queue] if is_known(queue):
            moved = asyncio.run(replay(Settings(), queue))
            print(f"{queue}: {moved}")  # noqa: T201
            return 0
        case _:
            names = "\n".join(f"{known.name}.SIGNER" if known.routed else known.name for known in QUEUES)
            print(names, file=sys.stderr)  # noqa: T201
            return 2


if __name__ == "__main__":
    sys.exit(main())

"""The gateway's clockwork: looks for submissions that are due, and takes each one step further."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Final

from defterhane.db.database import Database
from defterhane.house import House
from defterhane.log import logger
from gib_gateway import client, records
from gib_gateway.breaker import Breaker
from gib_gateway.records import Claim
from gib_gateway.settings import GatewaySettings
from gib_gateway.turns import Turns

_log = logger(__name__)

_TAKEN_SECONDS: Final = 120
"""So long after a poller's death what it had taken up is due again."""
_AT_ONCE: Final = 8


class Poller:
    """A task of the service; several processes may run one each."""

    def __init__(
        self, house: House, database: Database, settings: GatewaySettings, breaker: Breaker, turns: Turns
    ) -> None:
        self._house = house
        self._database = database
        self._settings = settings
        self._breaker = breaker
        self._turns = turns

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`."""
        await asyncio.to_thread(client.load)
        while not stop.is_set():
            full = False
            try:
                full = await self.tick()
            except Exception as error:  # the database may be away; it is looked for again
                _log.warning("poller.failed", error=repr(error))
            if not full:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), self._settings.gib_tick_seconds)

    async def tick(self) -> bool:
        """Take up what is due; True where there may be more."""
        now = self._house.clock()
        blocked = self._breaker.blocked_until(now) is not None
        limit = 1 if self._breaker.is_open and not blocked else self._settings.gib_batch
        until = now + timedelta(seconds=_TAKEN_SECONDS)
        async with self._database.system() as tx:
            claims = await records.claim_due(tx, until=until, limit=limit, only_waiting=blocked)
        slots = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(self._take(claim, slots) for claim in claims))
        return len(claims) == self._settings.gib_batch

    async def _take(self, claim: Claim, slots: asyncio.Semaphore) -> None:
        async with slots:
            try:
                await self._turns.take(claim)
            except Exception:  # one submission's trouble is not the others'; it is due again by itself
                _log.exception("poller.turn_failed", submission=str(claim.id), tenant=claim.tenant)

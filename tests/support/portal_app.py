"""The portal as a browser and an API client meet it: its routers behind a real HTTP server, its feed running."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI

from defterhane.events import Envelope
from defterhane.house import House
from defterhane.service import Received
from defterhane.web import WebServer
from portal.app import build
from portal.settings import PortalSettings

OPERATOR = "operator-token-of-the-tests"


@dataclass(frozen=True)
class Portal:
    """A portal that answers."""

    house: House
    address: str
    client: httpx.AsyncClient
    """Without credentials."""
    app: FastAPI
    handle: object

    async def deliver(self, envelopes: Iterable[Envelope]) -> None:
        """Give events to the portal's own consumer."""
        for envelope in envelopes:
            await self.handle(Received(envelope, envelope.event))

    def as_(self, token: str = OPERATOR) -> dict[str, str]:
        """Headers of somebody who has this token."""
        return {"Authorization": f"Bearer {token}"}


@asynccontextmanager
async def portal_of(house: House, **settings: object) -> AsyncIterator[Portal]:
    """Serve the portal of a house."""
    values = {"operator_token": OPERATOR, "secure_cookies": False, "feed_seconds": 0.05, **settings}
    service = build(house, PortalSettings.model_validate({**house.settings.model_dump(), **values}))
    app = FastAPI()
    for router in service.routers:
        app.include_router(router)
    stop = asyncio.Event()
    tasks = [asyncio.create_task(task(stop)) for task in service.tasks]
    server = WebServer(app, "127.0.0.1", 0)
    await server.start()
    address = f"http://127.0.0.1:{server.port}"
    async with httpx.AsyncClient(base_url=address, timeout=20, trust_env=False) as client:
        yield Portal(house, address, client, app, service.consumers[0].handle)
    stop.set()
    await asyncio.gather(*tasks)
    await server.stop()

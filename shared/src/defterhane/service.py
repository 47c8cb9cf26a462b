"""What a service is made of: consumers of events, tasks that run all the time, routes of an API."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import APIRouter

from defterhane.events.envelope import Envelope
from defterhane.events.models import Event

EVERY_ROUTE = "*"


@dataclass(frozen=True, slots=True)
class Received:
    """One delivery of an event; `attempt` is 1 the first time."""

    envelope: Envelope
    event: Event
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who handles which events. A handler that returns has done it; one that raises gets the event again.

    `TryLater` is tried again for as long as it takes; anything else `max_attempts` times, then the event goes to
    the dead letters. What users should hear of is an event, never an exception.
    """

    name: str
    """Also its queue's name, as in `defterhane.bus.topology`."""
    events: tuple[type[Event], ...]
    handle: Callable[[Received], Awaitable[None]]
    route: str = EVERY_ROUTE
    """The signer's name, for a consumer of events that are for one signer."""
    concurrency: int = 1

    @property
    def queue(self) -> str:
        """The queue it reads."""
        return self.name if self.route == EVERY_ROUTE else f"{self.name}.{self.route}"


@dataclass(frozen=True, slots=True)
class Service:
    """One service, ready to run."""

    name: str
    """As its package and its schema: `gib_gateway`."""
    consumers: tuple[Consumer, ...] = ()
    tasks: tuple[Callable[[asyncio.Event], Awaitable[None]], ...] = ()
    """Long-lived loops; each gets the event that says stop."""
    routers: tuple[APIRouter, ...] = ()

"""`/sandbox/…`: what was received, what became of it, and trouble on demand. For tests and the curious."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from sandbox.gib.statuses import Status
from sandbox.gib.store import Attempt, Store
from sandbox.gib.trouble import Trouble, Troubles

_PAGE = 1000


class Received(BaseModel):
    """One accepted upload."""

    id: int
    package: str
    sent_by: str
    sha256: str
    received_at: str
    status: Status
    reason: str | None
    processed_at: str | None
    approved_sha256: str | None

    @classmethod
    def of(cls, attempt: Attempt) -> "Received":
        """As it is told."""
        return cls.model_validate(attempt, from_attributes=True)


class PackageStatistics(BaseModel):
    """What has happened to one package."""

    sends: dict[str, int]
    """How calls of sendDocumentFile ended (`ok`, or a fault's code) → how often."""
    approved: int
    """1 at most, or something was filed twice."""
    rejected: int
    waiting: int


class Statistics(BaseModel):
    """All packages."""

    approved: int
    rejected: int
    waiting: int
    packages: dict[str, PackageStatistics]


def admin_router(store: Store, troubles: Troubles) -> APIRouter:
    """The admin pages; there is no log-in, so they belong on no network."""
    router = APIRouter(prefix="/sandbox")

    @router.get("/packages")
    async def packages(after: int = 0, limit: Annotated[int, Query(ge=1, le=_PAGE)] = _PAGE) -> list[Received]:
        """Accepted uploads in the order of receipt; `after` is the last id of the page before."""
        attempts = await asyncio.to_thread(store.attempts, after=after, limit=limit)
        return [Received.of(attempt) for attempt in attempts]

    @router.get("/statistics")
    async def statistics() -> Statistics:
        return await asyncio.to_thread(_statistics, store)

    @router.get("/troubles")
    async def waiting_troubles() -> list[Trouble]:
        return troubles.waiting()

    @router.post("/troubles", status_code=201)
    async def add_trouble(trouble: Trouble) -> Trouble:
        troubles.add(trouble)
        return trouble

    @router.delete("/troubles", status_code=204)
    async def clear_troubles() -> None:
        troubles.clear()

    return router


def _statistics(store: Store) -> Statistics:
    sends, outcomes = store.sends(), store.outcomes()
    packages = {
        name: PackageStatistics(
            sends=sends.get(name, {}),
            approved=outcomes.get(name, {}).get(Status.APPROVED, 0),
            rejected=outcomes.get(name, {}).get(Status.REJECTED, 0),
            waiting=outcomes.get(name, {}).get(Status.WAITING, 0),
        )
        for name in sorted(sends.keys() | outcomes.keys())
    }
    return Statistics(
        approved=sum(item.approved for item in packages.values()),
        rejected=sum(item.rejected for item in packages.values()),
        waiting=sum(item.waiting for item in packages.values()),
        packages=packages,
    )

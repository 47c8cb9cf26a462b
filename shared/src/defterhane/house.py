"""What a process gives to the services that run in it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncEngine

from defterhane.db.database import Database, engine_for
from defterhane.objects import ObjectStore, open_backend
from defterhane.pools import ProcessPool
from defterhane.settings import Settings


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """Shared means of one process: database engine, objects, child processes, clock, ids."""

    settings: Settings
    engine: AsyncEngine
    objects: ObjectStore
    pool: ProcessPool
    clock: Callable[[], datetime] = utc_now
    """Aware, UTC."""
    new_id: Callable[[], UUID] = uuid4

    @classmethod
    def open(cls, settings: Settings, clock: Callable[[], datetime] = utc_now) -> "House":
        """Make a house from settings. Connections are made when first used."""
        if settings.scratch is not None:
            settings.scratch.mkdir(parents=True, exist_ok=True)
        return cls(
            settings=settings,
            engine=engine_for(settings.database_url.get_secret_value(), settings.database_connections),
            objects=ObjectStore(open_backend(settings, settings.objects_url), settings.scratch),
            pool=ProcessPool(settings.processes),
            clock=clock,
        )

    def database(self, service: str) -> Database:
        """A service's way to its schema."""
        return Database(self.engine, service, self.clock, self.new_id, self.settings.lease_seconds)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder that is gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="defterhane-", dir=self.settings.scratch) as name:
            yield Path(name)

    async def close(self) -> None:
        """Give everything back."""
        await self.pool.close()
        await self.engine.dispose()

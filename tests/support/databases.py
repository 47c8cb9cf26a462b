"""Databases for tests: each test gets its own, copied from a migrated template in a fraction of a second."""

from dataclasses import dataclass

from sqlalchemy import text

from defterhane.db.database import engine_for


@dataclass(frozen=True)
class Postgres:
    """A server with a migrated template database."""

    base: str
    """A superuser's URL without a database."""
    template: str
    query: str

    @property
    def owner_url(self) -> str:
        return f"{self.base}/{self.template}{self.query}"

    def url(self, user: str, database: str) -> str:
        scheme, rest = self.base.split("://", 1)
        place = rest.rpartition("@")[2]
        return f"{scheme}://{user}:tests@{place}/{database}{self.query}"

    async def create(self, name: str) -> None:
        await self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}"')

    async def drop(self, name: str) -> None:
        await self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def _execute(self, statement: str) -> None:
        engine = engine_for(f"{self.base}/postgres{self.query}", pool_size=1)
        try:
            async with engine.connect() as connection:
                alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await alone.execute(text(statement))
        finally:
            await engine.dispose()

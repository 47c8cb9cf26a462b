"""Transactions: each says at its start whose rows it may see."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from defterhane.edefter.taxid import tax_id
from defterhane.events.envelope import ANY_ROUTE, envelop
from defterhane.events.models import Event
from defterhane.telemetry import current_traceparent

EVERY_TENANT = "*"


def engine_for(url: str, pool_size: int = 10) -> AsyncEngine:
    """An engine for a `postgresql://` URL."""
    parsed = make_url(url).set(drivername="postgresql+asyncpg")
    return create_async_engine(
        parsed, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True, pool_recycle=1800
    )


class Transaction:
    """One transaction of one service: a session, and a way to say what has become true."""

    def __init__(self, session: AsyncSession, database: "Database") -> None:
        self.session = session
        self._database = database
        self._published = False

    @property
    def service(self) -> str:
        """The service whose transaction it is."""
        return self._database.service

    def now(self) -> datetime:
        """The service's clock."""
        return self._database.clock()

    async def publish(self, event: Event, route: str = ANY_ROUTE) -> UUID:
        """Put an event into the service's outbox; it leaves once this transaction has been committed."""
        database = self._database
        now = database.clock()
        envelope = envelop(
            event,
            id=database.new_id(),
            source=f"/{database.service}",
            time=now,
            route=route,
            traceparent=current_traceparent(),
        )
        await self.session.execute(
            text(
                f"INSERT INTO {database.service}.outbox (event_id, tenant, subject, envelope, created_at)"  # noqa: S608
                " VALUES (:event_id, :tenant, :subject, :envelope, :created_at)"
            ),
            {
                "event_id": envelope.id,
                "tenant": envelope.tenant,
                "subject": envelope.subject,
                "envelope": envelope.model_dump_json(),
                "created_at": now,
            },
        )
        if not self._published:
            self._published = True
            await self.session.execute(text(f"NOTIFY {outbox_channel(database.service)}"))
        return envelope.id


class Database:
    """One service's way to Postgres."""

    def __init__(
        self,
        engine: AsyncEngine,
        service: str,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
        lease_seconds: float = 15,
    ) -> None:
        self.engine = engine
        self.service = service
        """The service's name as its schema has it: `gib_gateway`."""
        self.clock = clock
        self.new_id = new_id
        self.lease_seconds = lease_seconds

    @asynccontextmanager
    async def tenant(self, tenant: str) -> AsyncIterator[Transaction]:
        """A transaction that sees one tenant's rows."""
        async with self._transaction(tax_id(tenant)) as transaction:
            yield transaction

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Transaction]:
        """A transaction that sees all tenants' rows: for relays, pollers and log-ins alone."""
        async with self._transaction(EVERY_TENANT) as transaction:
            yield transaction

    @asynccontextmanager
    async def _transaction(self, scope: str) -> AsyncIterator[Transaction]:
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            await session.execute(text("SELECT set_config('defterhane.tenant', :scope, true)"), {"scope": scope})
            yield Transaction(session, self)


def outbox_channel(service: str) -> str:
    """The NOTIFY channel that wakes a service's relay."""
    return f"defterhane_outbox_{service}"


async def wait_for_database(engine: AsyncEngine, seconds: float = 60) -> None:
    """Wait until the database answers: at start it may come up after us.

    Raises:
        OSError: it did not in that time.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        try:
            async with engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except OSError:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(0.5)
        else:
            return

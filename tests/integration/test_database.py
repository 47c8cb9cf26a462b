"""Row-level security, outbox, inbox and leases, tried against a real Postgres."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from defterhane.bus.base import Bus, Patience
from defterhane.bus.postgres import PostgresBus
from defterhane.bus.relay import Relay
from defterhane.db.database import Database
from defterhane.db.migrate import LOCATIONS
from defterhane.edefter.kinds import DocumentKind
from defterhane.errors import Busy
from defterhane.events import DocumentWritten, Envelope, FilingReleased
from defterhane.house import House
from defterhane.tenancy import find_tenant, get_tenant, list_tenants, put_tenant
from defterhane.tenant import Tenant
from defterhane.work import lease, once, work
from support.events import FIRM, OTHER_FIRM, document, received, reference
from support.tenants import tenant

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(house: House) -> Database:
    return house.database("archive")


def _event() -> DocumentWritten:
    return DocumentWritten(document=document(), object=reference(), body_sha256="0" * 64)


async def test_a_tenant_sees_only_itself(house: House) -> None:
    database = house.database("tenancy")
    for number in (FIRM, OTHER_FIRM):
        async with database.tenant(number) as tx:
            await put_tenant(tx, tenant(number))
    async with database.tenant(FIRM) as tx:
        assert [found.tax_id for found in await list_tenants(tx)] == [FIRM]
        assert await find_tenant(tx, OTHER_FIRM) is None
        assert (await get_tenant(tx, FIRM)).tax_id == FIRM
    async with database.system() as tx:
        assert len(await list_tenants(tx)) == 2


async def test_a_tenant_cannot_write_anothers_row(house: House) -> None:
    database = house.database("tenancy")
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.tenant(FIRM) as tx:
            await put_tenant(tx, tenant(OTHER_FIRM))


async def test_who_has_set_no_tenant_sees_nothing(house: House) -> None:
    database = house.database("tenancy")
    async with database.tenant(FIRM) as tx:
        await put_tenant(tx, tenant(FIRM))
    async with house.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM tenancy.tenant"))).scalar_one() == 0


async def test_every_table_with_a_tenant_is_protected(house: House) -> None:
    query = text("""
        SELECT n.nspname || '.' || c.relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped
        WHERE c.relkind = 'r' AND n.nspname = ANY(:schemas)
            AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
    """)
    async with house.engine.connect() as connection:
        found = await connection.execute(query, {"schemas": list(LOCATIONS)})
        assert found.scalars().all() == []


async def test_services_cannot_change_the_schema_or_lift_the_policy(house: House) -> None:
    for statement in (
        "ALTER TABLE tenancy.tenant DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE tenancy.extra (id int)",
        "DROP POLICY tenant_only ON tenancy.tenant",
    ):
        with pytest.raises(DBAPIError, match=r"must be owner|permission denied"):
            async with house.engine.begin() as connection:
                await connection.execute(text(statement))


async def test_an_event_leaves_only_with_its_transaction(database: Database) -> None:
    bus = _Recording()
    relay = Relay(database, bus)
    with pytest.raises(RuntimeError):
        async with database.tenant(FIRM) as tx:
            await tx.publish(_event())
            raise RuntimeError
    assert await relay.relay_once() == 0
    async with database.tenant(FIRM) as tx:
        await tx.publish(_event())
    assert await relay.relay_once() == 1
    assert await relay.relay_once() == 0
    assert [envelope.event for envelope in bus.published] == [_event()]


async def test_events_of_one_month_leave_in_order_even_with_two_relays(database: Database) -> None:
    bus = _Recording()
    kinds = list(DocumentKind) * 8
    async with database.tenant(FIRM) as tx:
        for number, kind in enumerate(kinds):
            event = DocumentWritten(document=document(kind), object=reference(), body_sha256="0" * 64)
            await tx.publish(event.model_copy(update={"file_id": str(number)}))
    relays = Relay(database, bus), Relay(database, bus)
    while sum(await asyncio.gather(*(relay.relay_once() for relay in relays))):
        pass
    assert [envelope.data["file_id"] for envelope in bus.published] == [str(n) for n in range(len(kinds))]


async def test_an_event_that_could_not_be_published_stays(database: Database) -> None:
    bus = _Recording(failures=1)
    relay = Relay(database, bus)
    async with database.tenant(FIRM) as tx:
        await tx.publish(_event())
    with pytest.raises(OSError, match="away"):
        await relay.relay_once()
    assert await relay.relay_once() == 1


async def test_only_what_is_long_past_is_swept(house: House) -> None:
    event = received(_event())
    for age in (timedelta(days=400), timedelta()):
        database = Database(house.engine, "archive", lambda age=age: house.clock() - age, house.new_id)
        async with once(database, f"consumer.{age.days}", event) as tx:
            assert tx is not None
            await tx.publish(_event())
        await Relay(database, _Recording()).relay_once()
    async with house.database("archive").tenant(FIRM) as tx:
        await tx.publish(_event())  # never published: never swept
    await Relay(house.database("archive"), _Recording()).sweep()
    async with house.database("archive").system() as tx:
        count = text("SELECT (SELECT count(*) FROM archive.outbox), (SELECT count(*) FROM archive.inbox)")
        assert tuple((await tx.session.execute(count)).one()) == (2, 1)


async def test_the_same_event_has_its_effect_once(database: Database) -> None:
    event = received(FilingReleased(filing=document().filing, gate="sign", by="test"))
    effects = 0
    for _ in range(3):
        async with once(database, "validator.documents", event) as tx:
            if tx is not None:
                effects += 1
    assert effects == 1


async def test_an_effect_that_fails_may_be_tried_again(database: Database) -> None:
    event = received(_event())
    with pytest.raises(RuntimeError):
        async with once(database, "validator.documents", event) as tx:
            assert tx is not None
            raise RuntimeError
    async with once(database, "validator.documents", event) as tx:
        assert tx is not None


async def test_long_work_is_done_once_and_by_one_at_a_time(database: Database) -> None:
    event = received(_event())
    async with work(database, "validator.documents", event, key="k") as job:
        assert job is not None
        with pytest.raises(Busy):
            async with work(database, "validator.documents", event, key="k"):
                pass
        async with job.commit():
            pass
    async with work(database, "validator.documents", event, key="k") as job:
        assert job is None


async def test_a_worker_that_lost_its_lease_cannot_commit(house: House) -> None:
    slow = Database(house.engine, "archive", house.clock, house.new_id, lease_seconds=0.3)
    event = received(_event())
    async with work(slow, "validator.documents", event, key="k") as job:
        assert job is not None
        async with slow.system() as tx:  # as though renewing had failed for too long
            await tx.session.execute(text("UPDATE archive.lease SET expires_at = now() - interval '1 minute'"))
        async with lease(slow, "k"):
            with pytest.raises(Busy):
                async with job.commit():
                    pass


async def test_a_lease_is_renewed_while_it_is_held(house: House) -> None:
    short = Database(house.engine, "archive", house.clock, house.new_id, lease_seconds=0.4)
    async with lease(short, "k"):
        await asyncio.sleep(1)
        with pytest.raises(Busy):
            async with lease(short, "k"):
                pass


async def test_relay_and_carrier_together_deliver_what_was_committed(house: House, database: Database) -> None:
    bus = PostgresBus(house.engine, Patience((0.1,), 3))
    stop = asyncio.Event()
    relay = asyncio.create_task(Relay(database, bus).run(stop))
    async with database.tenant(FIRM) as tx:
        await tx.publish(_event())
    async with asyncio.timeout(10):
        while await bus.waiting("validator.documents") == 0:
            await asyncio.sleep(0.02)
    stop.set()
    await relay


def test_master_data_survive_the_way_through_json() -> None:
    made = tenant(FIRM)
    assert Tenant.model_validate(made.model_dump(mode="json")) == made


class _Recording(Bus):
    """A carrier that remembers."""

    def __init__(self, failures: int = 0) -> None:
        self.published: list[Envelope] = []
        self._failures = failures

    async def publish(self, envelopes: object) -> None:
        if self._failures:
            self._failures -= 1
            raise OSError("away")
        assert isinstance(envelopes, list)
        self.published.extend(envelopes)

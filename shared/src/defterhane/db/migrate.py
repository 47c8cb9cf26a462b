"""Migrations: `python -m defterhane.db.migrate` brings every installed service's schema to its newest state.

They run as the database's owner (`DEFTERHANE_DATABASE_OWNER_URL`), one process at a time; services then work as a
member of `defterhane_app`, which owns nothing.
"""

import asyncio
import importlib.util
import os
from pathlib import Path
from typing import Any, Final

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, text

from defterhane.db.database import engine_for
from defterhane.db.ddl import APP_ROLE
from defterhane.db.tables import service_metadata

LOCATIONS: Final[dict[str, str]] = {
    "tenancy": "defterhane.tenancy",
    "bus": "defterhane.bus",
    "ingest": "ingest",
    "converter": "converter",
    "validator": "validator",
    "signer": "signer",
    "gib_gateway": "gib_gateway",
    "archive": "archive",
    "portal": "portal",
}
"""Schema → the package whose `migrations` folder makes it."""

_LOCK = 7_304_001

_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
        CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
END $$
"""  # noqa: S608 — a constant of ours


async def migrate(owner_url: str) -> list[str]:
    """Bring all installed services' schemas up to date; returns their names."""
    engine = engine_for(owner_url, pool_size=1)
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            await connection.execute(text(_ROLE))
            await connection.commit()
            done = []
            for schema, package in LOCATIONS.items():
                folder = _migrations(package)
                if folder is None:
                    continue
                await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
                await connection.run_sync(_upgrade, schema, folder)
                await connection.commit()
                done.append(schema)
            await connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            await connection.commit()
            return done
    finally:
        await engine.dispose()


def _migrations(package: str) -> Path | None:
    """The folder of an installed package's migrations."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0]) / "migrations"
    return folder if (folder / "env.py").is_file() else None


def _upgrade(connection: Connection, schema: str, folder: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    config.attributes["schema"] = schema
    command.upgrade(config, "head")


def run_environment() -> None:
    """What each `migrations/env.py` calls."""
    config = context.config
    connection: Connection = config.attributes["connection"]
    schema: str = config.attributes["schema"]
    context.configure(
        connection=connection,
        target_metadata=service_metadata(schema),
        version_table_schema=schema,
        include_schemas=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """The command."""
    url = os.environ.get("DEFTERHANE_DATABASE_OWNER_URL")
    if file := os.environ.get("DEFTERHANE_DATABASE_OWNER_URL_FILE"):
        url = Path(file).read_text("utf-8").strip()
    if not url:
        raise SystemExit("DEFTERHANE_DATABASE_OWNER_URL (or …_FILE) says where the database is; it is not set")
    done: Any = asyncio.run(migrate(url))
    print("migrated: " + ", ".join(done))  # noqa: T201


if __name__ == "__main__":
    main()

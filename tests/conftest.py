"""Fixtures for all tests: real servers, each started when it is first asked for.

Given servers are used where `DEFTERHANE_TEST_POSTGRES_URL` (a superuser's, without a database), `…_RABBITMQ_URL` or
`…_PKCS11_MODULE` name them. What is not there is skipped with its reason.
"""

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from defterhane.house import House
from defterhane.log import configure_logging
from defterhane.settings import Settings
from defterhane_cli.embedded import APP_USER, EmbeddedPostgres, prepare_database
from support import servers
from support.databases import Postgres

SHARED = Path(__file__).parents[2] / "shared"
TEMPLATE = f"template_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
"""Each test process has a template of its own, also on a server that is given."""


def pytest_configure() -> None:
    configure_logging(Settings.model_construct(log_format="console", log_level="WARNING"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = {
        "rabbitmq": None if os.environ.get("DEFTERHANE_TEST_RABBITMQ_URL") or servers.find_rabbitmq() else "RabbitMQ",
        "xmlsec1": None if shutil.which("xmlsec1") else "xmlsec1",
        "softhsm": None if shutil.which("softhsm2-util") else "SoftHSM2",
        "browser": None if shutil.which("chromium") else "Chromium",
        "kubectl": None if shutil.which("kubectl") else "kubectl",
        "official": None if SHARED.is_dir() else "the folder ../shared",
    }
    for item in items:
        for marker, what in missing.items():
            if what and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"{what} is not here"))


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The outside judge's material: official schemas, skeletons, a vendor's sample."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is not here")
    return SHARED


@pytest.fixture(scope="session")
async def postgres() -> AsyncIterator[Postgres]:
    """A migrated PostgreSQL for the session; each `house` gets a database of its own, copied from it."""
    given = os.environ.get("DEFTERHANE_TEST_POSTGRES_URL")
    if given:
        yield await _prepared(Postgres(given, TEMPLATE, ""))
        return
    with servers.open_folder() as folder, EmbeddedPostgres(folder / "postgres") as server:
        base, _, query = server.url("postgres", "postgres").partition("?")
        yield await _prepared(Postgres(base.rpartition("/")[0], TEMPLATE, f"?{query}"))


async def _prepared(postgres: Postgres) -> Postgres:
    await prepare_database(postgres.owner_url, APP_USER, "tests")
    return postgres


@pytest.fixture
async def database_url(postgres: Postgres) -> AsyncIterator[str]:
    """The URL, for the app's role, of a fresh database with all schemas."""
    name = f"test_{uuid.uuid4().hex}"
    await postgres.create(name)
    yield postgres.url(APP_USER, name)
    await postgres.drop(name)


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A house with real Postgres, a folder of objects and child processes."""
    settings = Settings.model_validate(
        {
            "database_url": database_url,
            "objects_url": (tmp_path / "objects").as_uri(),
            "scratch": tmp_path / "scratch",
            "processes": 1,
            "retry_seconds": (0.05, 0.1, 0.2),
            "max_attempts": 4,
            "lease_seconds": 2,
        }
    )
    made = House.open(settings)
    yield made
    await made.close()


@pytest.fixture(scope="session")
def rabbitmq_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A private RabbitMQ node."""
    given = os.environ.get("DEFTERHANE_TEST_RABBITMQ_URL")
    if given:
        yield given
        return
    with servers.rabbitmq(tmp_path_factory.mktemp("rabbitmq")) as url:
        yield url


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A private S3 server: the settings that reach it."""
    with servers.s3_server(tmp_path_factory.mktemp("s3")) as settings:
        yield settings

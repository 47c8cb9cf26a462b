"""An operator gives dead letters to their queue again, from inside a service's container."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from defterhane.house import House
from defterhane.replay import is_known

pytestmark = pytest.mark.postgres


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DEFTERHANE_")}
    return subprocess.run(
        [sys.executable, "-m", "defterhane.replay", *arguments],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_dead_letters_come_to_life(house: House) -> None:
    insert = text("INSERT INTO bus.delivery (queue, envelope, dead, attempt) VALUES (:queue, '{}', :dead, 10)")
    async with house.engine.begin() as connection:
        for queue, dead in (("converter.files", True), ("converter.files", False), ("portal.board", True)):
            await connection.execute(insert, {"queue": queue, "dead": dead})

    done = _run(
        "converter.files",
        DEFTERHANE_DATABASE_URL=house.settings.database_url.get_secret_value(),
        DEFTERHANE_OBJECTS_URL=house.settings.objects_url,
    )

    assert (done.returncode, done.stdout) == (0, "converter.files: 1\n"), done.stderr
    async with house.engine.connect() as connection:
        rows = await connection.execute(text("SELECT queue, dead FROM bus.delivery ORDER BY id"))
        assert [tuple(row) for row in rows] == [
            ("converter.files", False),
            ("converter.files", False),
            ("portal.board", True),
        ]


def test_an_unknown_queue_is_answered_with_those_that_there_are() -> None:
    done = _run("converter.file")
    assert done.returncode == 2
    assert "converter.files" in done.stderr.split()
    assert "signer.documents.SIGNER" in done.stderr.split()


@pytest.mark.parametrize(
    ("queue", "known"),
    [
        ("converter.files", True),
        ("signer.documents.main", True),
        ("signer.documents", False),
        ("signer.documents.", False),
        ("converter.files.main", False),
    ],
)
def test_a_signers_queue_carries_its_name(queue: str, known: bool) -> None:
    assert is_known(queue) is known

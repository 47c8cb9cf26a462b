"""Heads of entries on disk, and what their lines sum up to: joins tables of any size in little memory."""

import contextlib
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import starmap
from operator import attrgetter
from pathlib import Path
from typing import Final

_CACHE_KIB: Final = 8 * 1024
_TABLE: Final = """
CREATE TABLE head (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, file TEXT NOT NULL, line INTEGER NOT NULL,
    voucher TEXT NOT NULL, number TEXT NOT NULL, day TEXT NOT NULL, entered_by TEXT NOT NULL, comment TEXT NOT NULL,
    division TEXT NOT NULL, total_debit INTEGER, total_credit INTEGER,
    lines INTEGER NOT NULL DEFAULT 0, debit INTEGER NOT NULL DEFAULT 0, credit INTEGER NOT NULL DEFAULT 0,
    unsure INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX by_voucher ON head (voucher);
"""
_ADD: Final = "INSERT OR IGNORE INTO head VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_BY_KEY: Final = "SELECT * FROM head WHERE key = ?"
_BY_VOUCHER: Final = "SELECT * FROM head WHERE voucher = ? LIMIT 2"
SUM_LIMIT: Final = 10**18
"""Sums of kuruş beyond it are not compared: SQLite's integers end soon after."""


@dataclass(slots=True)
class Head:
    """One entry's head; empty texts mean nothing."""

    id: int
    key: str
    """Its source reference, or its voucher's number where it has none, marked by which of them it is."""
    file: str
    line: int
    voucher: str
    number: str
    day: str
    entered_by: str
    comment: str
    division: str
    total_debit: int | None
    """Kuruş; None = it does not say, or not readably."""
    total_credit: int | None
    lines: int = 0
    debit: int = 0
    credit: int = 0
    unsure: bool = False
    """A line's amount could not be read: sums tell nothing."""

    @property
    def reference(self) -> str:
        """As users know it."""
        return self.key[1:]

    @property
    def entryref(self) -> str:
        """What tells the entry apart from all others of the drop."""
        return f"{self.key}#{self.id}"


_kept: Final = attrgetter(*Head.__slots__[1:])


class Heads:
    """Keeps heads in a file of a folder, until it is closed."""

    def __init__(self, scratch: Path) -> None:
        with tempfile.NamedTemporaryFile(dir=scratch, suffix=".heads", delete=False) as file:
            self._path = Path(file.name)
        self._database = sqlite3.connect(self._path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._database.executescript(_TABLE)
        self._database.execute("BEGIN")

    def __enter__(self) -> "Heads":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.closing(self._database):
            self._path.unlink(missing_ok=True)

    def add(self, head: Head) -> bool:
        """Keep a head (its `id` is given here); False where one with its key is there already."""
        done = self._database.execute(_ADD, _kept(head))
        return done.rowcount == 1

    def find(self, source: str, voucher: str) -> Head | None:
        """The head with that source reference; else the only one of that voucher."""
        if source:
            found = self._all(_BY_KEY, f"s{source}")
            if found:
                return found[0]
        found = self._all(_BY_VOUCHER, voucher) if voucher else []
        return found[0] if len(found) == 1 else None

    def count(self, head: Head) -> None:
        """Keep what has been summed up for it."""
        self._database.execute(
            "UPDATE head SET lines = ?, debit = ?, credit = ?, unsure = ? WHERE id = ?",
            (head.lines, head.debit, head.credit, head.unsure, head.id),
        )

    def wrong(self) -> Iterator[Head]:
        """Those without lines, and those whose totals are not their lines' sums, in the order of the files."""
        cursor = self._database.execute(
            "SELECT * FROM head WHERE lines = 0 OR NOT unsure AND (total_debit <> debit OR total_credit <> credit)"
            " ORDER BY id"
        )
        return starmap(Head, cursor)

    def _all(self, question: str, value: str) -> list[Head]:
        return [Head(*row) for row in self._database.execute(question, (value,))]

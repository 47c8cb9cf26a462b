"""Rendered entries on disk, until they are in a journal and a ledger; and where each line of them lies."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from converter.bookorder import SUMS
from converter.writing.books import AccountSum
from converter.writing.canonical import BUFFER

_PLACES: Final = """
CREATE TABLE place (
    number INTEGER PRIMARY KEY, rank INTEGER NOT NULL, at INTEGER NOT NULL, size INTEGER NOT NULL,
    amount INTEGER NOT NULL, debit INTEGER NOT NULL
)"""

Place = tuple[int, int, int, int, int, int]
"""A line's number, its account's place in the ledger, where its bytes begin and how many they are, kuruş, if debit."""


class Body:
    """Bytes on disk, each at a place that it keeps until it is dropped from the front."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+b", buffering=0)
        self._path = path
        self._waiting: list[bytes] = []
        self._start = 0
        self._written = 0
        self.end = 0
        """The place after the last byte."""

    def close(self) -> None:
        """Remove the file."""
        self._file.close()
        self._path.unlink()

    def write(self, data: bytes) -> None:
        """Add at the end."""
        self._waiting.append(data)
        self.end += len(data)
        if self.end - self._written >= BUFFER:
            self._flush()

    def read(self, at: int, size: int) -> bytes:
        """What lies there; all of it must have been flushed by `chunks` or `drop_before`."""
        return os.pread(self._file.fileno(), size, at - self._start)

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """What lies from `start` up to `end`, in pieces."""
        self._flush()
        for at in range(start, end, BUFFER):
            yield self.read(at, min(BUFFER, end - at))

    def drop_before(self, at: int) -> None:
        """Let go of what lies before a place."""
        kept = 0
        for chunk in self.chunks(at, self.end):
            os.pwrite(self._file.fileno(), chunk, kept)
            kept += len(chunk)
        self._file.truncate(kept)
        self._file.seek(kept)
        self._start = at

    def _flush(self) -> None:
        data = memoryview(b"".join(self._waiting))
        self._waiting.clear()
        self._written = self.end
        while data:
            data = data[self._file.write(data) :]


class Places:
    """Where lines lie, and what they come to by account: kept in a database, for there may be any number of them."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.waiting: list[Place] = []
        """To be added by `flush`."""
        database.execute(_PLACES)

    def flush(self, least: int = 1) -> None:
        """Keep what waits, if it is so much."""
        if len(self.waiting) >= least:
            self._database.executemany("INSERT INTO place VALUES (?,?,?,?,?,?)", self.waiting)
            self.waiting.clear()

    def accounts(self, first: int, last: int) -> Iterator[AccountSum]:
        """What lines come to by account, in the ledger's order; `first` and `last` are their numbers."""
        self.flush()
        found = self._database.execute(
            f"SELECT rank, count(*), sum(debit), {SUMS} FROM place WHERE number BETWEEN ? AND ? GROUP BY rank",  # noqa: S608
            (first, last),
        )
        for rank, lines, debit_lines, debit_high, debit_low, credit_high, credit_low in found:
            debit = (debit_high << 31) + debit_low
            yield AccountSum(rank, lines, debit_lines, debit, (credit_high << 31) + credit_low)

    def lines(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Where the same lines lie, and their bytes: by account in the order of `accounts`, then by number."""
        self.flush()
        return self._database.execute(
            "SELECT at, size FROM place WHERE number BETWEEN ? AND ? ORDER BY rank, number", (first, last)
        )

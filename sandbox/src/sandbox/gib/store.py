"""What GİB remembers: attempts to upload, their outcome, and every call; in SQLite, the bytes as files.

Everything is on disk before an answer leaves, so that a killed sandbox has forgotten nothing.
"""

import hashlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from defterhane.edefter.names import DocumentName
from sandbox.gib.statuses import Status

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    package TEXT NOT NULL,
    tax_id TEXT NOT NULL,
    sent_by TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    received_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    processed_at TEXT,
    approved_sha256 TEXT,
    facts TEXT
);
-- A package may be sent again only after it was rejected: whatever the code does, nothing is filed twice.
CREATE UNIQUE INDEX IF NOT EXISTS one_live_attempt ON attempts (package) WHERE status <> '3';
CREATE INDEX IF NOT EXISTS waiting ON attempts (due_at, id) WHERE status = '1';
CREATE INDEX IF NOT EXISTS approved ON attempts (tax_id) WHERE status = '2';
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    operation TEXT,
    package TEXT,
    sent_by TEXT,
    outcome TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS calls_by_package ON calls (package, operation, outcome);
"""


class AlreadyUploaded(Exception):
    """The package waits, or is approved."""


class QueueFull(Exception):
    """As many packages as may wait are waiting."""


@dataclass(frozen=True)
class Attempt:
    """One accepted upload of a package."""

    id: int
    package: str
    sent_by: str
    """serialNumber of the certificate that signed the call."""
    sha256: str
    received_at: str
    due_at: str
    status: Status
    reason: str | None
    processed_at: str | None
    approved_sha256: str | None
    facts: str | None
    """What an approved document says, as JSON (`sandbox.gib.facts`)."""

    @property
    def name(self) -> DocumentName:
        """The package's name, taken apart."""
        return DocumentName.parse(self.package)


_COLUMNS: Final = (
    "id, package, sent_by, sha256, received_at, due_at, status, reason, processed_at, approved_sha256, facts"
)


class Store:
    """GİB's memory. Its methods block: call them off the event loop; they may be called from any thread.

    Raises:
        sqlite3.Error: the database cannot be used.
        OSError: the folder cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._files = folder / "files"
        self._files.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(folder / "gib.sqlite3", check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()

    def add(self, name: DocumentName, content: bytes, *, sent_by: str, now: datetime, due: datetime, limit: int) -> int:
        """Keep an upload, to be judged when it is due. Returns the attempt's id.

        Raises:
            AlreadyUploaded: an earlier attempt waits or is approved.
            QueueFull: `limit` packages wait.
        """
        with self._transaction() as connection:
            live = connection.execute(
                "SELECT 1 FROM attempts WHERE package = ? AND status <> '3'", (str(name),)
            ).fetchone()
            if live:
                raise AlreadyUploaded
            (waiting,) = connection.execute("SELECT count(*) FROM attempts WHERE status = '1'").fetchone()
            if waiting >= limit:
                raise QueueFull
            digest = self._write(content)
            cursor = connection.execute(
                "INSERT INTO attempts (package, tax_id, sent_by, sha256, received_at, due_at, status)"
                " VALUES (?, ?, ?, ?, ?, ?, '1')",
                (str(name), name.tax_id, sent_by, digest, now.isoformat(), due.isoformat()),
            )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def newest(self, package: str) -> Attempt | None:
        """The newest attempt to upload a package."""
        return next(iter(self._select("package = ? ORDER BY id DESC LIMIT 1", package)), None)

    def next_waiting(self) -> Attempt | None:
        """The attempt to judge next: the earliest due, in the order of receipt."""
        return next(iter(self._select("status = '1' ORDER BY due_at, id LIMIT 1")), None)

    def approved(self, tax_id: str) -> list[Attempt]:
        """A taxpayer's approved documents, in the order of approval."""
        return self._select("tax_id = ? AND status = '2' ORDER BY processed_at, id", tax_id)

    def attempts(self, *, after: int, limit: int) -> list[Attempt]:
        """Attempts in the order of receipt, for paging by id."""
        return self._select("id > ? ORDER BY id LIMIT ?", after, limit)

    def approve(self, attempt: Attempt, *, facts: str, approved: bytes | None, now: datetime) -> None:
        """Keep an approval, with the package that answers `receiveDocumentFile`."""
        digest = self._write(approved) if approved is not None else None
        self._conclude(attempt, Status.APPROVED, now, approved_sha256=digest, facts=facts)

    def reject(self, attempt: Attempt, *, reason: str, now: datetime) -> None:
        """Keep a rejection with its reason, in Turkish."""
        self._conclude(attempt, Status.REJECTED, now, reason=reason)

    def content(self, sha256: str) -> bytes:
        """A file's bytes.

        Raises:
            OSError: it is not there, or is not what was written.
        """
        data = (self._files / sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise OSError(f"{sha256} is damaged")
        return data

    def log_call(
        self, *, operation: str | None, package: str | None, sent_by: str | None, outcome: str, now: datetime
    ) -> None:
        """Remember a call: `outcome` is `ok`, or the fault with which it was answered."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO calls (at, operation, package, sent_by, outcome) VALUES (?, ?, ?, ?, ?)",
                (now.isoformat(), operation, package, sent_by, outcome),
            )

    def sends(self) -> dict[str, dict[str, int]]:
        """How calls of `sendDocumentFile` ended, by package: `ok` or the fault → how often."""
        return self._grouped(
            "SELECT package, outcome, count(*) FROM calls WHERE operation = ? GROUP BY 1, 2", "sendDocumentFile"
        )

    def outcomes(self) -> dict[str, dict[str, int]]:
        """How attempts ended, by package: `durumKodu` → how often."""
        return self._grouped("SELECT package, status, count(*) FROM attempts GROUP BY 1, 2")

    def _grouped(self, query: str, *values: str) -> dict[str, dict[str, int]]:
        with self._lock:
            rows = self._connection.execute(query, values).fetchall()
        grouped: dict[str, dict[str, int]] = {}
        for package, outcome, count in rows:
            grouped.setdefault(package, {})[outcome] = count
        return grouped

    def _conclude(self, attempt: Attempt, status: Status, now: datetime, **columns: str | None) -> None:
        values = {"status": status.value, "processed_at": now.isoformat(), **columns}
        assignments = ", ".join(f"{column} = :{column}" for column in values)
        with self._transaction() as connection:
            connection.execute(
                f"UPDATE attempts SET {assignments} WHERE id = :id AND status = '1'",  # noqa: S608 — our own names
                {**values, "id": attempt.id},
            )

    def _select(self, condition: str, *values: Any) -> list[Attempt]:
        with self._lock:
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM attempts WHERE {condition}",  # noqa: S608 — conditions are written above
                values,
            ).fetchall()
        return [_attempt(row) for row in rows]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _write(self, content: bytes) -> str:
        """Write a file under its digest; it is whole and on disk before its name exists."""
        digest = hashlib.sha256(content).hexdigest()
        target = self._files / digest
        temporary = target.with_suffix(f".{threading.get_ident()}")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        return digest


def _attempt(row: tuple[Any, ...]) -> Attempt:
    values = list(row)
    values[6] = Status(values[6])
    return Attempt(*values)

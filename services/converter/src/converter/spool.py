"""Rows on disk: grouped into entries wherever they stand in the export, in little memory.

SQLite is used as an external sorter: its caches are bounded, what does not fit lies in the given folder.
"""

import contextlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from converter.kept import Kept
from defterhane.edefter.totals import AccountTotal, Totals

_CACHE_KIB: Final = 16 * 1024
_PAGE: Final = 8 * 1024
_BATCH: Final = 200
_KNOWN_ACCOUNTS: Final = 20_000
_SEEN: Final = 1 << 24
"""Bits of a filter over references: of a reference whose bit is not set, the database need not be asked."""

Line: TypeAlias = tuple[Any, ...]
"""A line as `RowChecker` gives it: entry, row, erp_number, account, amount, debit, document_type, document_description,
document_number, document_reference, document_day, payment_method, comment, original, source_line. Its day is its
entry's. Days are ISO texts, amounts kuruş; texts are clean, and `None` or empty mean nothing; `original` is
`amount␟currency␟rate␟rate date` (␟ = U+001F) of an amount in another currency, as the documents tell them."""

AccountTexts: TypeAlias = tuple[str, str, str, str]
"""Main account, its description; sub-account, its description, both empty where there is none."""

_TABLES: Final = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, counter INTEGER, day TEXT NOT NULL, rank TEXT NOT NULL,
    voucher TEXT NOT NULL, entered_by TEXT NOT NULL, comment TEXT NOT NULL, batch_id TEXT NOT NULL,
    batch_description TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, broken INTEGER NOT NULL,
    number_unread INTEGER NOT NULL
);
CREATE TABLE account (
    id INTEGER PRIMARY KEY, main TEXT NOT NULL, main_description TEXT NOT NULL, sub TEXT NOT NULL,
    sub_description TEXT NOT NULL, rank INTEGER, first_entry INTEGER NOT NULL, first_line INTEGER NOT NULL,
    UNIQUE (main, sub, main_description, sub_description)
);
CREATE TABLE posting (
    entry INTEGER NOT NULL, row INTEGER NOT NULL, erp_number INTEGER, account INTEGER NOT NULL,
    amount INTEGER NOT NULL, debit INTEGER NOT NULL,
    document_type TEXT, document_description TEXT, document_number TEXT, document_reference TEXT, document_day TEXT,
    payment_method TEXT, comment TEXT, original TEXT, source_line INTEGER NOT NULL,
    PRIMARY KEY (entry, row)
) WITHOUT ROWID;
"""
ENTRY: Final = (
    "entry.id, ref, counter, day, voucher, entered_by, comment, batch_id, batch_description, file, line, broken,"
    " number_unread"
)
"""The columns of a `StoredEntry`."""
_FIND: Final = f"SELECT {ENTRY} FROM entry WHERE ref = ?"  # noqa: S608
_ADD_ENTRY: Final = f"INSERT INTO entry ({ENTRY.removeprefix('entry.')}, rank) VALUES ({','.join('?' * 14)})"  # noqa: S608
_ADD_POSTING: Final = f"INSERT INTO posting VALUES ({','.join('?' * 15)})"  # noqa: S608
_FIND_ACCOUNT: Final = (
    "SELECT id FROM account WHERE main = ? AND main_description = ? AND sub = ? AND sub_description = ?"
)
_ADD_ACCOUNT: Final = (
    "INSERT INTO account (main, main_description, sub, sub_description, first_entry, first_line) VALUES (?,?,?,?,?,?)"
)


@dataclass(frozen=True, slots=True)
class SpooledAccount:
    """An account in the spool."""

    number: int
    """In a `Line`."""
    total: AccountTotal
    """Of its main account."""


@dataclass(slots=True)
class StoredEntry:
    """What an entry's first row says."""

    id: int
    ref: str
    counter: int | None
    """The ERP's entry number."""
    day: str
    voucher: str
    entered_by: str
    comment: str
    batch_id: str
    batch_description: str
    file: str
    line: int
    broken: bool = False
    """A line of it could not be read: its sums mean nothing."""
    number_unread: bool = False
    """A number stands there, but cannot be read, which has been told."""


class Spool:
    """The rows of one conversion, in a file that is gone when the spool is closed.

    In its database, `entry` holds the entries, `posting` their lines, `account` each account once.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "rows.sqlite"
        self.database = sqlite3.connect(self._path, isolation_level=None)
        for pragma in (
            f"page_size = {_PAGE}",
            "journal_mode = OFF",  # nothing here outlives the process: no need to survive its death
            "synchronous = OFF",
            "locking_mode = EXCLUSIVE",
            f"cache_size = -{_CACHE_KIB}",
            "temp_store = FILE",
            f"temp_store_directory = '{str(folder).replace(chr(39), chr(39) * 2)}'",
        ):
            self.database.execute(f"PRAGMA {pragma}")
        self.database.executescript(_TABLES)
        self.database.execute("BEGIN")
        self._lines: list[Line] = []
        self._entries: dict[str, tuple[StoredEntry, str]] = {}
        self._seen = bytearray(_SEEN // 8)
        self._accounts: Kept[AccountTexts, SpooledAccount] = Kept(_KNOWN_ACCOUNTS)
        self.totals = Totals()
        """Of all that was added."""

    def close(self) -> None:
        """Remove everything."""
        self.database.close()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def find(self, ref: str) -> StoredEntry | None:
        """The entry of that reference, if there is one."""
        waiting = self._entries.get(ref)
        if waiting is not None:
            return waiting[0]
        byte, bit = divmod(hash(ref) % _SEEN, 8)
        if not self._seen[byte] & 1 << bit:
            return None
        row = self.database.execute(_FIND, (ref,)).fetchone()
        return stored_entry(row) if row is not None else None

    def add_entry(self, entry: StoredEntry, rank: str) -> StoredEntry:
        """Add an entry with a new reference; `rank` orders the vouchers of a day. Its id is set."""
        self.totals.entries += 1
        entry.id = self.totals.entries
        self._entries[entry.ref] = (entry, rank)
        byte, bit = divmod(hash(entry.ref) % _SEEN, 8)
        self._seen[byte] |= 1 << bit
        if len(self._entries) >= _BATCH:
            self._write_entries()
        return entry

    def break_entry(self, entry: StoredEntry) -> None:
        """Note that a line of it could not be read."""
        if not entry.broken:
            entry.broken = True
            self.database.execute("UPDATE entry SET broken = 1 WHERE id = ?", (entry.id,))

    @property
    def rows(self) -> int:
        """How many lines were added."""
        return self.totals.lines

    def account(self, texts: AccountTexts, entry: int, source_line: int) -> SpooledAccount:
        """The account of those texts; where it is new, it first stands in that entry and line."""
        return self._accounts.get(texts) or self._find_account(texts, entry, source_line)

    def add_line(self, line: Line, total: AccountTotal) -> None:
        """Add a line; `total` is its account's."""
        self.totals.lines += 1
        total.add(line[4], debit=line[5])
        self._lines.append(line)
        if len(self._lines) >= _BATCH:
            self._write_lines()

    def flush(self) -> None:
        """Write what waits in memory: the database then holds all that was added."""
        self._write_entries()
        self._write_lines()

    def _find_account(self, texts: AccountTexts, entry: int, source_line: int) -> SpooledAccount:
        found = self.database.execute(_FIND_ACCOUNT, texts).fetchone()
        if found is None:
            number = self.database.execute(_ADD_ACCOUNT, (*texts, entry, source_line)).lastrowid or 0
        else:
            number = int(found[0])
        account = SpooledAccount(number, self.totals.account(texts[0], texts[1]))
        return self._accounts.keep(texts, account, sum(map(len, texts)))

    def _write_entries(self) -> None:
        self.database.executemany(
            _ADD_ENTRY,
            [
                (
                    entry.id,
                    entry.ref,
                    entry.counter,
                    entry.day,
                    entry.voucher,
                    entry.entered_by,
                    entry.comment,
                    entry.batch_id,
                    entry.batch_description,
                    entry.file,
                    entry.line,
                    entry.broken,
                    entry.number_unread,
                    rank,
                )
                for entry, rank in self._entries.values()
            ],
        )
        self._entries.clear()

    def _write_lines(self) -> None:
        self.database.executemany(_ADD_POSTING, self._lines)
        self._lines.clear()


def stored_entry(row: Sequence[object]) -> StoredEntry:
    """An entry from a row of its columns."""
    entry = StoredEntry(*row)  # type: ignore[arg-type]
    entry.broken, entry.number_unread = bool(entry.broken), bool(entry.number_unread)
    return entry

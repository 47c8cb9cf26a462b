"""Rows on disk: grouped into entries wherever they stand in the export, given back in any order, in little memory.

SQLite is used as an external sorter: its caches are bounded, what does not fit lies in the given folder.
"""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

_CACHE_KIB = 24 * 1024
_BATCH = 500

_TABLES = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, ref TEXT NOT NULL UNIQUE, counter INTEGER, day TEXT NOT NULL, rank TEXT NOT NULL,
    voucher TEXT NOT NULL, entered_by TEXT NOT NULL, comment TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL,
    broken INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE line (
    entry INTEGER NOT NULL, row INTEGER NOT NULL, erp_number INTEGER,
    main TEXT NOT NULL, main_description TEXT NOT NULL, sub TEXT NOT NULL, sub_description TEXT NOT NULL,
    amount INTEGER NOT NULL, debit INTEGER NOT NULL, day TEXT NOT NULL,
    document_type TEXT, document_description TEXT, document_number TEXT, document_reference TEXT, document_day TEXT,
    payment_method TEXT, comment TEXT, source_line INTEGER NOT NULL, number INTEGER NOT NULL DEFAULT 0,
    counter INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (entry, row)
) WITHOUT ROWID;
"""
_ENTRY = "id, ref, counter, day, voucher, entered_by, comment, file, line, broken"
_LINE = (
    "entry, row, erp_number, main, main_description, sub, sub_description, amount, debit, day, document_type,"
    " document_description, document_number, document_reference, document_day, payment_method, comment, source_line"
)


class Numbering(StrEnum):
    """Whose entry numbers order the journal."""

    ERP = "erp"
    PLATFORM = "platform"
    """None in the export: entries go by date and voucher, debit lines before credit lines."""


class StoredLine(NamedTuple):
    """A line as it lies here; days are ISO texts, `None` and empty texts mean nothing."""

    entry: int
    row: int
    """Where it stands in the export, over all files."""
    erp_number: int | None
    main: str
    main_description: str
    sub: str
    sub_description: str
    amount: int
    debit: int
    day: str
    document_type: str | None
    document_description: str | None
    document_number: str | None
    document_reference: str | None
    document_day: str | None
    payment_method: str | None
    comment: str | None
    source_line: int
    number: int = 0
    """The lineNumber that it was given."""
    counter: int = 0
    """Its entry's entryNumberCounter."""


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
    file: str
    line: int
    broken: bool = False
    """A line of it could not be read: its sums mean nothing."""


class AccountSum(NamedTuple):
    """One account of the ledger: kuruş by side. `sub` is empty where lines stand on the main account itself."""

    main: str
    sub: str
    debit: int
    credit: int


class SharedSub(NamedTuple):
    """A sub-account under several main accounts, and where the latest of them is first used."""

    sub: str
    mains: str
    file: str
    source_line: int


class Spool:
    """The rows of one conversion, in a file that is gone when the spool is closed."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "rows.sqlite"
        self._database = sqlite3.connect(self._path, isolation_level=None)
        for pragma in (
            "journal_mode = OFF",  # nothing here outlives the process: no need to survive its death
            "synchronous = OFF",
            "locking_mode = EXCLUSIVE",
            f"cache_size = -{_CACHE_KIB}",
            "temp_store = FILE",
            f"temp_store_directory = '{str(folder).replace(chr(39), chr(39) * 2)}'",
        ):
            self._database.execute(f"PRAGMA {pragma}")
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")
        self._waiting: list[tuple[object, ...]] = []
        self._placing: list[tuple[int, int, int, int]] = []
        self._entries = 0
        self.rows = 0

    def close(self) -> None:
        """Remove everything."""
        self._database.close()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- filling -------------------------------------------------------------------------------------------------

    def find(self, ref: str) -> StoredEntry | None:
        """The entry of that reference, if there is one."""
        row = self._database.execute(f"SELECT {_ENTRY} FROM entry WHERE ref = ?", (ref,)).fetchone()  # noqa: S608
        return _entry(row) if row is not None else None

    def add_entry(self, entry: StoredEntry, rank: str) -> StoredEntry:
        """Add an entry with a new reference; `rank` orders the vouchers of a day. Its id is set."""
        self._entries += 1
        entry.id = self._entries
        self._database.execute(
            f"INSERT INTO entry ({_ENTRY}, rank) VALUES (?,?,?,?,?,?,?,?,?,?,?)",  # noqa: S608
            (
                entry.id,
                entry.ref,
                entry.counter,
                entry.day,
                entry.voucher,
                entry.entered_by,
                entry.comment,
                entry.file,
                entry.line,
                entry.broken,
                rank,
            ),
        )
        return entry

    def break_entry(self, entry: StoredEntry) -> None:
        """Note that a line of it could not be read."""
        if not entry.broken:
            entry.broken = True
            self._database.execute("UPDATE entry SET broken = 1 WHERE id = ?", (entry.id,))

    def add_line(self, line: tuple[object, ...]) -> None:
        """Add a line: the fields of `StoredLine` up to `source_line`, in their order."""
        self.rows += 1
        self._waiting.append(line)
        if len(self._waiting) >= _BATCH:
            self._write_lines()

    # ---- giving back ---------------------------------------------------------------------------------------------

    def numbered(self) -> tuple[int, int]:
        """How many entries have a number of the ERP's, and how many there are."""
        found = self._database.execute("SELECT count(counter), count(*) FROM entry").fetchone()
        return int(found[0]), int(found[1])

    def entries(self, numbering: Numbering) -> Iterator[StoredEntry]:
        """All entries in the journal's order; with the ERP's numbers those without one come last."""
        self._write_lines()
        order = "counter IS NULL, counter, id" if numbering is Numbering.ERP else "day, rank, id"
        for row in self._database.execute(f"SELECT {_ENTRY} FROM entry ORDER BY {order}"):  # noqa: S608
            yield _entry(row)

    def lines(self, entry: StoredEntry, numbering: Numbering) -> list[StoredLine]:
        """An entry's lines in order."""
        order = "erp_number, row" if numbering is Numbering.ERP else "debit DESC, row"
        return [
            StoredLine._make(row)
            for row in self._database.execute(
                f"SELECT {_LINE}, number, counter FROM line WHERE entry = ? ORDER BY {order}",  # noqa: S608
                (entry.id,),
            )
        ]

    def place(self, lines: Iterable[StoredLine], first_number: int, counter: int) -> None:
        """Keep the numbers that an entry's lines were given, for the ledger."""
        placing = self._placing
        for number, line in enumerate(lines, first_number):
            placing.append((number, counter, line.entry, line.row))
        if len(placing) >= _BATCH:
            self._write_places()

    def accounts(self) -> Iterator[AccountSum]:
        """All accounts in the ledger's order, main accounts and then sub-accounts by their text."""
        self._write_places()
        # Sums in two halves: SQLite's integers have 64 bits, and an export may hold anything.
        found = self._database.execute(
            "SELECT main, sub, sum(debit * (amount >> 31)), sum(debit * (amount & 2147483647)),"
            " sum((1 - debit) * (amount >> 31)), sum((1 - debit) * (amount & 2147483647))"
            " FROM line GROUP BY main, sub ORDER BY main, sub"
        )
        for main, sub, debit_high, debit_low, credit_high, credit_low in found:
            yield AccountSum(main, sub, (debit_high << 31) + debit_low, (credit_high << 31) + credit_low)

    def ledger_lines(self) -> Iterator[StoredLine]:
        """All lines in the ledger's order: as `accounts`, and within an account as in the journal."""
        self._write_places()
        for row in self._database.execute(
            f"SELECT {_LINE}, number, counter FROM line ORDER BY main, sub, number"  # noqa: S608
        ):
            yield StoredLine._make(row)

    def shared_subs(self) -> Iterator[SharedSub]:
        """Sub-accounts that stand under more than one main account (rule K030)."""
        self._write_lines()
        # With max or min, SQLite takes the other columns from the row that holds it.
        for row in self._database.execute(
            "SELECT sub, mains, file, source_line FROM ("
            " SELECT sub, group_concat(main, ', ') AS mains, max(first), entry, source_line FROM ("
            "  SELECT main, sub, min(row) AS first, entry, source_line FROM line"
            "  WHERE sub <> '' AND substr(sub, 1, length(main)) = main GROUP BY main, sub"
            " ) GROUP BY sub HAVING count(*) > 1"
            ") JOIN entry ON entry.id = entry ORDER BY sub"
        ):
            yield SharedSub._make(row)

    def _write_lines(self) -> None:
        marks = ",".join("?" * 18)
        self._database.executemany(f"INSERT INTO line ({_LINE}) VALUES ({marks})", self._waiting)  # noqa: S608
        self._waiting.clear()

    def _write_places(self) -> None:
        self._database.executemany("UPDATE line SET number = ?, counter = ? WHERE entry = ? AND row = ?", self._placing)
        self._placing.clear()


def _entry(row: tuple[object, ...]) -> StoredEntry:
    entry = StoredEntry(*row)  # type: ignore[arg-type]
    entry.broken = bool(entry.broken)
    return entry

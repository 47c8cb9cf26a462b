"""Spooled rows in the books' order: entries and lines as the journal has them, accounts as the ledger has them."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from converter.spool import ENTRY, Spool, StoredEntry, stored_entry


class Numbering(StrEnum):
    """Whose entry numbers order the journal."""

    ERP = "erp"
    PLATFORM = "platform"
    """Ours: entries go by date and voucher, debit lines before credit lines."""


_ENTRY_ORDER: Final = {Numbering.ERP: "counter IS NULL, counter, id", Numbering.PLATFORM: "entry.day, rank, id"}
_LINE_ORDER: Final = {Numbering.ERP: "erp_number, row", Numbering.PLATFORM: "debit DESC, row"}

# Sums are taken in two halves: SQLite's integers have 64 bits, and an export may hold anything.
SUMS: Final = (
    "ifnull(sum(debit * (amount >> 31)), 0), ifnull(sum(debit * (amount & 2147483647)), 0),"
    " ifnull(sum((1 - debit) * (amount >> 31)), 0), ifnull(sum((1 - debit) * (amount & 2147483647)), 0)"
)
"""Debit and credit of rows with `debit` and `amount`: high half, low half; high half, low half."""
_NUMBERED: Final = """
CREATE TABLE journal (
    position INTEGER PRIMARY KEY, entry INTEGER NOT NULL, lines INTEGER NOT NULL,
    debit_high INTEGER NOT NULL, debit_low INTEGER NOT NULL, credit_high INTEGER NOT NULL, credit_low INTEGER NOT NULL
);
INSERT INTO journal (entry, lines, debit_high, debit_low, credit_high, credit_low)
    SELECT id, count(posting.row), {sums} FROM entry LEFT JOIN posting ON posting.entry = entry.id
    GROUP BY entry.id ORDER BY {order};
UPDATE account SET rank = ranked.rank
    FROM (SELECT id, dense_rank() OVER (ORDER BY main, sub) AS rank FROM account) AS ranked
    WHERE ranked.id = account.id;
CREATE TABLE ledger (rank INTEGER PRIMARY KEY, main TEXT NOT NULL, description TEXT NOT NULL);
INSERT INTO ledger
    SELECT DISTINCT rank, main, first_value(main_description) OVER (PARTITION BY main ORDER BY id) FROM account;
"""
_ENTRIES: Final = (
    f"SELECT {ENTRY},"  # noqa: S608
    " lines, debit_high, debit_low, credit_high, credit_low"
    " FROM journal CROSS JOIN entry ON entry.id = journal.entry ORDER BY position"
)
# Texts are taken as the UTF-8 that they are: that is what they are written as.
_LINES: Final = (
    "SELECT account, amount, debit, original, CAST(document_type AS BLOB), CAST(document_description AS BLOB),"
    " CAST(document_number AS BLOB), CAST(document_reference AS BLOB), CAST(document_day AS BLOB),"
    " CAST(payment_method AS BLOB), CAST(comment AS BLOB)"
    " FROM journal CROSS JOIN posting ON posting.entry = journal.entry ORDER BY position, {order}"
)
# With max or min, SQLite takes the other columns from the row that holds it.
_SHARED_SUBS: Final = (
    "SELECT sub, mains, file, first_line FROM ("
    " SELECT sub, group_concat(main, ', ') AS mains, max(first), first_entry, first_line FROM ("
    "  SELECT main, sub, min(id) AS first, first_entry, first_line FROM account"
    "  WHERE main <> '' AND substr(sub, 1, length(main)) = main GROUP BY main, sub"
    " ) GROUP BY sub HAVING count(*) > 1"
    ") JOIN entry ON entry.id = first_entry ORDER BY sub"
)


@dataclass(slots=True)
class JournalEntry:
    """An entry in its place in the journal, with what its lines come to."""

    stored: StoredEntry
    lines: int
    debit: int
    """Kuruş."""
    credit: int


class StoredLine(NamedTuple):
    """A line of an entry; texts are UTF-8, `None` and empty texts mean nothing."""

    account: int
    amount: int
    debit: int
    original: str | None
    document_type: bytes | None
    document_description: bytes | None
    document_number: bytes | None
    document_reference: bytes | None
    document_day: bytes | None
    payment_method: bytes | None
    comment: bytes | None


class Account(NamedTuple):
    """An account as one line tells it; `rank` is its main and sub-account's place in the ledger, from 1."""

    rank: int
    main: str
    main_description: str
    sub: str
    sub_description: str


class SharedSub(NamedTuple):
    """A sub-account under several main accounts, and where the latest of them is first used."""

    sub: str
    mains: str
    file: str
    source_line: int


class BookOrder:
    """The rows of a spool in the books' order. Nothing is added to the spool afterwards."""

    def __init__(self, spool: Spool, wanted: Literal["erp", "platform"] | None = None) -> None:
        """Whose numbers count is as wanted, else the ERP's where there are any."""
        spool.flush()
        self.database = spool.database
        numbered, total = self.database.execute("SELECT count(counter), count(*) FROM entry").fetchone()
        self.numbering = Numbering(wanted) if wanted else Numbering.ERP if numbered else Numbering.PLATFORM
        self.some_missing = self.numbering is Numbering.ERP and numbered < total
        """Some entries have no number, and so have no place among the others."""
        script = _NUMBERED.format(sums=SUMS, order=_ENTRY_ORDER[self.numbering])
        for statement in script.split(";")[:-1]:
            self.database.execute(statement)

    def entries(self) -> Iterator[JournalEntry]:
        """All entries in the journal's order; with the ERP's numbers those without one come last."""
        for row in self.database.execute(_ENTRIES):
            *stored, lines, debit_high, debit_low, credit_high, credit_low = row
            debit = (debit_high << 31) + debit_low
            credit = (credit_high << 31) + credit_low
            yield JournalEntry(stored_entry(stored), lines, debit, credit)

    def lines(self) -> Iterator[StoredLine]:
        """All lines in the journal's order, those of each entry of `entries` after those of the one before.

        They come as plain tuples of `StoredLine`'s fields: there are many.
        """
        cursor: sqlite3.Cursor = self.database.execute(_LINES.format(order=_LINE_ORDER[self.numbering]))
        return cursor

    def account(self, number: int) -> Account:
        """The account of that number."""
        found = self.database.execute(
            "SELECT rank, main, main_description, sub, sub_description FROM account WHERE id = ?", (number,)
        ).fetchone()
        return Account._make(found)

    def shared_subs(self) -> Iterator[SharedSub]:
        """Sub-accounts that stand under more than one main account (rule K030)."""
        return map(SharedSub._make, self.database.execute(_SHARED_SUBS))

    def main_account(self, rank: int) -> tuple[str, str]:
        """The main account of that place in the ledger, and its name where it first stands."""
        found = self.database.execute("SELECT main, description FROM ledger WHERE rank = ?", (rank,)).fetchone()
        return str(found[0]), str(found[1])

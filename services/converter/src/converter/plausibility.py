"""What no rule forbids in a month, and yet looks like a mistake: told as warnings, by the rows as they are spooled.

Repeated rows alone are an error: no books hold the same line of an entry twice.
"""

import sqlite3
from typing import Final, NamedTuple

from converter.problems import Kurus, Place, problem
from converter.spool import Spool
from defterhane.edefter.totals import AccountTotal, Totals
from defterhane.findings import LISTED, Findings

_RATE: Final = 20
_FORMER_RATE: Final = 18
_RATE_ROSE: Final = "2023-07-10"
"""The highest rate of VAT, in percent, and since when (Cumhurbaşkanı Kararı 7346)."""

_SLACK: Final = 110
"""Percent of the highest VAT that is still believed: purchases sent back are credited to 391 too, imports' VAT is often
booked apart from the goods."""

_WORTH_A_WORD: Final = 1_000_00
"""Kuruş: what is charged on less, or free of VAT, is not."""

_SALES: Final = ("60", "64", "67", "38", "48", "25", "26", "7")
"""Groups of accounts that are credited with what 391 is charged on: sales and other income, fixed assets sold, costs
charged on."""

_PURCHASES: Final = ("15", "18", "25", "26", "27", "28", "61", "63", "65", "68", "7")
"""Groups that are debited with what 191 is charged on: goods, fixed assets, costs, sales taken back."""


def warn(spool: Spool, totals: Totals, file: str, findings: Findings) -> None:
    """Tell what looks wrong in all that was spooled. `totals` are the drop's, `file` is its name."""
    spool.flush()
    database = spool.database
    _repeated_rows(database, findings)
    _repeated_documents(database, findings)
    _cut_vouchers(database, findings)
    _cut_accounts(database, findings)
    if not findings.errors:  # else the sums are not yet the month's
        _vat(database, totals, Place(file), findings)


class _Line(NamedTuple):
    source_line: int
    file: str
    """Of its entry."""
    counter: int | None
    voucher: str
    account: str

    @property
    def place(self) -> Place:
        counter = str(self.counter) if self.counter is not None else None
        return Place(self.file, self.source_line, counter, self.voucher, self.account)


def _line(database: sqlite3.Connection, entry: int, row: int) -> _Line:
    found = database.execute(
        "SELECT source_line, file, counter, voucher, CASE sub WHEN '' THEN main ELSE sub END"
        " FROM posting JOIN entry ON entry.id = entry JOIN account ON account.id = account WHERE entry = ? AND row = ?",
        (entry, row),
    )
    return _Line._make(found.fetchone())


# ---- what stands twice -------------------------------------------------------------------------------------------


def _repeated_rows(database: sqlite3.Connection, findings: Findings) -> None:
    """Rows with the number, account, amount and side of another one of their entry: one finding for all of them."""
    suspects = database.execute(
        "SELECT entry FROM posting GROUP BY entry HAVING count(erp_number) > count(DISTINCT erp_number) ORDER BY entry"
    )
    count = 0
    told: tuple[_Line, _Line, int] | None = None
    for (entry,) in suspects:
        groups = database.execute(
            "SELECT count(*) - 1, min(row), erp_number, account, amount, debit FROM posting"
            " WHERE entry = ? AND erp_number IS NOT NULL GROUP BY erp_number, account, amount, debit"
            " HAVING count(*) > 1 ORDER BY min(row)",
            (entry,),
        )
        for more, first, *what in groups:
            count += more
            if told is None:
                (other,) = database.execute(
                    "SELECT min(row) FROM posting WHERE entry = ? AND row > ?"
                    " AND erp_number = ? AND account = ? AND amount = ? AND debit = ?",
                    (entry, first, *what),
                ).fetchone()
                told = _line(database, entry, first), _line(database, entry, other), what[0]
    if told is not None:
        line, repeated, number = told
        findings.add(problem("row.repeated", line.place, str(number), line=repeated.source_line, count=count))


class _Document(NamedTuple):
    """A line of a document that stands in several entries."""

    account: int
    amount: int
    debit: bool


def _repeated_documents(database: sqlite3.Connection, findings: Findings) -> None:
    """One number, account, amount and side in several entries: a finding per number, at the second of them.

    A line and its reversal are no such case: the sides are set off against each other.
    """
    suspects = database.execute(
        "SELECT document_number, account, amount, sum(2 * debit - 1) AS surplus FROM posting"
        " WHERE document_number IN (SELECT document_number FROM posting WHERE document_number GLOB '*[^0]*'"
        "  GROUP BY document_number HAVING min(entry) < max(entry))"
        " GROUP BY document_number, account, amount HAVING min(entry) < max(entry) AND abs(surplus) > 1"
        " ORDER BY document_number, account, amount"
    )
    wanted: dict[str, _Document] = {}
    last = None
    for number, account, amount, surplus in suspects:
        if number == last:
            continue
        last = number
        if len(wanted) < LISTED:
            wanted[number] = _Document(account, amount, surplus > 0)
        else:
            findings.counts["document.repeated"] += 1
    if wanted:
        _tell_documents(database, wanted, findings)


def _tell_documents(database: sqlite3.Connection, wanted: dict[str, _Document], findings: Findings) -> None:
    marks = ",".join("?" * len(wanted))
    lines = database.execute(
        "SELECT entry, row, document_number, account, amount, debit FROM posting"  # noqa: S608
        f" WHERE document_number IN ({marks}) ORDER BY entry, row",
        tuple(wanted),
    )
    firsts: dict[str, tuple[int, int]] = {}
    for entry, row, number, account, amount, debit in lines:
        if wanted.get(number) != (account, amount, debit):
            continue
        first = firsts.setdefault(number, (entry, row))
        if first[0] == entry:
            continue
        del wanted[number]
        before = _line(database, *first)
        findings.add(
            problem(
                "document.repeated",
                _line(database, entry, row).place,
                number,
                amount=Kurus(amount),
                voucher=before.voucher,
                file=before.file,
                line=before.source_line,
            )
        )


# ---- noughts that a spreadsheet has cut --------------------------------------------------------------------------


def _cut_vouchers(database: sqlite3.Connection, findings: Findings) -> None:
    """Vouchers of digits: some with leading noughts and all of one width, others shorter. The first is told."""
    digits = "voucher <> '' AND voucher NOT GLOB '*[^0-9]*'"
    narrowest, widest, other = database.execute(
        f"SELECT min(length(voucher)), max(length(voucher)), min(voucher) FROM entry"  # noqa: S608
        f" WHERE {digits} AND voucher GLOB '0*'"
    ).fetchone()
    if narrowest != widest or widest is None:
        return
    found = database.execute(
        f"SELECT voucher, counter, file, line FROM entry WHERE {digits} AND length(voucher) < ?"  # noqa: S608
        " AND voucher NOT GLOB '0*' ORDER BY id LIMIT 1",
        (widest,),
    ).fetchone()
    if found is not None:
        voucher, counter, file, line = found
        place = Place(file, line, str(counter) if counter is not None else None, voucher)
        findings.add(problem("value.zeros_cut", place, voucher, "entrynumber", other=other))


def _cut_accounts(database: sqlite3.Connection, findings: Findings) -> None:
    """Sub-accounts `main.digits`: some with leading noughts and all of one width, others shorter (`100.10` as a number
    is `100.1`). The first of each main account is told."""
    shape = (
        "substr(sub, 1, length(main) + 1) = main || '.' AND length(sub) > length(main) + 1"
        " AND substr(sub, length(main) + 2) NOT GLOB '*[^0-9]*'"
    )
    widths = database.execute(
        "SELECT main, max(length(sub)), min(sub) FROM account"  # noqa: S608
        f" WHERE {shape} AND substr(sub, length(main) + 2, 1) = '0'"
        " GROUP BY main HAVING min(length(sub)) = max(length(sub)) ORDER BY main LIMIT 1000"
    ).fetchall()
    for main, width, other in widths:
        found = database.execute(
            "SELECT sub, counter, voucher, file, first_line FROM account JOIN entry ON entry.id = first_entry"  # noqa: S608
            f" WHERE main = ? AND {shape} AND length(sub) < ? AND substr(sub, length(main) + 2, 1) <> '0'"
            " ORDER BY first_entry, first_line LIMIT 1",
            (main, width),
        ).fetchone()
        if found is not None:
            sub, counter, voucher, file, line = found
            place = Place(file, line, str(counter) if counter is not None else None, voucher, sub)
            findings.add(problem("value.zeros_cut", place, sub, "accsubid", other=other))


# ---- VAT and what it is charged on -------------------------------------------------------------------------------


def _vat(database: sqlite3.Connection, totals: Totals, place: Place, findings: Findings) -> None:
    """Sides are taken apart, so that the accounts' closing changes nothing."""
    last = database.execute("SELECT max(day) FROM entry").fetchone()[0] or ""
    rate = _RATE if last >= _RATE_ROSE else _FORMER_RATE
    nothing = AccountTotal("")
    charged = totals.accounts.get("391", nothing).credit
    paid = totals.accounts.get("191", nothing).debit
    sales = totals.accounts.get("600", nothing).credit
    earned = sum(total.credit for main, total in totals.accounts.items() if main.startswith(_SALES))
    bought = sum(total.debit for main, total in totals.accounts.items() if main.startswith(_PURCHASES))
    if sales >= _WORTH_A_WORD and not charged:
        findings.add(problem("vat.output_missing", place, Kurus(sales)))
    for key, vat, base in (("vat.output_too_high", charged, earned), ("vat.input_too_high", paid, bought)):
        most = base * rate // 100
        if vat * 100 > most * _SLACK and vat >= _WORTH_A_WORD * rate // 100:
            told = problem(key, place, Kurus(vat), base=Kurus(base), rate=rate, most=Kurus(most))
            findings.add(told)

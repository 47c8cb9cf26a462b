"""Rows are checked as they are read, and grouped into entries; what is wrong becomes findings."""

import re
from collections.abc import Callable
from datetime import date
from operator import itemgetter
from typing import Final

from converter.cell_values import CellValues
from converter.documents import DocumentCheck
from converter.foreign import OriginalAmounts
from converter.heads import HeadCheck
from converter.kept import Kept
from converter.problems import Kurus
from converter.reading.amounts import AmountProblem, Amounts
from converter.reading.cells import BOTH_SIDES, Cells, Row
from converter.reading.layout import plain
from converter.row_findings import RowFindings, is_damaged
from converter.spool import Spool, SpooledAccount, StoredEntry
from defterhane.edefter.period import Span
from defterhane.findings import Findings

SIDES: Final = {
    "D": True,
    "C": False,
    **dict.fromkeys(("d", "b", "debit", "borc"), True),
    **dict.fromkeys(("c", "a", "credit", "alacak"), False),
}
"""Debit or not, by the code as it stands or by its bare letters."""

_MAIN: Final = re.compile(r"\d{3,4}", re.ASCII)
_AMOUNT_LIMIT: Final = 10**17
"""Kuruş: what a ledger's line can hold, with room for sums."""

_KNOWN_ACCOUNTS: Final = 20_000
_LONG_AGO: Final = 10
"""Years: nobody books documents that are older."""


def _cells(*names: str) -> Callable[[Cells], tuple[str, ...]]:
    """What picks those cells out of a row, in one go."""
    return itemgetter(*(Cells._fields.index(name) for name in names))


# Rows that follow each other mostly repeat these: they are looked at where they change.
_head = _cells("linenumbercounter", "entrynumbercounter", "entrynumber", "entereddate", "postingdate", "divisionno")
_account = _cells("accmainid", "accmainiddesc", "accsubid", "accsubdesc")
_document = _cells(
    "documenttype", "documenttypedesc", "documentnumber", "documentdate", "documentreference", "entrynumber"
)


class RowChecker:
    """Takes the rows of one file, checks them against the journal's rules, and spools them."""

    def __init__(
        self,
        file: str,
        *,
        span: Span,
        branch: str | None,
        divisions: frozenset[str],
        currency: str,
        amounts: Amounts,
        read_date: Callable[[str], date],
        spool: Spool,
        findings: Findings,
    ) -> None:
        """`divisions`: numbers of all branches of the tenant; `currency`: in which its books are kept (ISO 4217);
        `read_date` raises ValueError for what is no date."""
        said = self._findings = RowFindings(file, findings)
        values = self._values = CellValues(said, read_date)
        self._heads = HeadCheck(
            file, span=span, branch=branch, divisions=divisions, spool=spool, findings=said, values=values
        )
        self._documents = DocumentCheck(said, values, oldest=str(span.start.year - _LONG_AGO))
        self._originals = OriginalAmounts(currency, amounts, said, values)
        self._amounts = amounts
        self._spool = spool
        self._accounts: Kept[tuple[str, ...], SpooledAccount] = Kept(_KNOWN_ACCOUNTS)
        self._entry: StoredEntry | None = None
        self._seen_head: tuple[str, ...] = ()
        self._seen_document: tuple[str, ...] = ()
        self._lost = False

    def lose_row(self) -> None:
        """A row between the last one and the next was left out, which has been told: it may be missing in their
        entries, whose sums mean nothing then."""
        self._lost = True
        if self._entry is not None:
            self._spool.break_entry(self._entry)

    def take(self, row: Row) -> None:
        """Check one row and keep it."""
        cells = row.cells
        self._findings.row = row
        entry = self._entry
        if entry is None or entry.ref != cells.entryref:
            entry = self._heads.go_to(cells)
            if entry is None:
                return
            self._entry = entry
            self._seen_head = self._seen_document = ()
        if self._lost:
            self._lost = False
            self._spool.break_entry(entry)
        head = _head(cells)
        if head != self._seen_head:
            self._seen_head = head
            self._heads.look(entry, cells)
        document = _document(cells)
        if document != self._seen_document:
            self._seen_document = document
            self._documents.look(cells, entry)
        account = _account(cells)
        known = self._accounts.get(account) or self._check_account(account, entry)
        debit = SIDES.get(cells.debitcreditcode)
        if debit is None:
            debit = self._side(cells)
        amount = self._amount(cells)
        if amount is None or debit is None:
            self._spool.break_entry(entry)
            return
        documents = self._documents
        self._spool.add_line(
            (
                entry.id,
                self._spool.rows,
                self._values.counter(cells.linenumber, "linenumber"),
                known.number,
                amount,
                debit,
                documents.type,
                documents.description,
                documents.number,
                cells.documentreference,
                documents.day,
                cells.paymentmethod,
                cells.detailcomment,
                self._originals.read(cells, amount) if cells.originalamount else None,
                row.line,
            ),
            known.total,
        )

    def _check_account(self, cells: tuple[str, ...], entry: StoredEntry) -> SpooledAccount:
        """An account as it is spooled; what is wrong with it is told where it first stands (rules Y090-Y095)."""
        main, description, sub, sub_description = cells
        sub = " ".join(sub.split())
        say = self._findings.say
        if not main:
            say("account.main_missing")
        elif not _MAIN.fullmatch(main):
            say("account.main_malformed", main)
        if main and not description:
            say("account.main_description_missing", main)
        if sub_description and not sub:
            say("account.sub_missing", sub_description)
        elif sub and not sub_description:
            say("account.sub_description_missing", sub)
        if is_damaged(sub):
            say("value.damaged", sub, "accsubid")
        elif _MAIN.fullmatch(main) and sub and not sub.startswith(main):
            say("account.sub_not_under_main", sub, main=main)
        if not _MAIN.fullmatch(main):
            main = ""  # else there might be any number of main accounts
        texts = (main, description, sub, sub_description if sub else "")
        account = self._spool.account(texts, entry.id, self._findings.row.line)
        return self._accounts.keep(cells, account, sum(map(len, cells)))

    def _amount(self, cells: Cells) -> int | None:
        """Kuruş above zero (rules Y096, Y097, Y114); None where there are none, which is told."""
        text = cells.amount
        try:
            amount = self._amounts.read(text)
        except AmountProblem as error:
            if cells.debitcreditcode != BOTH_SIDES:
                self._findings.say(error.key if text else "amount.missing", text or None)
            return None
        if 0 < amount < _AMOUNT_LIMIT:
            return amount
        if amount >= _AMOUNT_LIMIT:
            self._findings.say("amount.unreadable", text)
        else:
            self._findings.say("amount.not_positive", Kurus(amount))
        return None

    def _side(self, cells: Cells) -> bool | None:
        """Debit or not, by a code that does not stand among `SIDES` as it is; None where that is not known."""
        text = cells.debitcreditcode
        if text == BOTH_SIDES:
            self._findings.say("amount.both_sides", cells.amount)
            return None
        side = SIDES.get(plain(text))
        if side is None:
            self._findings.say("side.unknown", text, about=text or None)
        return side

"""Rows are checked as they are read, and grouped into entries; what is wrong becomes findings."""

import re
from operator import attrgetter
from typing import Final

from converter.problems import problem
from converter.reading.amounts import SCIENTIFIC, AmountProblem, Amounts
from converter.reading.cells import Cells, Row
from converter.reading.dates import read_date
from converter.reading.layout import fold
from converter.reading.table import place_of
from converter.spool import Spool, StoredEntry
from defterhane.edefter.money import format_kurus
from defterhane.edefter.period import Span
from defterhane.edefter.vocabulary import DOCUMENT_TYPES, NUMBERED_DOCUMENT_TYPES
from defterhane.findings import Findings

SIDES: Final = {
    **dict.fromkeys(("d", "b", "debit", "borç", "borc"), True),
    **dict.fromkeys(("c", "a", "credit", "alacak"), False),
}
"""Debit or not, by folded code."""

TYPE_NAMES: Final = {
    **{fold(name): name for name in DOCUMENT_TYPES},
    "fatura": "invoice",
    "çek": "check",
    "senet": "voucher",
    "makbuz": "receipt",
    "irsaliye": "shipment",
    "diğer": "other",
}
"""documentType by what exports call it, folded."""

ACTS: Final = frozenset({"havale", "eft", "ödeme", "tahsilat", "virman", "mahsup"})
"""What descriptions of a document are not: names of acts."""

_COUNTER: Final = re.compile(r"\d{1,15}(?:[.,]0+)?", re.ASCII)
_MAIN: Final = re.compile(r"\d{3,4}", re.ASCII)
_DIGITS: Final = re.compile(r"\d+", re.ASCII)
_AMOUNT_LIMIT: Final = 10**17
_KNOWN_ACCOUNTS: Final = 20_000
_LONG_NUMBERS: Final = ("entryref", "accsubid", "documentnumber", "documentreference", "entrynumber")
"""Columns whose numbers are texts: a spreadsheet makes `1,00E+15` of them."""

_long_numbers = attrgetter(*_LONG_NUMBERS)


class RowChecker:
    """Takes the rows of one file, checks them against the journal's rules, and spools them."""

    def __init__(
        self, file: str, *, span: Span, branch: str | None, amounts: Amounts, spool: Spool, findings: Findings
    ) -> None:
        self._file = file
        self._branch = branch
        self._amounts = amounts
        self._spool = spool
        self._findings = findings
        self._start, self._end = span.start.isoformat(), span.end.isoformat()
        self._entry: StoredEntry | None = None
        self._line = 0
        self._accounts: set[tuple[str, str, str, str]] = set()
        self._cells: Cells

    def take(self, row: Row) -> None:
        """Check one row and keep it."""
        cells = self._cells = row.cells
        self._line = row.line
        if not cells.entryref:
            self._say("entry.reference_missing")
            return
        self._check_damage(cells)
        entry = self._entry
        if entry is None or entry.ref != cells.entryref:
            entry = self._entry = self._spool.find(cells.entryref) or self._begin(cells)
        self._check_against(entry, cells)
        sub = cells.accsubid if "  " not in cells.accsubid else " ".join(cells.accsubid.split())
        account = (cells.accmainid, cells.accmainiddesc, sub, cells.accsubdesc)
        if account not in self._accounts:
            self._check_account(account)
        amount = self._amount(cells.amount)
        debit = self._side(cells.debitcreditcode)
        day = self._date(cells.postingdate, "postingdate")
        if day and entry.day and day != entry.day:
            self._say("date.posting_differs", day, date=entry.day)
        document_type, document_day = self._document(cells)
        number = self._counter(cells.linenumber, "linenumber")
        if cells.divisionno.strip("0"):
            self._check_division(cells.divisionno)
        if amount is None or debit is None:
            self._spool.break_entry(entry)
            return
        self._spool.add_line(
            (
                entry.id,
                self._spool.rows,
                number,
                cells.accmainid,
                cells.accmainiddesc,
                sub,
                cells.accsubdesc if sub else "",
                amount,
                debit,
                day or entry.day,
                document_type,
                cells.documenttypedesc if document_type else None,
                cells.documentnumber,
                cells.documentreference,
                document_day,
                cells.paymentmethod,
                cells.detailcomment,
                row.line,
            )
        )

    # ---- an entry's head -----------------------------------------------------------------------------------------

    def _begin(self, cells: Cells) -> StoredEntry:
        """The entry that begins with this row; what its head lacks is reported once, here."""
        where = "entereddate" if cells.entereddate else "postingdate"
        day = self._date(getattr(cells, where), where, report=where == "entereddate")
        if day and not self._start <= day <= self._end:
            self._say("entry.date_outside_period", day, start=self._start, end=self._end)
        if not cells.entrynumber:
            self._say("entry.voucher_missing")
        if len(" ".join(cells.enteredby.split())) < 2:
            self._say("entered_by.too_short", cells.enteredby)
        entry = StoredEntry(
            id=0,
            ref=cells.entryref,
            counter=self._entry_number(cells),
            day=day,
            voucher=cells.entrynumber,
            entered_by=cells.enteredby,
            comment=cells.entrycomment or cells.entrynumber,
            file=self._file,
            line=self._line,
        )
        return self._spool.add_entry(entry, _natural(cells.entrynumber))

    def _check_against(self, entry: StoredEntry, cells: Cells) -> None:
        if entry.line == self._line and entry.file == self._file:
            return
        if cells.entrynumber and cells.entrynumber != entry.voucher:
            self._say("entry.several_vouchers", cells.entrynumber, first=entry.voucher)
        number = self._entry_number(cells)
        if number is not None and number != entry.counter:
            self._say("entry.several_numbers", str(number), first=entry.counter or "-")
        if cells.entereddate:
            day = self._date(cells.entereddate, "entereddate")
            if day and day != entry.day:
                self._say("entry.several_dates", day, first=entry.day)

    def _entry_number(self, cells: Cells) -> int | None:
        number = self._counter(cells.entrynumbercounter, "entrynumbercounter")
        other = cells.linenumbercounter
        if not other or other == cells.entrynumbercounter:
            return number
        second = self._counter(other, "linenumbercounter")
        if number is not None and second is not None and number != second:
            self._say("entry.several_numbers", str(second), first=number)
        return number if number is not None else second

    # ---- a row's cells -------------------------------------------------------------------------------------------

    def _check_account(self, account: tuple[str, str, str, str]) -> None:
        main, description, sub, sub_description = account
        before = self._findings.errors
        if not main:
            self._say("account.main_missing")
        elif not _MAIN.fullmatch(main):
            self._say("account.main_malformed", main)
        if main and not description:
            self._say("account.main_description_missing", main)
        if sub and not sub_description:
            self._say("account.sub_description_missing", sub)
        if sub_description and not sub:
            self._say("account.sub_missing", sub_description)
        if main and sub and not sub.startswith(main):
            self._say("account.sub_not_under_main", sub, main=main)
        if self._findings.errors == before:
            if len(self._accounts) >= _KNOWN_ACCOUNTS:
                self._accounts.clear()
            self._accounts.add(account)

    def _amount(self, text: str) -> int | None:
        if not text:
            self._say("amount.missing")
            return None
        try:
            amount = self._amounts.read(text)
        except AmountProblem as error:
            self._say(error.key, text)
            return None
        if amount >= _AMOUNT_LIMIT:
            self._say("amount.unreadable", text)
            return None
        if amount <= 0:
            self._say("amount.not_positive", format_kurus(amount))
            return None
        return amount

    def _side(self, text: str) -> bool | None:
        if text in ("D", "C"):
            return text == "D"
        side = SIDES.get(fold(text))
        if side is None:
            self._say("side.unknown", text)
        return side

    def _date(self, text: str, where: str, *, report: bool = True) -> str:
        """A day as ISO text; empty where there is none, which is reported unless somebody else does."""
        try:
            return read_date(text).isoformat()
        except ValueError:
            if report:
                self._say("date.unreadable" if text else "date.missing", text, where)
            return ""

    def _counter(self, text: str, where: str) -> int | None:
        if not text:
            return None
        if not _COUNTER.fullmatch(text):
            self._say("counter.unreadable", text, where)
            return None
        return int(text.replace(",", ".").split(".")[0])

    def _document(self, cells: Cells) -> tuple[str | None, str | None]:
        """documentType and documentDate (rules Y105-Y111)."""
        text = cells.documenttype
        kind = text if text in DOCUMENT_TYPES else TYPE_NAMES.get(fold(text))
        day = self._date(cells.documentdate, "documentdate") if cells.documentdate else None
        if text and kind is None:
            self._say("document.type_unknown", text, known=", ".join(sorted(DOCUMENT_TYPES)))
        elif kind in NUMBERED_DOCUMENT_TYPES:
            if not cells.documentnumber:
                self._say("document.number_missing", type=kind)
            if not cells.documentdate:
                self._say("document.date_missing", type=kind)
        elif not text and (cells.documentnumber or cells.documentdate):
            self._say("document.type_missing", cells.documentnumber or cells.documentdate)
        if kind == "other":
            if not cells.documenttypedesc:
                self._say("document.description_missing")
            elif fold(cells.documenttypedesc) in ACTS:
                self._say("document.description_is_act", cells.documenttypedesc)
        if cells.documentreference and cells.documentreference != cells.entrynumber:
            self._say("document.reference_differs", cells.documentreference, voucher=cells.entrynumber)
        return kind, day

    def _check_division(self, text: str) -> None:
        if text.lstrip("0") != (self._branch or "").lstrip("0"):
            self._say("division.mismatch", text, branch=self._branch or "0")

    def _check_damage(self, cells: Cells) -> None:
        texts = _long_numbers(cells)
        if "E+" in "".join(texts):
            for name, text in zip(_LONG_NUMBERS, texts, strict=True):
                if SCIENTIFIC.fullmatch(text):
                    self._say("value.damaged", text, name)

    def _say(self, key: str, value: str | None = None, where: str | None = None, **values: object) -> None:
        place = place_of(self._file, self._line, self._cells)
        self._findings.add(problem(key, place, value, where, **values))


def _natural(text: str) -> str:
    """A voucher's number so that 9 comes before 10."""
    return _DIGITS.sub(lambda match: match[0].zfill(20), text)

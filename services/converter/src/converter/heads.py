"""What rows say of their entry: its head is taken from its first row, the others must agree (rules Y071-Y081, Y104)."""

import re
from typing import Final

from converter.cell_values import CellValues
from converter.reading.cells import Cells
from converter.row_findings import RowFindings, is_damaged
from converter.spool import Spool, StoredEntry
from defterhane.edefter.period import Span
from defterhane.findings import LISTED, Finding

_DIGITS: Final = re.compile(r"\d+", re.ASCII)
_NOUGHT: Final = "0.,"
_SORTED: Final = 200
"""So many characters of a voucher's number count for its place."""


class HeadCheck:
    """Finds or begins the entry of each row of one file."""

    def __init__(
        self,
        file: str,
        *,
        span: Span,
        branch: str | None,
        divisions: frozenset[str],
        spool: Spool,
        findings: RowFindings,
        values: CellValues,
    ) -> None:
        self._file = file
        self._branch = (branch or "").lstrip("0")
        self._divisions = frozenset(number.lstrip("0") for number in divisions)
        self._spool = spool
        self._findings = findings
        self._values = values
        self._start, self._end = span.start.isoformat(), span.end.isoformat()
        self._some_inside = False
        self._outside: list[Finding] = []
        self._entry: StoredEntry | None = None
        self._lost_voucher = ""

    def go_to(self, cells: Cells) -> StoredEntry | None:
        """The entry to which the row belongs; None where that is not known, which is told."""
        ref = cells.entryref
        if not ref:
            self._findings.say("entry.reference_missing")
            # Its voucher's entry is incomplete now, which is no second mistake.
            self._lost_voucher = cells.entrynumber
            if self._entry is not None and self._entry.voucher == cells.entrynumber:
                self._spool.break_entry(self._entry)
            return None
        if is_damaged(ref):
            self._findings.say("value.damaged", ref, "entryref", about=ref)
            ref = f"{ref} {cells.entrynumber}"  # many became one: their vouchers still tell them apart
        self._entry = self._spool.find(ref)
        if self._entry is None:
            self._entry = self._begin(ref, cells)
        return self._entry

    def look(self, entry: StoredEntry, cells: Cells) -> None:
        """What the row repeats of its entry must be the same as in its first row."""
        say = self._findings.say
        first = entry.line == self._findings.row.line and entry.file == self._file
        entered = entry.day
        if not first:
            if cells.entrynumber and entry.voucher and cells.entrynumber != entry.voucher:
                about = (entry.ref, cells.entrynumber)
                say("entry.several_vouchers", cells.entrynumber, first=entry.voucher, about=about)
            number = self._entry_number(cells)
            if number is not None and number != entry.counter and not entry.number_unread:
                both = (entry.ref, frozenset((number, entry.counter)))
                say("entry.several_numbers", str(number), first=entry.counter or "-", about=both)
            entered = (cells.entereddate and self._values.day(cells.entereddate, "entereddate")) or entry.day
            if entry.day and entered != entry.day:
                say("entry.several_dates", entered, first=entry.day, about=(entry.ref, entered))
        day = self._values.day(cells.postingdate, "postingdate")
        if day and entry.day and day not in (entry.day, entered):
            say("date.posting_differs", day, date=entry.day, about=(entry.ref, day))
        if cells.divisionno.strip("0"):
            self._check_division(cells.divisionno)

    def _begin(self, ref: str, cells: Cells) -> StoredEntry:
        """The entry that begins with this row; what its head lacks is told once, here."""
        say = self._findings.say
        where = "entereddate" if cells.entereddate else "postingdate"
        day = self._values.day(getattr(cells, where), where, report=where == "entereddate", of_head=True)
        if day:
            self._check_period(day)
        if not cells.entrynumber:
            say("entry.voucher_missing", of_head=True)
        elif is_damaged(cells.entrynumber):
            say("value.damaged", cells.entrynumber, "entrynumber", about=cells.entrynumber, of_head=True)
        if len(cells.enteredby) < 2:  # ends are stripped, so that two characters are enough
            say("entered_by.too_short", cells.enteredby, about=cells.enteredby or None, of_head=True)
        number = self._entry_number(cells)
        stands = cells.entrynumbercounter.strip(_NOUGHT) or cells.linenumbercounter.strip(_NOUGHT)
        entry = StoredEntry(
            id=0,
            ref=ref,
            counter=number,
            day=day,
            voucher=cells.entrynumber,
            entered_by=cells.enteredby,
            comment=cells.entrycomment or cells.entrynumber,
            batch_id=cells.batchid,
            batch_description=cells.batchdescription,
            file=self._file,
            line=self._findings.row.line,
            number_unread=number is None and stands != "",
        )
        entry = self._spool.add_entry(entry, _natural(cells.entrynumber))
        if self._lost_voucher and self._lost_voucher == entry.voucher:
            self._spool.break_entry(entry)
        return entry

    def _check_period(self, day: str) -> None:
        """Rule Y076. Where no entry of a file is of the period, its first one alone is told."""
        if self._start <= day <= self._end:
            self._some_inside = True
            for finding in self._outside[1:]:
                self._findings.add(finding)
            self._outside.clear()
            return
        finding = self._findings.made("entry.date_outside_period", day, of_head=True, start=self._start, end=self._end)
        if self._some_inside or not self._outside:
            self._findings.add(finding)
        if not self._some_inside and len(self._outside) < LISTED:
            self._outside.append(finding)

    def _entry_number(self, cells: Cells) -> int | None:
        """The ERP's number of the entry; nothing and nought mean that it has none."""
        number = self._values.counter(cells.entrynumbercounter, "entrynumbercounter")
        other = cells.linenumbercounter
        if not other or other == cells.entrynumbercounter:
            return number or None
        second = self._values.counter(other, "linenumbercounter")
        if number and second and number != second:
            about = (cells.entryref, frozenset((number, second)))
            self._findings.say("entry.several_numbers", str(second), first=number, about=about)
        return number or second or None

    def _check_division(self, text: str) -> None:
        number = text.lstrip("0")
        if number == self._branch:
            return
        if self._branch or number in self._divisions:
            self._findings.say("division.mismatch", text, branch=self._branch.zfill(4), about=number)
        else:
            self._findings.say("division.unknown", text, about=number)


def _natural(text: str) -> str:
    """A voucher's number so that 9 comes before 10."""
    text = text[:_SORTED]
    if text.isdecimal() and text.isascii():
        return text.zfill(20)
    return _DIGITS.sub(lambda match: match[0].zfill(20), text)

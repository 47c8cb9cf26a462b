"""Entries in the journal's order: put together, checked as a whole, and given their numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from converter.problems import Place, problem
from converter.spool import Numbering, Spool, StoredEntry, StoredLine
from defterhane.edefter.counters import Counters
from defterhane.edefter.entry import Entry, Line
from defterhane.edefter.money import format_kurus
from defterhane.edefter.period import Span
from defterhane.findings import Findings


@dataclass(slots=True)
class _Before:
    """The entry before."""

    day: str = ""
    counter: int | None = None


class Assembler:
    """Gives the spooled entries in order and reports what is wrong with each and with their sequence."""

    def __init__(self, spool: Spool, start: Counters, span: Span, findings: Findings) -> None:
        self._spool = spool
        self._findings = findings
        self._days = (span.start.isoformat(), span.end.isoformat())
        self._entry = start.entry
        self._line = start.line
        numbered, total = spool.numbered()
        self.numbering = Numbering.ERP if numbered else Numbering.PLATFORM
        self._some_missing = 0 < numbered < total
        self._before = _Before()

    def entries(self) -> Iterator[Entry]:
        """Every entry, numbered on from the start counters; worth writing only while nothing is wrong.

        The numbers of a whole entry's lines are kept in the spool, for the ledger.
        """
        for stored in self._spool.entries(self.numbering):
            lines = self._spool.lines(stored, self.numbering)
            self._check_sums(stored, lines)
            self._check_sequence(stored)
            self._entry += 1
            self._spool.place(lines, self._line + 1, self._entry)
            yield self._assemble(stored, lines)
            self._line += len(lines)

    def _assemble(self, stored: StoredEntry, lines: list[StoredLine]) -> Entry:
        number = self._line
        made = []
        for line in lines:
            number += 1
            made.append(line_of(line, number))
        return Entry(
            entered_by=stored.entered_by,
            entered_date=_day(stored.day),
            entry_number=stored.voucher,
            entry_comment=stored.comment,
            lines=made,
            counter=self._entry,
            source_line=stored.line,
        )

    def _check_sums(self, stored: StoredEntry, lines: list[StoredLine]) -> None:
        """Rules Y080, Y081."""
        if stored.broken:
            return
        if len(lines) < 2:
            self._say("entry.too_few_lines", stored, str(len(lines)))
        debit = sum(line.amount for line in lines if line.debit)
        credit = sum(line.amount for line in lines if not line.debit)
        if debit != credit:
            self._say(
                "entry.unbalanced",
                stored,
                format_kurus(abs(debit - credit)),
                debit=format_kurus(debit),
                credit=format_kurus(credit),
            )

    def _check_sequence(self, stored: StoredEntry) -> None:
        """Rules Y071, Y072, held strictly: +1 each, dates never fall."""
        before = self._before
        if self.numbering is Numbering.ERP:
            self._check_counter(stored, before.counter)
        day = before.day
        if self._days[0] <= stored.day <= self._days[1]:  # other days have been reported as such
            if stored.day < day:
                self._say("entry.order", stored, stored.day, previous=day)
            day = max(stored.day, day)
        self._before = _Before(day, stored.counter)

    def _check_counter(self, stored: StoredEntry, before: int | None) -> None:
        counter = stored.counter
        if counter is None:
            if self._some_missing:
                self._say("counter.missing", stored)
        elif before is None:
            if counter not in (1, self._entry + 1):  # some ERPs begin at 1 every month
                self._say("counter.start", stored, str(counter), expected=self._entry + 1)
        elif counter == before:
            self._say("entry.number_repeated", stored, str(counter))
        elif counter != before + 1:
            self._say("counter.gap", stored, str(counter), previous=before)

    def _say(self, key: str, stored: StoredEntry, value: str | None = None, **values: object) -> None:
        number = str(stored.counter) if stored.counter is not None else None
        place = Place(stored.file, stored.line, number, stored.voucher)
        self._findings.add(problem(key, place, value, None, **values))


def line_of(stored: StoredLine, number: int) -> Line:
    """A spooled line as a line of an entry, with its lineNumber."""
    return Line(
        account_main_id=stored.main,
        account_main_description=stored.main_description,
        amount=stored.amount,
        debit=bool(stored.debit),
        posting_date=_day(stored.day),
        account_sub_id=stored.sub or None,
        account_sub_description=stored.sub_description or None,
        document_type=stored.document_type,
        document_type_description=stored.document_description or None,
        document_number=stored.document_number or None,
        document_reference=stored.document_reference or None,
        document_date=_day(stored.document_day) if stored.document_day else None,
        payment_method=stored.payment_method or None,
        detail_comment=stored.comment or None,
        number=number,
        source_line=stored.source_line,
    )


def _day(text: str) -> date:
    # A day that could not be read has been reported; what stands in its place is never written.
    return date.fromisoformat(text) if text else date.min

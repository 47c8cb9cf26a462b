"""Entries checked as wholes, and in their sequence."""

from typing import Final

from converter.bookorder import BookOrder, JournalEntry, Numbering
from converter.problems import Kurus, Place, problem
from converter.spool import StoredEntry
from defterhane.edefter.period import Span
from defterhane.findings import Findings

MINIMUM: Final = 2
"""An entry has at least so many lines."""


def check_entries(order: BookOrder, last_number: int, span: Span, findings: Findings) -> None:
    """Report what is wrong with each entry and with their sequence; `last_number` is the last entry's before them."""
    checker = _Checker(order, last_number, span, findings)
    for entry in order.entries():
        checker.check(entry)
    for shared in order.shared_subs():
        place = Place(shared.file, shared.source_line, account=shared.sub)
        findings.add(problem("account.sub_under_two_mains", place, shared.sub, mains=shared.mains))


class _Checker:
    def __init__(self, order: BookOrder, last_number: int, span: Span, findings: Findings) -> None:
        self._numbering = order.numbering
        self._some_missing = order.some_missing
        self._first_number = last_number + 1
        self._findings = findings
        self._days = (span.start.isoformat(), span.end.isoformat())
        self._day = ""
        self._counter: int | None = None

    def check(self, entry: JournalEntry) -> None:
        """Check the next entry."""
        stored = entry.stored
        self._check_sums(entry)
        if self._numbering is Numbering.PLATFORM:
            return  # which puts them into order itself
        if stored.counter is not None:
            self._check_counter(stored, stored.counter)
            self._check_day(stored)
        elif not stored.number_unread:
            self._say("counter.missing", stored)

    def _check_sums(self, entry: JournalEntry) -> None:
        """Rules Y080, Y081."""
        stored = entry.stored
        if stored.broken:
            return
        if entry.lines < MINIMUM:
            self._say("entry.too_few_lines", stored, str(entry.lines))
        elif entry.debit != entry.credit:
            self._say(
                "entry.unbalanced",
                stored,
                Kurus(abs(entry.debit - entry.credit)),
                debit=Kurus(entry.debit),
                credit=Kurus(entry.credit),
            )

    def _check_counter(self, stored: StoredEntry, counter: int) -> None:
        """Rules Y071, Y072, held strictly: +1 each. The first number may be any: ours goes on from what was before.

        What lies between numbers is not known as long as some entries have none.
        """
        before, self._counter = self._counter, counter
        if counter == before:
            self._say("entry.number_repeated", stored, str(counter))
        elif self._some_missing:
            return
        elif before is None:
            if counter not in (1, self._first_number):  # some ERPs begin at 1 every month
                self._say("counter.start", stored, str(counter), expected=self._first_number)
        elif counter != before + 1:
            self._say("counter.gap", stored, str(counter), previous=before)

    def _check_day(self, stored: StoredEntry) -> None:
        """Dates never fall; days outside the span have been reported as such."""
        if self._days[0] <= stored.day <= self._days[1]:
            if stored.day < self._day:
                self._say("entry.order", stored, stored.day, previous=self._day)
            self._day = max(stored.day, self._day)

    def _say(self, key: str, stored: StoredEntry, value: str | Kurus | None = None, **values: object) -> None:
        number = str(stored.counter) if stored.counter is not None else None
        place = Place(stored.file, stored.line, number, stored.voucher)
        self._findings.add(problem(key, place, value, None, **values))

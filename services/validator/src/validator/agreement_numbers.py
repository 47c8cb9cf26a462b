"""Entry and line numbers of one set of books: they run on from part to part, and begin with 1 in each fiscal year."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.findings import Finding
from defterhane.texts import Text
from validator.agreement_findings import made
from validator.agreement_parts import Part, follows, is_new_year, opens_year
from validator.agreement_words import ENTRY_NUMBERS, LINE_NUMBERS
from validator.summary import Summary

_NUMBERS: Final = {
    "sequence.entry_number": ("gl-cor:entryNumberCounter", ENTRY_NUMBERS),
    "sequence.line_number": ("gl-cor:lineNumber", LINE_NUMBERS),
}


@dataclass(frozen=True, slots=True)
class _Last:
    """The last number that was used."""

    number: int
    book: Summary | None
    """Where; None = nowhere yet, as the fiscal year begins."""
    is_next: bool = True
    """The next part's first number comes right after it: no part is missing between."""


class Counted:
    """Entries and lines of parts that come one after the other: each begins with the number after the last.

    An empty part changes nothing. Where a part's book is not there, what follows it is not judged, nor is a part whose
    days lie among those of the one before it.
    """

    def __init__(self) -> None:
        self._entry: _Last | None = None
        self._line: _Last | None = None

    def count(self, before: Part | None, part: Part) -> Iterator[Finding]:
        """Take the next part."""
        if before is None or is_new_year(before.lead, part.lead):
            self._entry = self._line = _Last(0, None) if opens_year(part) else None
        elif not _is_after(before, part):
            self._entry = self._line = None
        elif not follows(before, part):
            self._entry, self._line = _after_hole(self._entry), _after_hole(self._line)
        book, journal = part.book, part.first(DocumentKind.JOURNAL)
        if book is None:
            self._entry = self._line = None
            return
        yield from _hold("sequence.line_number", book, book.first_line, self._line)
        if book.last_line is not None:
            self._line = _Last(book.last_line, book)
        if journal is None:
            self._entry = None
            return
        yield from _hold("sequence.entry_number", journal, journal.first_entry, self._entry)
        if journal.last_entry is not None:
            self._entry = _Last(journal.last_entry, journal)


def first_number(document: Summary, what: Text, found: str, where: str) -> Finding:
    """A fiscal year does not begin with 1: a warning, as a firm may have moved from another product."""
    return made("sequence.first_number", document, found=found, what=what, where=where, warning=True)


def _is_after(before: Part | None, part: Part) -> bool:
    if before is None or before.days is None or part.days is None:
        return False
    return follows(before, part) or part.days[0] > before.days[1]


def _after_hole(last: _Last | None) -> _Last | None:
    return None if last is None or last.book is None else replace(last, is_next=False)


def _hold(rule: str, book: Summary, first: int | None, last: _Last | None) -> Iterator[Finding]:
    where, what = _NUMBERS[rule]
    if first is None or last is None or (first == last.number + 1 if last.is_next else first > last.number):
        return
    if last.book is None:
        yield first_number(book, what, str(first), where)
        return
    expected = str(last.number + 1) if last.is_next else f"> {last.number}"
    yield made(rule, book, last.book, found=str(first), expected=expected, where=where)

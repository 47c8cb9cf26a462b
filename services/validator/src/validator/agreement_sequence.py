"""Parts of one set of books in their order: days, part numbers, uniqueIDs, entries and lines run on. Pure.

Where days are missing between two parts, the uniqueIDs tell why: if they run on, no document was ever made for those
days; if they leave numbers out, documents are only not here, and what they would say is not known.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from defterhane.findings import Finding
from validator.agreement_findings import Days, made
from validator.agreement_numbers import Counted, first_number
from validator.agreement_parts import (
    FIRST_PART,
    Part,
    follows,
    is_new_year,
    month_before,
    month_days,
    opens_year,
    sequence_of,
)
from validator.agreement_words import UNIQUE_IDS
from validator.summary import Summary

_BOOKS: Final = (DocumentKind.JOURNAL, DocumentKind.LEDGER)
_INFO: Final = "gl-cor:documentInfo/gl-cor:"


def in_sequence(parts: Sequence[Part]) -> Iterator[Finding]:
    """Hold the parts of one set of books against each other, from the first to the last."""
    known = [part for part in parts if part.days is not None]
    for part in known:
        yield from _whole_month(part)
    counted = Counted()
    for place, part in enumerate(known):
        if place == 0:
            yield from _begins(part, alone=len(known) == 1)
        else:
            yield from goes_on(known[place - 1], part)
        yield from counted.count(known[place - 1] if place else None, part)
    if len(known) > 1:
        yield from _ends(known[-1])


def reports_in_sequence(reports: Mapping[str, Sequence[Summary]]) -> Iterator[Finding]:
    """The uniqueIDs of the reports of one set of books."""
    months = sorted(reports)
    for report in (reports[month][0] for month in months[:1]):
        if report.start[:7] == report.year_start[:7] and (number := sequence_of(report)) not in (1, None):
            yield first_number(report, UNIQUE_IDS, str(number), f"{_INFO}uniqueID")
    for earlier, later in pairwise(months):
        before, after = reports[earlier][0], reports[later][0]
        last = sequence_of(before)
        new_year = is_new_year(before, after)
        if last is None or (new_year and after.start[:7] != after.year_start[:7]):
            continue
        is_next = new_year or earlier == month_before(later)
        yield from _unique_id(before, after, 1 if new_year else last + 1, is_next=is_next, new_year=new_year)


def goes_on(before: Part, after: Part) -> Iterator[Finding]:
    """Two parts that stand one after the other: days, part numbers, uniqueIDs, fiscal year."""
    assert before.days is not None
    assert after.days is not None
    yield from _fiscal_year(before, after)
    new_year = is_new_year(before.lead, after.lead)
    if before.month == after.month and WHOLE in (before.number, after.number):
        yield made("sequence.whole_and_parts", after.lead, before.lead)
        return
    if after.days[0] <= before.days[1] and not follows(before, after):
        days = _day(after.days[0]), _day(before.days[1])
        yield made(
            "sequence.overlap",
            after.lead,
            before.lead,
            found=days[0],
            expected=days[1],
            where=f"{_INFO}periodCoveredStart",
        )
        return
    if follows(before, after):
        yield from _part_number(before, after)
        for book in _BOOKS:
            yield from _ids(before, after, book, is_next=True, new_year=new_year)
        return
    hole = _span(before.days[1] + timedelta(days=1), after.days[0] - timedelta(days=1))
    if not new_year and _steps(before, after) == 1:
        where = f"{_INFO}periodCoveredStart"
        yield made("sequence.hole", after.lead, before.lead, found=hole, where=where)
        return
    yield made("sequence.missing", after.lead, found=hole, warning=True)
    if not new_year:
        for book in _BOOKS:
            yield from _ids(before, after, book, is_next=False, new_year=False)


def _whole_month(part: Part) -> Iterator[Finding]:
    lead = part.lead
    if part.number != WHOLE or part.days is None:
        return
    wanted = _span(*part.days)
    if wanted != (found := Days(lead.start, lead.end)):
        where = f"{_INFO}periodCoveredStart"
        yield made("sequence.whole_month", lead, found=found, expected=wanted, where=where)


def _begins(part: Part, *, alone: bool) -> Iterator[Finding]:
    bounds = month_days(part.lead)
    assert bounds is not None
    assert part.days is not None
    start = part.days[0]
    if start > bounds[0]:
        if part.number == FIRST_PART:
            days = _day(start), _day(bounds[0])
            where = f"{_INFO}periodCoveredStart"
            yield made("sequence.first_day", part.lead, found=days[0], expected=days[1], where=where)
        elif not alone:
            hole = _span(bounds[0], start - timedelta(days=1))
            yield made("sequence.missing", part.lead, found=hole, warning=True)
        return
    if part.number not in (None, WHOLE, FIRST_PART) and not alone:
        # Days may be split, the first one too: the parts before it may only not be here.
        yield made("sequence.part_number", part.lead, found=part.number, expected=FIRST_PART, warning=True)
    if opens_year(part):
        for book in _BOOKS:
            if (number := part.sequence(book)) not in (1, None):
                yield first_number(_speaks(part, book), UNIQUE_IDS, str(number), f"{_INFO}uniqueID")


def _ends(part: Part) -> Iterator[Finding]:
    bounds = month_days(part.lead)
    assert bounds is not None
    assert part.days is not None
    if part.days[1] < bounds[1]:
        hole = _span(part.days[1] + timedelta(days=1), bounds[1])
        yield made("sequence.missing", part.lead, found=hole, warning=True)


def _fiscal_year(before: Part, after: Part) -> Iterator[Finding]:
    """The same fiscal year, or one that begins after it; a year cut short may end, or another begin, earlier."""
    one, other = before.lead, after.lead
    years = (one.year_start, one.year_end), (other.year_start, other.year_end)
    if years[0] == years[1] or other.year_start > one.year_end:
        return
    is_cut = other.year_start == one.year_start or is_new_year(one, other)
    found, expected = Days(*years[1]), Days(*years[0])
    where = "gl-bus:fiscalYearStart"
    yield made("sequence.fiscal_year", other, one, found=found, expected=expected, where=where, warning=is_cut)


def _part_number(before: Part, after: Part) -> Iterator[Finding]:
    if before.number is None or after.number is None or (after.number == WHOLE and before.month != after.month):
        return
    wanted = f"{int(before.number) + 1:06}" if before.month == after.month else FIRST_PART
    if after.number != wanted:
        yield made("sequence.part_number", after.lead, found=after.number, expected=wanted)


def _ids(before: Part, after: Part, book: DocumentKind, *, is_next: bool, new_year: bool) -> Iterator[Finding]:
    last = before.sequence(book)
    if last is not None and after.sequence(book) is not None:
        wanted = 1 if new_year else last + 1
        documents = _speaks(before, book), _speaks(after, book)
        yield from _unique_id(*documents, wanted, is_next=is_next, new_year=new_year)


def _unique_id(before: Summary, after: Summary, wanted: int, *, is_next: bool, new_year: bool) -> Iterator[Finding]:
    number = sequence_of(after)
    where = f"{_INFO}uniqueID"
    if number is None or number == wanted or (not is_next and number > wanted):
        return
    if new_year:
        yield first_number(after, UNIQUE_IDS, str(number), where)
        return
    month = after.unique_id[3:9]
    expected = f"{after.unique_id[:3]}{month}{wanted:06}"
    yield made("sequence.unique_id", after, before, found=after.unique_id, expected=expected, where=where)


def _speaks(part: Part, book: DocumentKind) -> Summary:
    """The document whose uniqueID counts: the book, or its berat."""
    berat = next(kind for kind in DocumentKind if kind.is_berat and kind.book is book)
    found = part.first(book) or part.first(berat)
    assert found is not None
    return found


def _steps(before: Part, after: Part) -> int | None:
    """How far the uniqueIDs of two parts lie from each other."""
    for book in _BOOKS:
        numbers = before.sequence(book), after.sequence(book)
        if numbers[0] is not None and numbers[1] is not None:
            return numbers[1] - numbers[0]
    return None


def _span(first: date, last: date) -> Days:
    return Days(first.isoformat(), last.isoformat())


def _day(day: date) -> Days:
    return Days(day.isoformat())

"""Which documents belong together: the parts and reports of each set of books, in the order of their days.

Documents are told apart by their names; one whose name is not a document's is put where its contents say.
"""

import calendar
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from itertools import pairwise
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE, DocumentName
from validator.summary import Summary

FIRST_PART: Final = f"{1:06}"
_UNIQUE_ID: Final = re.compile(r"[A-Z]{3}([0-9]{6})([0-9]{6})")
LEADING: Final = (
    DocumentKind.JOURNAL,
    DocumentKind.LEDGER,
    DocumentKind.JOURNAL_BERAT,
    DocumentKind.LEDGER_BERAT,
)
"""Which document of a part speaks for it: the first that is there."""


@dataclass(frozen=True, slots=True, order=True)
class BooksKey:
    """Whose books: a taxpayer's, or those of one of its branches."""

    tax_id: str
    branch: str
    """Empty for the head office."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document belongs."""

    books: BooksKey
    month: str
    """YYYYMM."""
    part: str | None
    """Its part's number; None where no name tells it."""
    approved: bool = False
    """GİB's counter-signed copy."""

    @classmethod
    def of(cls, document: Summary) -> "Place":
        """By its name, or else its contents."""
        try:
            name = DocumentName.parse((document.name or "").rpartition("/")[2])
        except ValueError:
            month = document.start[:4] + document.start[5:7]
            return cls(BooksKey(document.tax_id, document.branch or ""), month, None)
        return cls(BooksKey(name.tax_id, name.branch or ""), name.period.compact, name.part, name.approved)


@dataclass(slots=True)
class Part:
    """The documents of one part of a month."""

    month: str
    number: str | None
    """`000000` = the whole month; None where no name tells it."""
    documents: dict[DocumentKind, list[Summary]] = field(default_factory=dict)
    """Those that say that they are the same one, the signed before the unsigned, GİB's copies last."""

    def first(self, kind: DocumentKind) -> Summary | None:
        """The document of a kind that counts."""
        found = self.documents.get(kind)
        return found[0] if found else None

    @property
    def book(self) -> Summary | None:
        """The journal, or else the ledger: they tell the same figures."""
        return self.first(DocumentKind.JOURNAL) or self.first(DocumentKind.LEDGER)

    @property
    def lead(self) -> Summary:
        """The document that speaks for the part."""
        return next(found for kind in LEADING if (found := self.first(kind)) is not None)

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day; None where they are no dates, or not in order. A whole month's are the month's."""
        found = day_of(self.lead.start), day_of(self.lead.end)
        if found[0] is None or found[1] is None or found[1] < found[0]:
            return None
        return (month_days(self.lead) if self.number == WHOLE else None) or (found[0], found[1])

    def sequence(self, book: DocumentKind) -> int | None:
        """The number in the uniqueID of its journal (or ledger), or of that one's berat."""
        berat = DocumentKind.JOURNAL_BERAT if book is DocumentKind.JOURNAL else DocumentKind.LEDGER_BERAT
        found = self.first(book) or self.first(berat)
        return None if found is None else sequence_of(found)


@dataclass(slots=True)
class Books:
    """All documents of one set of books."""

    key: BooksKey
    parts: list[Part] = field(default_factory=list)
    """In the order of their days."""
    reports: dict[str, list[Summary]] = field(default_factory=dict)
    """By month."""

    def by_month(self) -> dict[str, list[Part]]:
        """The parts of each month."""
        months: dict[str, list[Part]] = {}
        for part in self.parts:
            months.setdefault(part.month, []).append(part)
        return months


def arranged(documents: Iterable[Summary]) -> list[Books]:
    """Put documents where they belong. The order in which they come does not matter."""
    books: dict[BooksKey, Books] = {}
    parts: dict[tuple[BooksKey, str, str], Part] = {}
    placed = sorted(((Place.of(document), document) for document in documents), key=_rank)
    for place, document in placed:
        of_key = books.setdefault(place.books, Books(place.books))
        if document.kind is DocumentKind.REPORT:
            of_key.reports.setdefault(place.month, []).append(document)
            continue
        key = (place.books, place.month, place.part or f"{document.start}/{sequence_of(document)}")
        part = parts.get(key)
        if part is None:
            part = parts[key] = Part(place.month, place.part)
            of_key.parts.append(part)
        part.documents.setdefault(document.kind, []).append(document)
    for one in books.values():
        one.parts.sort(key=_position)
    return [books[key] for key in sorted(books)]


def sequence_of(document: Summary) -> int | None:
    """The number in a uniqueID; None where it is not built like one."""
    match = _UNIQUE_ID.fullmatch(document.unique_id)
    return int(match[2]) if match else None


def day_of(text: str) -> date | None:
    """A day as documents write it (YYYY-MM-DD), or None; also where it lies further off than any calendar reckons."""
    try:
        day = date.fromisoformat(text) if len(text) == len("2025-01-01") else None
    except ValueError:
        return None
    return day if day is not None and MINYEAR < day.year < MAXYEAR else None


def month_before(month: str) -> str:
    """The month before one, both YYYYMM."""
    year, past = divmod(int(month[:4]) * 12 + int(month[4:]) - 2, 12)
    return f"{year:04}{past + 1:02}"


def month_days(document: Summary) -> tuple[date, date] | None:
    """The days of a document's month: from the 1st to the last; cut where the fiscal year begins or ends within it,
    and the document does so too."""
    start = day_of(document.start)
    if start is None:
        return None
    first = start.replace(day=1)
    last = start.replace(day=calendar.monthrange(start.year, start.month)[1])
    if document.start == document.year_start:
        first = start
    if document.end == document.year_end and document.end[:7] == document.start[:7]:
        last = day_of(document.end) or last
    return first, last


def follows(before: Part, after: Part) -> bool:
    """Whether no day lies between two parts, and none is in both but one that is split."""
    if before.days is None or after.days is None:
        return False
    end, start = before.days[1], after.days[0]
    return start == end + timedelta(days=1) or (start == end and before.month == after.month)


def is_whole(parts: Sequence[Part]) -> bool:
    """Whether parts of a month, in order, are all of it: each there once with a book, all days covered."""
    if not parts or parts[0].days is None or parts[-1].days is None or any(part.book is None for part in parts):
        return False
    bounds = month_days(parts[0].lead), month_days(parts[-1].lead)
    if bounds[0] is None or bounds[1] is None:
        return False
    numbers = [part.number for part in parts]
    numbered = numbers == [WHOLE] or all(
        number is None or number == f"{place:06}" for place, number in enumerate(numbers, 1)
    )
    return (
        numbered
        and (parts[0].days[0], parts[-1].days[1]) == (bounds[0][0], bounds[1][1])
        and all(follows(before, after) for before, after in pairwise(parts))
    )


def is_new_year(before: Summary, after: Summary) -> bool:
    """Whether numbers start anew: a later fiscal year, be it that the one before was to last longer."""
    begins_now = after.year_start > before.year_start and after.year_start[:7] == after.start[:7]
    return after.year_start > before.year_end or begins_now


def opens_year(part: Part) -> bool:
    """Whether a part is its fiscal year's first."""
    bounds = month_days(part.lead)
    is_first = bounds is not None and part.days is not None and part.days[0] <= bounds[0]
    return is_first and part.lead.start[:7] == part.lead.year_start[:7] and part.number in (None, WHOLE, FIRST_PART)


def figures(document: Summary) -> Summary:
    """What a document says, without what signing and copying change."""
    return replace(document, name=None, size=0, sha256="", signature_value=None)


def _rank(item: tuple[Place, Summary]) -> tuple[Place | object, ...]:
    place, document = item
    unsigned = document.signature_value is None
    return (place.books, place.month, place.approved, unsigned, document.name or "", document.sha256)


def _position(part: Part) -> tuple[str, str, str, int, str]:
    lead = part.lead
    return (lead.start, lead.end, part.number or "", sequence_of(lead) or 0, lead.name or "")

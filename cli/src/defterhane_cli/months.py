"""The months that checked documents belong to, in figures: what is there, what it comes to, what was found."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from defterhane.edefter.kinds import DocumentKind
from defterhane_cli.checking import Checked
from validator.facts import NameParts
from validator.summary import Summary

Key: TypeAlias = tuple[str, str, str]
"""Taxpayer, branch (empty = the head office), month as `2025-01`; all empty where a document does not say."""

UNKNOWN: Key = ("", "", "")
_FIGURES = (DocumentKind.JOURNAL, DocumentKind.LEDGER, DocumentKind.REPORT)
"""What tells a month's figures, the best first."""


@dataclass(frozen=True, slots=True)
class Row:
    """One month of one taxpayer or branch; sums of such where all are told together."""

    key: Key
    documents: Counter[DocumentKind]
    """So many of each kind, copies of one document counted once."""
    signed: int
    """So many of them carry a signature."""
    entries: int | None
    """Of the journals; None where there is none that can be read to its end."""
    lines: int | None
    debit: int | None
    """Kuruş."""
    credit: int | None
    errors: int
    warnings: int


def month_of(checked: Checked) -> Key:
    """Which month a document belongs to, by its own word, else by its file's name."""
    summary = checked.summary
    if summary is not None and summary.tax_id and summary.start:
        return summary.tax_id, summary.branch or "", summary.start[:7]
    name = NameParts.parse(checked.candidate.name)
    if name is None:
        return UNKNOWN
    return name.tax_id, name.branch or "", f"{name.month[:4]}-{name.month[4:]}"


def rows_of(checked: Iterable[Checked], copies: frozenset[int]) -> list[Row]:
    """A row a month, in order; what belongs to no month last. Files without a verdict are in none.

    Args:
        checked: the documents.
        copies: by number, those that are further copies of another one.
    """
    months: dict[Key, list[tuple[int, Checked]]] = defaultdict(list)
    for number, one in enumerate(checked):
        if one.problem is None:
            months[month_of(one)].append((number, one))
    return [_row(key, months[key], copies) for key in sorted(months, key=lambda key: (key == UNKNOWN, key))]


def total_of(rows: Sequence[Row]) -> Row:
    """All rows in one; a figure that a month does not tell is not told for all either."""
    documents: Counter[DocumentKind] = Counter()
    for row in rows:
        documents.update(row.documents)
    months = [row for row in rows if row.key != UNKNOWN]
    return Row(
        key=UNKNOWN,
        documents=documents,
        signed=sum(row.signed for row in rows),
        entries=_sum(row.entries for row in months),
        lines=_sum(row.lines for row in months),
        debit=_sum(row.debit for row in months),
        credit=_sum(row.credit for row in months),
        errors=sum(row.errors for row in rows),
        warnings=sum(row.warnings for row in rows),
    )


def sums_of(summary: Summary) -> tuple[int, int] | None:
    """A document's debit and credit in kuruş; None where they could not be read."""
    if summary.accounts is None:
        return None
    sums = summary.accounts.values()
    return sum(one.debit for one in sums), sum(one.credit for one in sums)


def _row(key: Key, members: Sequence[tuple[int, Checked]], copies: frozenset[int]) -> Row:
    originals = [one for number, one in members if number not in copies]
    documents = Counter(one.kind for one in originals if one.kind is not None)
    summaries = [one.summary for one in originals if one.summary is not None]
    told = next((kind for kind in _FIGURES if kind in documents), None)
    books = [summary for summary in summaries if summary.kind is told]
    sums = [sums_of(summary) for summary in books]
    whole = bool(books) and len(books) == documents[books[0].kind]
    known = [pair for pair in sums if pair is not None]
    amounts = whole and len(known) == len(sums)
    return Row(
        key=key,
        documents=documents,
        signed=sum(one.signed for one in originals),
        entries=sum(book.entries for book in books) if whole and told is DocumentKind.JOURNAL else None,
        lines=sum(book.lines for book in books) if whole and told is not DocumentKind.REPORT else None,
        debit=sum(debit for debit, _ in known) if amounts else None,
        credit=sum(credit for _, credit in known) if amounts else None,
        errors=sum(one.errors for _, one in members),
        warnings=sum(one.warnings for _, one in members),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total

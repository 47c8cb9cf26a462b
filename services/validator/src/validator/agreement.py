"""Whether the documents of a firm agree with each other: those of a part, of a month, and from month to month. Pure.

Beyond the rules on single documents: GİB compares a berat with its ledger (size, signature value), a report with the
month's ledgers, and the order of uniqueIDs (e-Defter guides; e-Saklama's checks before a copy is taken). The time it
takes grows with the number of documents and accounts, and no faster than sorting them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.events import Document
from defterhane.findings import Finding, Severity
from validator.agreement_findings import Value, made
from validator.agreement_pairs import balanced, hold_berat, hold_ledger, hold_report
from validator.agreement_parts import Books, Part, arranged, figures, is_whole, month_before
from validator.agreement_sequence import in_sequence, reports_in_sequence
from validator.agreement_words import IDENTITY, KINDS, branch_text
from validator.summary import Summary

_BERATS: Final = (DocumentKind.JOURNAL_BERAT, DocumentKind.LEDGER_BERAT)
_OF_ITSELF: Final = frozenset({"agreement.created", "agreement.unique_id_number"})
"""Warnings about a document that hold whatever else is there."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What does not agree, told of one of the documents."""

    name: str | None
    """As in the document's summary."""
    finding: Finding


def disagreements(documents: Sequence[Summary]) -> list[Disagreement]:
    """Hold documents against each other: whatever belongs together of what is given, one file or the folder of years.

    A document that is not there is a warning, once others of its kind are. Where two files say that they are the same
    document, the signed one counts, and GİB's copy last; berats are all held against the book.

    Returns:
        By taxpayer and branch, then from the earliest part to the latest; the same for the same documents, in
        whatever order they are given.
    """
    held = frozenset(document.kind for document in documents)
    everything = arranged(documents)
    found: list[Disagreement] = []
    for books in everything:
        found.extend(Disagreement(finding.file, finding) for finding in _of_books(books, held))
    found.extend(Disagreement(finding.file, finding) for finding in _branches(everything))
    return found


def _of_books(books: Books, held: frozenset[DocumentKind]) -> Iterator[Finding]:
    for part in books.parts:
        yield from _of_part(part, held)
    yield from in_sequence(books.parts)
    months = books.by_month()
    for month in sorted(books.reports):
        yield from _twice(books.reports[month])
        parts = months.get(month, ())
        told = [book for part in parts if (book := part.book) is not None]
        if told and is_whole(parts):
            for report in books.reports[month]:
                yield from hold_report(report, told)
    yield from reports_in_sequence(books.reports)
    if DocumentKind.REPORT in held:
        for month, parts in months.items():
            if month not in books.reports and is_whole(parts):
                yield _missing(parts[-1], DocumentKind.REPORT)


def _of_part(part: Part, held: frozenset[DocumentKind]) -> Iterator[Finding]:
    for alike in part.documents.values():
        yield from _twice(alike)
    journal, ledger = part.first(DocumentKind.JOURNAL), part.first(DocumentKind.LEDGER)
    if ledger is not None:
        yield from balanced(ledger)
        if journal is not None:
            yield from hold_ledger(ledger, journal)
    for kind in _BERATS:
        book = part.first(kind.book)
        for berat in part.documents.get(kind, ()):
            if book is not None:
                yield from hold_berat(berat, book)
    for kind in DocumentKind:
        if kind is not DocumentKind.REPORT and kind in held and kind not in part.documents:
            yield _missing(part, kind)


def _missing(part: Part, kind: DocumentKind) -> Finding:
    return made("agreement.missing", part.lead, expected=KINDS[kind], warning=True)


def _twice(alike: Sequence[Summary]) -> Iterator[Finding]:
    """Files that say that they are the same document, and do not say the same."""
    for other in alike[1:]:
        if figures(other) != figures(alike[0]):
            yield made("agreement.twice", other, alike[0], warning=True)


def _branches(everything: Iterable[Books]) -> Iterator[Finding]:
    """Books that end with a month, and others of the same firm and fiscal year that begin with the next: one branch
    under two numbers, or two branches."""
    known = [books for books in everything if books.parts and books.parts[0].days is not None]
    ending: dict[tuple[str, str], Books] = {}
    for books in known:
        ending.setdefault((books.key.tax_id, books.parts[-1].month), books)
    for books in known:
        first = books.parts[0]
        before = ending.get((books.key.tax_id, month_before(first.month)))
        if before is None or before.key == books.key:
            continue
        last, branches = before.parts[-1], (before.key.branch, books.key.branch)
        if last.lead.year_start == first.lead.year_start:
            found, expected = branch_text(branches[1]), branch_text(branches[0])
            where = "gl-bus:organizationIdentifiers"
            yield made(
                "sequence.branch", first.lead, last.lead, found=found, expected=expected, where=where, warning=True
            )


def against(document: Summary, others: Iterable[Summary]) -> list[Finding]:
    """What is to be told of one document beside others, while more of them may be on their way: all errors, and
    warnings about itself that no missing document explains.

    Where books begin and which numbers they go on from is known to whoever makes the documents: it is not asked here.
    """
    told = [one.finding for one in disagreements([document, *others])]
    return [
        finding
        for finding in told
        if finding.severity is Severity.ERROR or (finding.file == document.name and finding.rule in _OF_ITSELF)
    ]


def identity(document: Document, summary: Summary) -> Iterator[Finding]:
    """`document.identity`: kind, taxpayer, month, branch and uniqueID of an event, against what the document says:
    nothing that was written for one firm may be judged as another's."""
    filing = document.filing
    pairs: tuple[tuple[str, Value, Value], ...] = (
        ("kind", KINDS[summary.kind], KINDS[document.kind]),
        ("tenant", summary.tax_id, filing.tenant),
        ("period", summary.start[:7], filing.period),
        ("branch", branch_text(summary.branch), branch_text(filing.branch)),
        ("unique_id", summary.unique_id, document.unique_id),
    )
    for what, found, expected in pairs:
        if found != expected:
            yield made("document.identity", summary, found=found, expected=expected, what=IDENTITY[what])

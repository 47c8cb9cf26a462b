"""Reading documents back, and making all five of a month, for tests."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from converter.convert import ConversionJob, ConversionOutcome, MadePart
from converter.writing.berat import SignedBook, write_berat
from converter.writing.report import write_report
from converter.writing.summary import summary_id
from defterhane.edefter.counters import unique_id
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE, DocumentName
from defterhane.edefter.taxid import tax_id
from defterhane.edefter.vocabulary import NAMESPACES

COR, BUS = f"{{{NAMESPACES['gl-cor']}}}", f"{{{NAMESPACES['gl-bus']}}}"
SIGNATURE_VALUE = "QUJD" * 86
MINIMAL_SIGNATURE = (
    "<ds:Signature><ds:SignedInfo><ds:CanonicalizationMethod Algorithm='a'/><ds:SignatureMethod Algorithm='b'/>"
    "<ds:Reference URI=''><ds:DigestMethod Algorithm='c'/><ds:DigestValue>QUJD</ds:DigestValue></ds:Reference>"
    "</ds:SignedInfo><ds:SignatureValue>QUJD</ds:SignatureValue></ds:Signature>"
)
"""Enough for the schema, nothing more."""


@dataclass(frozen=True)
class Detail:
    """One line as a document tells it."""

    number: int
    counter: int
    main: str
    sub: str | None
    amount: str
    side: str
    xml: str
    """All of it, without the name of the context."""


@dataclass(frozen=True)
class Header:
    debit: str
    credit: str
    counter: int | None
    date: str | None
    voucher: str | None
    details: tuple[Detail, ...]


def headers(document: bytes) -> list[Header]:
    """All entryHeaders of a journal or ledger."""
    return [_header(element) for element in etree.fromstring(document).iter(f"{COR}entryHeader")]


def _header(element: etree._Element) -> Header:
    def text(name: str) -> str | None:
        return element.findtext(name)

    counter = text(f"{COR}entryNumberCounter")
    return Header(
        text(f"{BUS}totalDebit") or "",
        text(f"{BUS}totalCredit") or "",
        int(counter) if counter else None,
        text(f"{COR}enteredDate"),
        text(f"{COR}entryNumber"),
        tuple(_detail(detail) for detail in element.iter(f"{COR}entryDetail")),
    )


def _detail(element: etree._Element) -> Detail:
    def text(name: str) -> str:
        return element.findtext(f".//{COR}{name}") or ""

    xml = etree.tostring(element, method="c14n").decode()
    return Detail(
        int(text("lineNumber")),
        int(text("lineNumberCounter")),
        text("accountMainID"),
        text("accountSubID") or None,
        text("amount"),
        text("debitCreditCode"),
        xml.replace("journal_context", "").replace("ledger_context", ""),
    )


def write_documents(outcome: ConversionOutcome, job: ConversionJob, folder: Path) -> list[Path]:
    """Every part's journal, ledger and berats, and of a whole month the report, under their names.

    The berats speak of unsigned ledgers.
    """
    paths = [path for part in outcome.parts for path in _part_documents(part, job, folder)]
    if job.first_part == 0:
        number = unique_id(DocumentKind.REPORT, job.filing.month, job.start.report + 1)
        name = _name(DocumentKind.REPORT, WHOLE, job)
        report = write_report(number, summary_id(name, 1), job.heading_for(job.span), outcome.totals)
        paths.append(_kept(folder, name, report.data))
    return paths


def _part_documents(part: MadePart, job: ConversionJob, folder: Path) -> Iterator[Path]:
    heading = job.heading_for(part.span)
    for book, berat_kind in ((part.journal, DocumentKind.JOURNAL_BERAT), (part.ledger, DocumentKind.LEDGER_BERAT)):
        yield _kept(folder, _name(book.kind, part.part, job), book.path.read_bytes())
        name = _name(berat_kind, part.part, job)
        told = SignedBook(book.written.size, SIGNATURE_VALUE)
        berat = write_berat(berat_kind, book.unique_id, summary_id(name, 1), heading, totals=part.totals, book=told)
        yield _kept(folder, name, berat.data)


def _name(kind: DocumentKind, part: str, job: ConversionJob) -> DocumentName:
    return DocumentName(tax_id(job.filing.tenant), job.filing.month, kind, part=part, branch=job.filing.branch)


def _kept(folder: Path, name: DocumentName, data: bytes) -> Path:
    path = folder / name.file("xml")
    path.write_bytes(data)
    return path


def all_documents(outcome: ConversionOutcome, job: ConversionJob, folder: Path) -> dict[DocumentKind, Path]:
    """The five documents of a month in one part."""
    assert len(outcome.parts) == 1
    return {DocumentName.parse(path.name).kind: path for path in write_documents(outcome, job, folder)}


def canonical(document: bytes) -> bytes:
    """What lxml's C14N 1.0 makes of a document."""
    out = io.BytesIO()
    etree.fromstring(document).getroottree().write_c14n(out)
    return out.getvalue()


def with_signature(document: Path, folder: Path) -> Path:
    """A copy with a signature that means nothing, for the schema."""
    text = document.read_text("utf-8")
    at = text.rindex("</edefter:")
    copy = folder / f"signed-{document.name}"
    copy.write_text(text[:at] + MINIMAL_SIGNATURE + text[at:], "utf-8")
    return copy

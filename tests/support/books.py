"""Reading documents back, and making all five of a month, for tests."""

import io
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from converter.convert import ConversionJob, ConversionOutcome
from converter.writing.berat import SignedBook, write_berat
from converter.writing.report import write_report
from converter.writing.summary import summary_id
from defterhane.edefter.counters import unique_id
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import DocumentName
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


def all_documents(outcome: ConversionOutcome, job: ConversionJob, folder: Path) -> dict[DocumentKind, Path]:
    """The five documents of a month under their names; the berats speak of unsigned ledgers."""
    filing = job.filing
    month, heading = filing.month, job.heading
    journal, ledger = outcome.documents
    report_id = unique_id(DocumentKind.REPORT, month, job.start.report + 1)
    paths = {}
    for kind in DocumentKind:
        name = DocumentName(tax_id(filing.tenant), month, kind, branch=filing.branch)
        identity = summary_id(name, 1)
        paths[kind] = folder / name.file("xml")
        if kind.is_ledger:
            made = journal if kind is DocumentKind.JOURNAL else ledger
            paths[kind].write_bytes(made.path.read_bytes())
        elif kind.is_berat:
            book = journal if kind is DocumentKind.JOURNAL_BERAT else ledger
            told = SignedBook(book.written.size, SIGNATURE_VALUE)
            berat = write_berat(kind, book.unique_id, identity, heading, totals=outcome.totals, book=told)
            paths[kind].write_bytes(berat.data)
        else:
            paths[kind].write_bytes(write_report(report_id, identity, heading, outcome.totals).data)
    return paths


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

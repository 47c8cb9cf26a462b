"""Months as a firm keeps them: converted, signed, in the folders that GİB's viewer and storage tool expect."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from uuid import uuid5

from converter.convert import ConversionJob, MadePart, convert_drop
from converter.writing.berat import SignedBook, write_berat
from converter.writing.report import write_report
from converter.writing.summary import summary_id
from defterhane.edefter.counters import Counters, unique_id
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE, DocumentName
from defterhane.edefter.period import FiscalYear, Period, Span
from defterhane.edefter.taxid import tax_id
from defterhane.events import Filing
from defterhane.xades import SoftwareKey, sign_file
from defterhane.xades.countersign import countersign
from defterhane.xades.prepare import SignatureIds
from sandbox.samples import write_sample
from support import signing
from support.exports import SOURCE_APPLICATION
from support.tenants import tenant

VIEWERS = ("yevmiye.xslt", "kebir.xslt", "berat.xslt", "defterraporu.xslt")


def write_months(
    root: Path, folder: Path, months: int = 3, *, lines: int = 60, cut: tuple[int, ...] = (), approved: bool = True
) -> list[Path]:
    """Write `root/<VKN>/<fiscal year>/<month>/…` for the first months of 2025; returns the documents.

    Args:
        folder: for what is made on the way.
        lines: of a month's journal.
        cut: months (1 = January) in two parts.
        approved: GİB's copies of the berats lie there as well.
    """
    counters, made = Counters(), []
    for number in range(1, months + 1):
        period = Period(2025, number)
        scratch = folder / str(period)
        scratch.mkdir(parents=True)
        spans = _halves(period) if number in cut else (Span.whole(period),)
        job = _job(period, counters, spans)
        drop = scratch / job.name
        write_sample(drop, tax_id=job.tenant.tax_id, period=period, lines=lines, seed=number)
        outcome = convert_drop(drop, scratch, job)
        assert outcome.made, outcome.findings
        name = DocumentName(tax_id(job.tenant.tax_id), period, DocumentKind.JOURNAL)
        target = root / name.folder(FiscalYear.containing(period))
        target.mkdir(parents=True)
        for part in outcome.parts:
            made.extend(_sign_part(part, job, target, approved=approved))
        report_id = unique_id(DocumentKind.REPORT, period, counters.report + 1)
        of_report = _name(DocumentKind.REPORT, WHOLE, job)
        report = write_report(report_id, summary_id(of_report, 1), job.heading_for(job.span), outcome.totals)
        made.append(_signed(report.data, target, of_report))
        for viewer in VIEWERS:
            (target / viewer).write_text("<xsl:stylesheet/>", "utf-8")
        counters = outcome.end.after_report()
    return sorted(made)


def _job(period: Period, counters: Counters, spans: tuple[Span, ...]) -> ConversionJob:
    firm = tenant(signing.VKN, title="ÖRNEK TİCARET A.Ş.")
    return ConversionJob(
        tenant=firm,
        filing=Filing(tenant=firm.tax_id, period=str(period), branch=None, part=WHOLE),
        name=f"{firm.tax_id}-{period.compact}.zip",
        created=period.next.first.replace(day=3),
        source_application=SOURCE_APPLICATION,
        start=counters,
        spans=spans,
    )


def _halves(period: Period) -> tuple[Span, Span]:
    return Span(period.first, period.first.replace(day=15)), Span(period.first.replace(day=16), period.last)


def _sign_part(part: MadePart, job: ConversionJob, target: Path, *, approved: bool) -> Iterator[Path]:
    heading = job.heading_for(part.span)
    for book, kind in ((part.journal, DocumentKind.JOURNAL_BERAT), (part.ledger, DocumentKind.LEDGER_BERAT)):
        path = target / _name(book.kind, part.part, job).file("xml")
        signed = sign_file(book.path, path, _key(), signing_time=signing.NOW, new_id=_ids(path))
        yield path
        name = _name(kind, part.part, job)
        told = SignedBook(signed.size, signed.signature_value)
        berat = write_berat(kind, book.unique_id, summary_id(name, 1), heading, totals=part.totals, book=told)
        path = _signed(berat.data, target, name)
        yield path
        if approved:
            copy = target / name.as_approved.file("xml")
            ids = SignatureIds.new(_ids(copy))
            copy.write_bytes(countersign(path, _gib_key(), signing_time=signing.NOW, ids=ids))
            yield copy


def _signed(data: bytes, target: Path, name: DocumentName) -> Path:
    path = target / name.file("xml")
    unsigned = path.with_suffix(".unsigned")
    unsigned.write_bytes(data)
    sign_file(unsigned, path, _key(), signing_time=signing.NOW, new_id=_ids(path))
    unsigned.unlink()
    return path


def _name(kind: DocumentKind, part: str, job: ConversionJob) -> DocumentName:
    return DocumentName(tax_id(job.filing.tenant), job.filing.month, kind, part=part)


@cache
def _key() -> SoftwareKey:
    return signing.software_key(signing.seal())


@cache
def _gib_key() -> SoftwareKey:
    return signing.software_key(signing.gib())


def _ids(path: Path):
    """Ids that are the same whenever the file is made."""
    numbers = iter(range(100))
    return lambda: uuid5(signing.ID, f"{path.name}/{next(numbers)}")

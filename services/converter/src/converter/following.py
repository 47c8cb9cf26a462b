"""What comes next once a document has been signed: a berat, the ledger, the report."""

from dataclasses import dataclass

from sqlalchemy import func, select

from converter.errors import DocumentUnknown
from converter.models import Conversion, DocumentRow, DocumentState, MonthNumbers, Part, State
from converter.records import announce, document_row, find_conversion, heading_of, totals_from_json
from converter.writing.berat import SignedBook, write_berat
from converter.writing.report import write_report
from converter.writing.summary import Summary, summary_id
from defterhane.db import Transaction
from defterhane.edefter.counters import unique_id
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE, DocumentName
from defterhane.edefter.sequence import AFTER_SIGNING
from defterhane.edefter.totals import Totals
from defterhane.errors import Busy
from defterhane.events import Document, DocumentSigned, ObjectRef


@dataclass(frozen=True, slots=True)
class Next:
    """What follows a signed document of a conversion."""

    conversion: Conversion
    kind: DocumentKind | None
    """None where nothing follows, or not yet; or never, as the conversion has been rejected."""
    unique_id: str = ""
    summary: Summary | None = None
    """The berat or report, to be stored; a ledger is stored already."""


async def find_next(tx: Transaction, event: DocumentSigned) -> Next:
    """What follows, made but not stored.

    Raises:
        DocumentUnknown: this service has not made the signed document.
    """
    document = event.document
    conversion = await find_conversion(tx, document)
    if conversion is None:
        raise DocumentUnknown(document=document.name, revision=document.revision)
    if conversion.state != State.MADE:
        return Next(conversion, None)
    kind = await _next_kind(tx, conversion, document)
    if kind is None or kind is DocumentKind.LEDGER:
        return Next(conversion, kind)
    if kind is DocumentKind.REPORT:
        return await _report(tx, conversion, document)
    part = await tx.session.get(Part, (conversion.id, document.filing.part))
    assert part is not None
    summary = write_berat(
        kind,
        document.unique_id,
        summary_id(_name(document, kind, part.part), document.revision),
        heading_of(conversion, part),
        totals=totals_from_json(part.totals),
        book=SignedBook(event.object.size, event.signature_value),
    )
    return Next(conversion, kind, document.unique_id, summary)


async def go_on(tx: Transaction, event: DocumentSigned, following: Next, stored: ObjectRef | None) -> None:
    """Keep what has been signed, and say what has been written next; of a rejected conversion, nothing more.

    Raises:
        Busy: another part of the month was signed at the same moment.
    """
    document = event.document
    conversion = await tx.session.get(Conversion, following.conversion.id, with_for_update=True)
    assert conversion is not None
    if conversion.state != State.MADE:
        return
    row = await tx.session.get(DocumentRow, (conversion.id, document.filing.part, document.kind.value))
    assert row is not None
    if row.state == DocumentState.SIGNED:
        return
    if await _next_kind(tx, conversion, document) is not following.kind:
        raise Busy(what=document.name)
    row.state = DocumentState.SIGNED
    row.signed_object = event.object.model_dump(mode="json")
    row.signature_value = event.signature_value
    if following.kind is DocumentKind.LEDGER:
        ledger = await tx.session.get(DocumentRow, (conversion.id, document.filing.part, following.kind.value))
        assert ledger is not None
        await announce(tx, conversion, ledger)
    elif following.kind is not None:
        assert following.summary is not None
        assert stored is not None
        part = WHOLE if following.kind is DocumentKind.REPORT else document.filing.part
        digest = following.summary.written.body_sha256
        written = document_row(conversion, part, following.kind, following.unique_id, stored=stored, body_sha256=digest)
        tx.session.add(written)
        await announce(tx, conversion, written)


async def _report(tx: Transaction, conversion: Conversion, document: Document) -> Next:
    parts = list(await tx.session.scalars(select(Part).where(Part.conversion_id == conversion.id).order_by(Part.part)))
    totals = Totals()
    for part in parts:
        totals.merge(totals_from_json(part.totals))
    month = Part(start_day=document.filing.month.first, end_day=document.filing.month.last)
    numbers = await tx.session.get(MonthNumbers, (conversion.tenant, conversion.branch, conversion.period))
    assert numbers is not None
    kind = DocumentKind.REPORT
    number = unique_id(kind, document.filing.month, numbers.report)
    identity = summary_id(_name(document, kind, WHOLE), document.revision)
    return Next(conversion, kind, number, write_report(number, identity, heading_of(conversion, month), totals))


async def _next_kind(tx: Transaction, conversion: Conversion, document: Document) -> DocumentKind | None:
    kind = AFTER_SIGNING[document.kind]
    if kind is not DocumentKind.REPORT:
        return kind
    signed = await tx.session.scalar(
        select(func.count())
        .select_from(DocumentRow)
        .where(
            DocumentRow.conversion_id == conversion.id,
            DocumentRow.kind == DocumentKind.LEDGER_BERAT.value,
            DocumentRow.part != document.filing.part,
            DocumentRow.state == DocumentState.SIGNED,
        )
    )
    parts = await tx.session.scalar(select(func.count()).select_from(Part).where(Part.conversion_id == conversion.id))
    return kind if (signed or 0) + 1 == parts else None


def _name(document: Document, kind: DocumentKind, part: str) -> DocumentName:
    filing = document.filing.model_copy(update={"part": part})
    return document.model_copy(update={"kind": kind, "filing": filing}).name

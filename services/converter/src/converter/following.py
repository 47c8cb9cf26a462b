"""What comes next once a document has been signed: a berat, the ledger, the report."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from converter.errors import DocumentUnknown
from converter.models import Conversion, DocumentRow, DocumentState, Part, State
from converter.months import known_of, lock_books
from converter.records import announce, document_row, find_conversion, heading_of, totals_from_json
from converter.registering import same_month
from converter.writing.berat import SignedBook, write_berat
from converter.writing.report import write_report
from converter.writing.summary import Summary, summary_id
from defterhane.db import Transaction
from defterhane.edefter.counters import unique_id
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE, DocumentName
from defterhane.edefter.period import Period
from defterhane.edefter.sequence import AFTER_SIGNING
from defterhane.edefter.taxid import tax_id
from defterhane.edefter.totals import Totals
from defterhane.errors import Busy
from defterhane.events import Document, DocumentSigned, ObjectRef


@dataclass(frozen=True, slots=True)
class Next:
    """What follows a signed document."""

    signed: Conversion
    """The conversion that made it."""
    kind: DocumentKind | None
    """None where nothing follows, or not yet; or never, as the conversion counts no longer."""
    conversion: Conversion
    """To which the next one belongs: the same, but for the report, which belongs to the month's last."""
    unique_id: str = ""
    summary: Summary | None = None
    """The berat or report, to be stored; a ledger is stored already."""


async def find_next(tx: Transaction, event: DocumentSigned) -> Next:
    """What follows, made but not stored.

    Raises:
        DocumentUnknown: this service has not made the signed document.
    """
    document = event.document
    signed = await find_conversion(tx, document)
    if signed is None:
        raise DocumentUnknown(document=document.name, revision=document.revision)
    kind, conversion = await _next(tx, signed, document)
    if kind is None or kind is DocumentKind.LEDGER:
        return Next(signed, kind, conversion)
    if kind is DocumentKind.REPORT:
        return await _report(tx, signed, conversion)
    part = await tx.session.get(Part, (conversion.id, document.filing.part))
    assert part is not None
    summary = write_berat(
        kind,
        document.unique_id,
        summary_id(document.model_copy(update={"kind": kind}).name, document.revision),
        heading_of(conversion, part),
        totals=totals_from_json(part.totals),
        book=SignedBook(event.object.size, event.signature_value),
    )
    return Next(signed, kind, conversion, document.unique_id, summary)


async def go_on(tx: Transaction, event: DocumentSigned, following: Next, stored: ObjectRef | None) -> None:
    """Keep what has been signed, and say what has been written next; of a conversion that counts no longer, nothing.

    Raises:
        Busy: another part of the month was signed at the same moment, or its conversion withdrawn.
    """
    document, signed = event.document, following.signed
    await lock_books(tx, signed.tenant, signed.branch)
    signed = await _fresh(tx, signed)
    kind, conversion = await _next(tx, signed, document)
    if (kind, conversion.id) != (following.kind, following.conversion.id):
        raise Busy(what=document.name)
    row = await tx.session.get(DocumentRow, (signed.id, document.filing.part, document.kind.value))
    assert row is not None
    row.state = DocumentState.SIGNED
    row.signed_object = event.object.model_dump(mode="json")
    row.signature_value = event.signature_value
    if kind is None:
        return
    part = WHOLE if kind is DocumentKind.REPORT else document.filing.part
    written = await tx.session.get(DocumentRow, (conversion.id, part, kind.value))
    if written is None:
        assert following.summary is not None
        assert stored is not None
        digest = following.summary.written.body_sha256
        written = document_row(conversion, part, kind, following.unique_id, stored=stored, body_sha256=digest)
        tx.session.add(written)
    if written.state == DocumentState.MADE:
        await announce(tx, conversion, written)


async def _next(tx: Transaction, signed: Conversion, document: Document) -> tuple[DocumentKind | None, Conversion]:
    """The kind that follows a signed document, and the conversion to which it belongs."""
    kind = AFTER_SIGNING[document.kind]
    if signed.state != State.MADE or kind is not DocumentKind.REPORT:
        return (kind if signed.state == State.MADE else None), signed
    month = await _month(tx, signed)
    if not month:  # withdrawn at this very moment
        return None, signed
    last = month[-1]
    is_whole = known_of(last).is_last and len(month) == last.slots
    unsigned = await tx.session.scalar(
        select(func.count())
        .select_from(Part)
        .outerjoin(
            DocumentRow,
            (DocumentRow.conversion_id == Part.conversion_id)
            & (DocumentRow.part == Part.part)
            & (DocumentRow.kind == DocumentKind.LEDGER_BERAT.value)
            & (DocumentRow.state == DocumentState.SIGNED),
        )
        .where(
            Part.conversion_id.in_([row.id for row in month]),
            Part.part != document.filing.part,
            DocumentRow.kind.is_(None),
        )
    )
    return (kind if is_whole and not unsigned else None), last


async def _report(tx: Transaction, signed: Conversion, last: Conversion) -> Next:
    """The report of a month: its numbers and words are those of its last conversion."""
    ids = [row.id for row in await _month(tx, last)]
    totals = Totals()
    for part in await tx.session.scalars(select(Part).where(Part.conversion_id.in_(ids)).order_by(Part.part)):
        totals.merge(totals_from_json(part.totals))
    known = known_of(last)
    assert known.end is not None
    kind = DocumentKind.REPORT
    month = Period.parse(last.period)
    number = unique_id(kind, month, known.end.report)
    name = DocumentName(tax_id(last.tenant), month, kind, branch=last.branch or None)
    heading = heading_of(last, Part(start_day=month.first, end_day=month.last))
    return Next(signed, kind, last, number, write_report(number, summary_id(name, last.revision), heading, totals))


async def _month(tx: Transaction, conversion: Conversion) -> Sequence[Conversion]:
    """What counts of a conversion's month, in order."""
    found = await tx.session.scalars(
        select(Conversion).where(*same_month(conversion), Conversion.state == State.MADE).order_by(Conversion.part)
    )
    return found.all()


async def _fresh(tx: Transaction, conversion: Conversion) -> Conversion:
    row = await tx.session.get(Conversion, conversion.id, populate_existing=True)
    assert row is not None
    return row

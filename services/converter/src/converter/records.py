"""Between the tables and the words of events and documents."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import select

from converter.models import HEAD_OFFICE, Conversion, DocumentRow, DocumentState, Part
from converter.writing.head import Heading
from defterhane.db import Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.period import Span
from defterhane.edefter.totals import AccountTotal, Totals
from defterhane.events import Document, DocumentWritten, Filing, ObjectRef
from defterhane.tenant import Tenant


def filing_of(conversion: Conversion) -> Filing:
    """The filing that a conversion is for."""
    return Filing(
        tenant=conversion.tenant,
        period=conversion.period,
        part=conversion.part,
        branch=conversion.branch or None,
    )


def heading_of(conversion: Conversion, part: Part) -> Heading:
    """What all documents of a part say, as it was fixed when the conversion began."""
    assert conversion.created_on is not None
    assert conversion.source_application is not None
    return Heading(
        tenant=Tenant.model_validate(conversion.master),
        branch=conversion.branch or None,
        span=Span(part.start_day, part.end_day),
        created=conversion.created_on,
        source_application=conversion.source_application,
    )


def totals_to_json(totals: Totals) -> dict[str, Any]:
    """Totals as they are kept."""
    return asdict(totals)


def totals_from_json(kept: dict[str, Any]) -> Totals:
    """Totals as they were kept."""
    accounts = {main_id: AccountTotal(**sums) for main_id, sums in kept["accounts"].items()}
    return Totals(kept["entries"], kept["lines"], accounts)


def document_of(conversion: Conversion, row: DocumentRow) -> Document:
    """A document as events name it."""
    filing = filing_of(conversion).model_copy(update={"part": row.part})
    return Document(filing=filing, kind=DocumentKind(row.kind), unique_id=row.unique_id, revision=conversion.revision)


def document_row(
    conversion: Conversion, part: str, kind: DocumentKind, unique_id: str, *, stored: ObjectRef, body_sha256: str
) -> DocumentRow:
    """The row of a document that has been made and stored."""
    return DocumentRow(
        conversion_id=conversion.id,
        part=part,
        kind=kind.value,
        tenant=conversion.tenant,
        unique_id=unique_id,
        object=stored.model_dump(mode="json"),
        body_sha256=body_sha256,
        state=DocumentState.MADE,
    )


async def announce(tx: Transaction, conversion: Conversion, row: DocumentRow) -> None:
    """Say that a document has been written: its turn has come."""
    row.state = DocumentState.WRITTEN
    await tx.publish(
        DocumentWritten(
            document=document_of(conversion, row),
            object=ObjectRef.model_validate(row.object),
            body_sha256=row.body_sha256,
            file_id=conversion.file_id,
        )
    )


async def find_conversion(tx: Transaction, document: Document) -> Conversion | None:
    """The conversion that made a document, of exactly its revision."""
    filing = document.filing
    found: Conversion | None = await tx.session.scalar(
        select(Conversion)
        .join(DocumentRow, DocumentRow.conversion_id == Conversion.id)
        .where(
            Conversion.tenant == filing.tenant,
            Conversion.branch == (filing.branch or HEAD_OFFICE),
            Conversion.period == filing.period,
            Conversion.revision == document.revision,
            DocumentRow.part == filing.part,
            DocumentRow.kind == document.kind.value,
            DocumentRow.unique_id == document.unique_id,
        )
        .limit(1)
    )
    return found

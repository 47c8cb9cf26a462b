"""What is known here of the documents beside one: read from the verdicts, and noted as the news comes.

A part's journal, ledger and berats are of one revision; the parts of a month may be of several (see the converter's
conversions), and a report is of them all. Which revisions count is told by what was withdrawn and what GİB has
approved. That news and the documents themselves come by different queues, so any of it may be late.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from defterhane.db import Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE, DocumentName
from defterhane.events import Document, DocumentSigned, Filing
from validator.agreement_parts import arranged, is_whole
from validator.models import RevisionRow, SignedBook, VerdictRow
from validator.summary import Summary


@dataclass(frozen=True, slots=True)
class Beside:
    """The documents that one is held against."""

    documents: tuple[Summary, ...] = ()
    late: bool = False
    """They are not all here, and what is missing is on its way."""
    unknown: bool = False
    """They are not all here, and will not be: they were not judged here, or before summaries were kept."""


async def beside(tx: Transaction, document: Document) -> Beside:
    """What one document is held against: a journal or ledger against the parts next to it and a ledger against its
    journal, a berat against its signed book, a report against the journals of its month."""
    match document.kind:
        case DocumentKind.JOURNAL:
            return Beside(await _next_to(tx, document))
        case DocumentKind.LEDGER:
            journal = await _judged(tx, document.name, DocumentKind.JOURNAL, document.revision)
            near = await _next_to(tx, document)
            return Beside(unknown=True) if journal is None else Beside((journal, *near))
        case DocumentKind.REPORT:
            return await _month(tx, document)
    book = await _judged(tx, document.name, document.kind.book, document.revision)
    if book is None:
        return Beside(unknown=True)
    name = str(replace(document.name, kind=document.kind.book))
    signed = await tx.session.get(SignedBook, (document.filing.tenant, name, document.revision))
    if signed is None:
        return Beside(late=True)
    return Beside((replace(book, size=signed.size, signature_value=signed.signature_value),))


async def note_signed(tx: Transaction, event: DocumentSigned) -> None:
    """Keep what a berat has to tell of a signed book."""
    document = event.document
    values = {
        "tenant": document.filing.tenant,
        "name": str(document.name),
        "revision": document.revision,
        "size": event.object.size,
        "signature_value": "".join(event.signature_value.split()),
    }
    await tx.session.execute(insert(SignedBook).values(values).on_conflict_do_nothing())


async def note_revision(tx: Transaction, filing: Filing, revision: int, *, said: str) -> None:
    """Keep that a revision of a month is `withdrawn`, or that GİB has `approved` any of it; in whatever order."""
    values = {"tenant": filing.tenant, "month_key": filing.month_key, "revision": revision}
    flags = {"withdrawn": said == "withdrawn", "approved": said == "approved"}
    await tx.session.execute(
        insert(RevisionRow)
        .values(**values, **flags)
        .on_conflict_do_update(index_elements=list(values), set_={said: True})
    )


async def _judged(tx: Transaction, name: DocumentName, kind: DocumentKind, revision: int) -> Summary | None:
    row = await tx.session.get(VerdictRow, (name.tax_id, str(replace(name, kind=kind)), revision))
    return None if row is None or not row.valid or row.summary is None else Summary.from_json(row.summary)


async def _next_to(tx: Transaction, document: Document) -> tuple[Summary, ...]:
    """The same book of the parts before and after, as far as the same conversion has made them and they are judged."""
    name, number = document.name, int(document.filing.part)
    if document.filing.part == WHOLE:
        return ()
    near = [replace(name, part=f"{other:06}") for other in (number - 1, number + 1) if other > 0]
    found = [await _judged(tx, other, document.kind, document.revision) for other in near]
    return tuple(summary for summary in found if summary is not None)


async def _month(tx: Transaction, report: Document) -> Beside:
    filing = report.filing
    gone = await tx.session.scalars(
        select(RevisionRow.revision).where(
            RevisionRow.tenant == filing.tenant,
            RevisionRow.month_key == filing.month_key,
            RevisionRow.withdrawn,
            ~RevisionRow.approved,
        )
    )
    journals = f"{filing.tenant}-{filing.month.compact}-{DocumentKind.JOURNAL}-"
    rows = await tx.session.scalars(
        select(VerdictRow).where(
            VerdictRow.tenant == filing.tenant,
            VerdictRow.month_key == filing.month_key,
            VerdictRow.valid,
            VerdictRow.name.startswith(journals),
        )
    )
    return _of_month(rows.all(), frozenset(gone), report.revision)


def _of_month(rows: Sequence[VerdictRow], gone: frozenset[int], revision: int) -> Beside:
    """The journals of a month that count, if they are all of it: each part once, all days, the report's own among
    them. A report is written after all of them have been judged: if they are not all of it, news is on its way."""
    told = [(row.revision, row.summary) for row in rows if row.revision not in gone]
    if not rows or any(summary is None for _, summary in told):
        return Beside(unknown=True)
    found = tuple(Summary.from_json(summary) for _, summary in told if summary is not None)
    parts = [part for books in arranged(found) for part in books.parts]
    is_clear = len(parts) == len(found) and any(one == revision for one, _ in told)
    return Beside(found) if is_clear and is_whole(parts) else Beside(late=True)

"""Makes a conversion true: in one transaction its documents count, and what they take the place of does not."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from converter.convert import ConversionOutcome, MadeDocument, MadePart
from converter.errors import Corrected, EarlierChanged, MonthUnusable
from converter.models import Conversion, DocumentRow, Part, State
from converter.months import known_of, numbers_json
from converter.order import Go, Known, outdated
from converter.records import announce, document_row, filing_of, totals_from_json, totals_to_json
from converter.registering import made_anew, take_over
from converter.telling import Told, told_from_json, told_to_json
from defterhane.db import Transaction
from defterhane.edefter.period import Span
from defterhane.edefter.totals import Totals
from defterhane.events import ConversionMade, ConversionWithdrawn, Days, ObjectRef


@dataclass(frozen=True, slots=True)
class Stored:
    """One part whose documents lie in the object store."""

    part: MadePart
    journal: ObjectRef
    ledger: ObjectRef


async def make_true(
    tx: Transaction,
    conversion: Conversion,
    go: Go,
    outcome: ConversionOutcome,
    stored: Sequence[Stored],
    told: Told,
    new_id: Callable[[], UUID],
) -> None:
    """Have a conversion's documents count. Its books must be locked, and `go` still be what may happen."""
    known = known_of(conversion)
    end = outcome.end.after_report() if known.is_last else outcome.end
    corrected = Corrected(period=conversion.period, file=conversion.name)
    for row in await rows_of(tx, go.replaced):
        await withdraw(tx, row, corrected)
    for row in await rows_of(tx, outdated(known, end, go.later)):
        await withdraw(tx, row, EarlierChanged(period=row.period, earlier=conversion.period))
        await tx.session.flush()
        tx.session.add(made_anew(row, new_id()))
    await tx.session.flush()
    conversion.state = State.MADE
    await take_over(tx, conversion)
    conversion.begin_numbers = numbers_json(go.start)
    conversion.end_numbers = numbers_json(end)
    conversion.told = told_to_json(told)
    for one in stored:
        await _add_part(tx, conversion, one)
    spans = {made.part: made.span for made in outcome.parts}
    await tx.publish(_made(conversion, spans, outcome.totals, told, conversion.revision))


async def rows_of(tx: Transaction, known: Iterable[Known]) -> list[Conversion]:
    """The rows of conversions, in their order."""
    ids = [one.id for one in known]
    if not ids:
        return []
    found = await tx.session.scalars(
        select(Conversion).where(Conversion.id.in_(ids)).order_by(Conversion.period, Conversion.part)
    )
    return list(found)


async def withdraw(tx: Transaction, row: Conversion, reason: MonthUnusable, state: State = State.WITHDRAWN) -> None:
    """Have a conversion's documents count no longer, and say so."""
    row.state = state
    parts = await tx.session.scalars(select(Part.part).where(Part.conversion_id == row.id).order_by(Part.part))
    await tx.publish(
        ConversionWithdrawn(
            filing=filing_of(row),
            file_id=row.file_id,
            name=row.name,
            revision=row.revision,
            parts=tuple(parts),
            reason=reason.problem,
        )
    )


async def tell_again(tx: Transaction, conversion: Conversion, made: Known) -> None:
    """Say of a file that what is in it has been made already, from another file of the same content."""
    (twin,) = await rows_of(tx, [made])
    conversion.state = State.REPLACED
    totals = Totals()
    spans = {}
    for part in await tx.session.scalars(select(Part).where(Part.conversion_id == twin.id).order_by(Part.part)):
        spans[part.part] = Span(part.start_day, part.end_day)
        totals.merge(totals_from_json(part.totals))
    await tx.publish(_made(conversion, spans, totals, told_from_json(twin.told), twin.revision))


async def _add_part(tx: Transaction, conversion: Conversion, stored: Stored) -> None:
    made = stored.part
    tx.session.add(
        Part(
            conversion_id=conversion.id,
            part=made.part,
            tenant=conversion.tenant,
            start_day=made.span.start,
            end_day=made.span.end,
            totals=totals_to_json(made.totals),
        )
    )
    journal = _row(conversion, made.journal, stored.journal)
    tx.session.add_all((journal, _row(conversion, made.ledger, stored.ledger)))
    await announce(tx, conversion, journal)


def _row(conversion: Conversion, made: MadeDocument, stored: ObjectRef) -> DocumentRow:
    digest = made.written.body_sha256
    return document_row(conversion, made.part, made.kind, made.unique_id, stored=stored, body_sha256=digest)


def _made(conversion: Conversion, spans: dict[str, Span], totals: Totals, told: Told, revision: int) -> ConversionMade:
    return ConversionMade(
        tenant=conversion.tenant,
        file_id=conversion.file_id,
        name=conversion.name,
        period=conversion.period,
        branch=conversion.branch or None,
        part=conversion.part,
        findings=told.findings,
        counts=told.counts,
        report=told.report,
        recognised=told.recognised,
        revision=revision,
        parts=tuple(spans),
        spans=tuple(Days(start=span.start, end=span.end) for span in spans.values()),
        entries=totals.entries,
        lines=totals.lines,
        total=sum(account.debit for account in totals.accounts.values()),
    )

"""What GİB says of berats: what is with it is not replaced, and what it has approved is final.

A conversion may have been withdrawn at the very moment at which one of its berats went to GİB. If that is approved all
the same, the conversion counts again, and what had taken its place does not.
"""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from converter.errors import AlreadyApproved, DocumentUnknown, EarlierChanged
from converter.making import made_anew, release, release_next, withdraw
from converter.models import SPENT, Conversion, DocumentRow, DocumentState, GibState, State
from converter.months import known_of, load_year, lock_year
from converter.order import OPEN, outdated
from converter.records import announce, find_conversion
from defterhane.db import Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from defterhane.edefter.sequence import AFTER_SIGNING
from defterhane.events import BeratApproved, BeratRefused, BeratSent

REJECTED: Final = "gib.rejected"
"""The key of a refusal after which GİB does not have the berat. After any other it may: a fault, a lost answer."""


async def take_note(
    tx: Transaction, event: BeratSent | BeratApproved | BeratRefused, new_id: Callable[[], UUID]
) -> None:
    """Keep what GİB says of a document, and let go on what has waited for it.

    Raises:
        DocumentUnknown: this service has not made the document.
    """
    document = event.document
    conversion = await find_conversion(tx, document)
    if conversion is None:
        raise DocumentUnknown(document=document.name, revision=document.revision)
    await lock_year(tx, conversion.tenant, conversion.branch, conversion.year_start)
    await tx.session.refresh(conversion)
    row = await tx.session.get(DocumentRow, (conversion.id, document.filing.part, document.kind.value))
    assert row is not None
    row.at_gib = _after(row.at_gib, event)
    year = await load_year(tx, conversion)
    if row.at_gib == GibState.APPROVED and conversion.state in SPENT:
        await _restore(tx, conversion, year, new_id)
    if not isinstance(event, BeratSent):
        for other in year:
            if other.period == conversion.period and other.state == State.QUEUED:
                await release(tx, other)


def _after(before: str | None, event: BeratSent | BeratApproved | BeratRefused) -> str | None:
    if isinstance(event, BeratApproved):
        return GibState.APPROVED
    if before == GibState.APPROVED:
        return before
    if isinstance(event, BeratSent):
        return GibState.SENT
    return GibState.REFUSED if before is None or event.problem.key == REJECTED else before


async def _restore(
    tx: Transaction, conversion: Conversion, year: Sequence[Conversion], new_id: Callable[[], UUID]
) -> None:
    """Have a conversion count again."""
    for other in reversed(year):  # so that no reader sees a later one alone for a moment
        if other.state == State.MADE and _have_days_in_common(conversion, other):
            await withdraw(tx, other, AlreadyApproved(period=conversion.period, file=conversion.name))
        elif other.file_id == conversion.file_id and other.state in OPEN:
            other.state = State.WITHDRAWN  # it was to be made anew
    await tx.session.flush()
    conversion.state = State.MADE
    known = known_of(conversion)
    assert known.end is not None
    later = [other for other in year if other.state == State.MADE and (other.period, other.part) > known.position]
    stale = {one.id for one in outdated(known, known.end, [known_of(other) for other in later])}
    for other in later:
        if other.id in stale:
            await withdraw(tx, other, EarlierChanged(period=other.period, earlier=conversion.period))
            await tx.session.flush()
            tx.session.add(made_anew(other, new_id(), tx))
    await tx.session.flush()
    await _take_up(tx, conversion)
    await release_next(tx, conversion)


async def _take_up(tx: Transaction, conversion: Conversion) -> None:
    """Write once more what was signed while the conversion did not count, so that what follows it is made."""
    rows = await tx.session.scalars(select(DocumentRow).where(DocumentRow.conversion_id == conversion.id))
    by_name = {(row.part, row.kind): row for row in rows}
    for (part, kind), row in by_name.items():
        following = AFTER_SIGNING[DocumentKind(kind)]
        if row.state != DocumentState.SIGNED or following is None:
            continue
        after = by_name.get((WHOLE if following is DocumentKind.REPORT else part, following.value))
        if after is None or after.state == DocumentState.MADE:
            await announce(tx, conversion, row)


def _have_days_in_common(one: Conversion, other: Conversion) -> bool:
    return one.period == other.period and (one.part == other.part or WHOLE in (one.part, other.part))

"""What GİB says of berats: what is with it is not replaced, and what it has approved is final.

A conversion may have been withdrawn at the very moment at which one of its berats went to GİB. If that is approved all
the same, the conversion counts again, and what had taken its place does not.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from converter.errors import AlreadyApproved, DocumentUnknown, EarlierChanged
from converter.making import withdraw
from converter.models import SPENT, Conversion, DocumentRow, DocumentState, GibState, State
from converter.months import known_of, load_year, lock_books, wake
from converter.order import OPEN, outdated
from converter.records import announce, find_conversion
from converter.registering import made_anew
from defterhane.db import Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from defterhane.edefter.sequence import AFTER_SIGNING
from defterhane.events import BeratApproved, BeratRefused, BeratSent
from defterhane.tenancy import get_tenant

REJECTED: Final = "gib.rejected"
"""The key of a refusal after which GİB does not have the berat. After any other it may: a fault, a lost answer."""


async def take_note(
    tx: Transaction,
    event: BeratSent | BeratApproved | BeratRefused,
    said: datetime,
    new_id: Callable[[], UUID],
) -> None:
    """Keep what GİB says of a document, and let go on what has waited for it.

    Args:
        tx: the transaction.
        event: what GİB says.
        said: when it became known: events may come in another order.
        new_id: makes the ids of conversions that are made anew.

    Raises:
        DocumentUnknown: this service has not made the document.
        UnknownTenant: there is no such tenant.
    """
    document = event.document
    conversion = await find_conversion(tx, document)
    if conversion is None:
        raise DocumentUnknown(document=document.name, revision=document.revision)
    await lock_books(tx, conversion.tenant, conversion.branch)
    await tx.session.refresh(conversion)
    row = await tx.session.get(DocumentRow, (conversion.id, document.filing.part, document.kind.value))
    assert row is not None
    _keep(row, event, said)
    tenant = await get_tenant(tx, conversion.tenant)
    if row.at_gib == GibState.APPROVED and conversion.state in SPENT:
        year = await load_year(tx, conversion, tenant)
        await _restore(tx, conversion, year.rows, new_id)
    await wake(tx, conversion, tenant)


def _keep(row: DocumentRow, event: BeratSent | BeratApproved | BeratRefused, said: datetime) -> None:
    is_late = row.at_gib_since is not None and said < row.at_gib_since
    if isinstance(event, BeratApproved):
        row.at_gib = GibState.APPROVED
    elif row.at_gib == GibState.APPROVED or is_late:
        return
    elif isinstance(event, BeratSent):
        row.at_gib = GibState.SENT
    elif row.at_gib is None or event.problem.key == REJECTED:
        row.at_gib = GibState.REFUSED
    row.at_gib_since = said


async def _restore(
    tx: Transaction, conversion: Conversion, year: Sequence[Conversion], new_id: Callable[[], UUID]
) -> None:
    """Have a conversion count again."""
    month = [other for other in year if other.period == conversion.period and other is not conversion]
    for other in reversed(month):  # so that no reader sees a later one alone for a moment
        if other.state == State.MADE and _have_days_in_common(conversion, other):
            await withdraw(tx, other, AlreadyApproved(period=conversion.period, file=conversion.name))
    _give_up(conversion, month)
    await tx.session.flush()
    conversion.state = State.MADE
    known = known_of(conversion)
    assert known.end is not None
    later = [other for other in year if other.state == State.MADE and (other.period, other.part) > known.position]
    stale = {one.id for one in outdated(known, known.end, [known_of(other) for other in later])}
    anew = [other for other in later if other.id in stale]
    for other in anew:
        await withdraw(tx, other, EarlierChanged(period=other.period, earlier=conversion.period))
    anew.extend(other for other in _left_out(conversion, month) if other not in anew)
    for other in anew:
        _give_up(other, year)
    await tx.session.flush()
    tx.session.add_all(made_anew(other, new_id()) for other in anew)
    await tx.session.flush()
    await _take_up(tx, conversion)


def _give_up(conversion: Conversion, others: Sequence[Conversion]) -> None:
    """Let go of all else that was to be made of a conversion's file: anew, or because somebody asked for it."""
    for other in others:
        if other is not conversion and other.file_id == conversion.file_id and other.state not in SPENT:
            other.state = State.WITHDRAWN


def _left_out(conversion: Conversion, month: Sequence[Conversion]) -> list[Conversion]:
    """The last conversions of the month's other stretches of days, where a file for the whole month had taken their
    place and does not count any more."""
    if conversion.part == WHOLE:
        return []
    spent = sorted((row for row in month if row.state in SPENT), key=lambda row: row.revision)
    last = {row.part: row for row in spent}
    cared_for = {row.part for row in month if row.state in OPEN | {State.MADE}} | {conversion.part, WHOLE}
    return [row for part, row in last.items() if part not in cared_for and row.state == State.WITHDRAWN]


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

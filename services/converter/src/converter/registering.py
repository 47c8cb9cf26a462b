"""Files that have come, in the database: one conversion of a file at a time, and the newest file for its days."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, update

from converter.models import HEAD_OFFICE, SPENT, Conversion, State
from converter.order import OPEN
from defterhane.db import Transaction
from defterhane.edefter.names import WHOLE
from defterhane.events import ConversionRequested, FileReceived, Filing
from defterhane.tenant import Gate

_WAITS: Final[dict[bool, tuple[State, ...]]] = {True: (State.HELD, State.EARLY), False: (State.QUEUED, State.EARLY)}
"""Which conversions a release lets go on: by a person at the gate, or by itself."""

_ASKED_ANEW: Final = (State.REPLACED, State.REFUSED, State.FAILED)
"""What begins once more where somebody asks for it."""

_STANDS: Final = (State.WAITING, State.HELD, State.QUEUED, State.EARLY, State.MADE)
"""What an older file that comes late does not take the place of."""


async def register(
    tx: Transaction, event: FileReceived | ConversionRequested, came: datetime, new_id: UUID
) -> Conversion:
    """The conversion of an event's file: the one that is known, or a new one. Its books must be locked.

    Where another file for the same days has come after this one and been delivered before it, this one is not waited
    for. Somebody who asks for a file whose documents count no longer gets a new conversion of it.

    Args:
        tx: the transaction.
        event: what says that it is wanted.
        came: when it did.
        new_id: of a new conversion.
    """
    asked_for = isinstance(event, ConversionRequested)
    known: Conversion | None = await tx.session.scalar(
        select(Conversion)
        .where(Conversion.tenant == event.tenant, Conversion.file_id == event.file_id)
        .order_by(Conversion.state.in_(SPENT), Conversion.revision.desc())
        .limit(1)
    )
    if known is not None and not (asked_for and known.state in (*_ASKED_ANEW, *SPENT)):
        return known
    conversion = known if known is not None and known.state in _ASKED_ANEW else _new(event, new_id)
    others = (*same_days(conversion), Conversion.id != conversion.id)
    newer = (*others, Conversion.registered_at > came, Conversion.state.in_(_STANDS))
    is_late = bool(await tx.session.scalar(select(exists().where(*newer))))
    conversion.state = State.REPLACED if is_late else State.WAITING
    conversion.registered_at = came
    conversion.revision = 0
    tx.session.add(conversion)
    await tx.session.flush()
    return conversion


async def waiting_for(tx: Transaction, filing: Filing, gate: Gate | None) -> Conversion | None:
    """The conversion of a filing that waits: at the gate, or (no gate) for something to come true; of two the newer."""
    found: Conversion | None = await tx.session.scalar(
        select(Conversion)
        .where(
            Conversion.tenant == filing.tenant,
            Conversion.branch == (filing.branch or HEAD_OFFICE),
            Conversion.period == filing.period,
            Conversion.part == filing.part,
            Conversion.state.in_(_WAITS[gate is not None]),
        )
        .order_by(Conversion.registered_at.desc())
        .limit(1)
    )
    return found


async def take_over(tx: Transaction, conversion: Conversion) -> None:
    """Wait no longer for older files for the days of a conversion that may be used for them, or has been made.

    Also once it has been made: what an older file had made may have been withdrawn, and queued anew, meanwhile.
    """
    older = (Conversion.registered_at <= conversion.registered_at, Conversion.id != conversion.id)
    await tx.session.execute(
        update(Conversion)
        .where(*same_days(conversion), *older, Conversion.state.in_(OPEN))
        .values(state=State.REPLACED)
    )


def made_anew(row: Conversion, new_id: UUID) -> Conversion:
    """A conversion of the same file that waits for its turn; no newer than the file is."""
    return Conversion(
        id=new_id,
        tenant=row.tenant,
        branch=row.branch,
        period=row.period,
        part=row.part,
        slots=row.slots,
        file_id=row.file_id,
        name=row.name,
        object=row.object,
        sha256=row.sha256,
        state=State.QUEUED,
        registered_at=row.registered_at,
        revision=0,
        begins=row.begins,
    )


def same_month(conversion: Conversion) -> tuple[ColumnElement[bool], ...]:
    """The conversions of a month."""
    return (
        Conversion.tenant == conversion.tenant,
        Conversion.branch == conversion.branch,
        Conversion.period == conversion.period,
    )


def same_days(conversion: Conversion) -> tuple[ColumnElement[bool], ...]:
    """The conversions that have days in common with one."""
    same = same_month(conversion)
    return same if conversion.part == WHOLE else (*same, Conversion.part.in_((conversion.part, WHOLE)))


def _new(event: FileReceived | ConversionRequested, new_id: UUID) -> Conversion:
    return Conversion(
        id=new_id,
        tenant=event.tenant,
        branch=event.branch or HEAD_OFFICE,
        period=event.period,
        part=event.part or WHOLE,
        slots=1,
        file_id=event.file_id,
        name=event.name,
        object=event.object.model_dump(mode="json"),
        sha256=event.object.sha256,
        begins=False,
    )

"""What an invalid document means for its month: the conversion is taken back, with its numbers where they are free."""

from sqlalchemy import delete, func, select, update

from converter.errors import DocumentUnknown
from converter.models import Conversion, DocumentRow, DocumentState, MonthNumbers, State
from converter.months import same_year
from converter.numbers import lock_year
from converter.records import find_conversion
from defterhane.db import Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.events import Document


async def reject(tx: Transaction, document: Document) -> State | None:
    """Take back the conversion that made an invalid document.

    Returns:
        How the conversion stands now; None where the document changes nothing, as its conversion has been taken back
        before, or its berats may be with GİB already.

    Raises:
        DocumentUnknown: this service has not made the document.
    """
    conversion = await find_conversion(tx, document)
    if conversion is None:
        raise DocumentUnknown(document=document.name, revision=document.revision)
    await lock_year(tx, conversion.tenant, conversion.branch, conversion.year_start)
    await tx.session.refresh(conversion, with_for_update=True)
    if conversion.state != State.MADE or await _may_be_at_gib(tx, conversion):
        return None
    conversion.state = State.PINNED
    await tx.session.flush()
    await _give_numbers_back(tx, conversion)
    await tx.session.refresh(conversion)
    return State(conversion.state)


async def _may_be_at_gib(tx: Transaction, conversion: Conversion) -> bool:
    """Whether both berats of a part have been signed: from then on they go to GİB, and what it approves is final."""
    signed = await tx.session.scalar(
        select(DocumentRow.part)
        .where(
            DocumentRow.conversion_id == conversion.id,
            DocumentRow.kind == DocumentKind.LEDGER_BERAT.value,
            DocumentRow.state == DocumentState.SIGNED,
        )
        .limit(1)
    )
    return signed is not None


async def _give_numbers_back(tx: Transaction, conversion: Conversion) -> None:
    """Free the numbers of every rejected month of the year on which no later month stands (any more)."""
    last = await tx.session.scalar(
        select(func.max(Conversion.period)).where(*same_year(conversion), Conversion.state == State.MADE)
    )
    freed = await tx.session.scalars(
        update(Conversion)
        .where(*same_year(conversion), Conversion.state == State.PINNED, Conversion.period > (last or ""))
        .values(state=State.REJECTED)
        .returning(Conversion.period)
        .execution_options(synchronize_session=False)
    )
    await tx.session.execute(
        delete(MonthNumbers).where(
            MonthNumbers.tenant == conversion.tenant,
            MonthNumbers.branch == conversion.branch,
            MonthNumbers.period.in_(set(freed)),
        )
    )

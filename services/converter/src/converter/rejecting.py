"""What an invalid document means for its month: its conversion counts no longer, and its numbers are free."""

from converter.errors import DocumentInvalid, DocumentUnknown
from converter.making import withdraw
from converter.models import State
from converter.months import knowledge, lock_year
from converter.order import AtGib
from converter.records import find_conversion
from defterhane.db import Transaction
from defterhane.events import Document


async def reject(tx: Transaction, document: Document) -> State | None:
    """Take back the conversion that made an invalid document.

    Later months stand on its numbers: they stay as they are, GİB gets none of their berats before this month's are
    approved, and they are made anew if the numbers then differ.

    Returns:
        How the conversion stands now; None where the document changes nothing: its conversion counts no longer
        already, or berats of it are with GİB.

    Raises:
        DocumentUnknown: this service has not made the document.
    """
    conversion = await find_conversion(tx, document)
    if conversion is None:
        raise DocumentUnknown(document=document.name, revision=document.revision)
    await lock_year(tx, conversion.tenant, conversion.branch, conversion.year_start)
    await tx.session.refresh(conversion)
    known = (await knowledge(tx, [conversion]))[conversion.id]
    if known.state is not State.MADE or known.at_gib is not AtGib.NO:
        return None
    reason = DocumentInvalid(document=document.name, period=conversion.period)
    await withdraw(tx, conversion, reason, State.REJECTED)
    return State.REJECTED

"""What an invalid document means for its month: its conversion counts no longer, and its numbers are free."""

from converter.errors import DocumentInvalid, DocumentUnknown
from converter.making import withdraw
from converter.models import State
from converter.months import knowledge, lock_books, wake
from converter.order import AtGib
from converter.records import find_conversion
from defterhane.db import Transaction
from defterhane.events import Document
from defterhane.tenancy import get_tenant


async def reject(tx: Transaction, document: Document) -> State | None:
    """Take back the conversion that made an invalid document.

    Later months stand on its numbers: they stay as they are, GİB gets none of their berats before this month's are
    approved, and they are made anew if the numbers then differ.

    Returns:
        How the conversion stands now; None where the document changes nothing: its conversion counts no longer
        already, or berats of it are with GİB.

    Raises:
        DocumentUnknown: this service has not made the document.
        UnknownTenant: there is no such tenant.
    """
    conversion = await find_conversion(tx, document)
    if conversion is None:
        raise DocumentUnknown(document=document.name, revision=document.revision)
    await lock_books(tx, conversion.tenant, conversion.branch)
    await tx.session.refresh(conversion)
    known = (await knowledge(tx, [conversion]))[conversion.id]
    if known.state is not State.MADE or known.at_gib is not AtGib.NO:
        return None
    reason = DocumentInvalid(document=document.name, period=conversion.period)
    await withdraw(tx, conversion, reason, State.REJECTED)
    await wake(tx, conversion, await get_tenant(tx, conversion.tenant))
    return State.REJECTED

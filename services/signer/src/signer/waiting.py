"""What waits: documents at the gate, documents that were refused, and the releases that let them go on."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from defterhane.db import Transaction
from defterhane.errors import Problem
from defterhane.events import Document, FilingHeld, ObjectRef, SignatureRefused
from signer.errors import AT_GATE, UNSIGNED
from signer.models import PendingRow, ReleaseRow
from signer.signing import Order


async def lock_month(tx: Transaction, month_key: str) -> None:
    """Until the transaction's end nobody else holds or releases anything of that month."""
    await tx.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"signer/{month_key}"}
    )


async def is_released(tx: Transaction, document: Document) -> bool:
    """Whether a person has let the month of that revision be signed."""
    last = await tx.session.scalar(
        select(func.max(ReleaseRow.revision)).where(
            ReleaseRow.tenant == document.filing.tenant, ReleaseRow.month_key == document.filing.month_key
        )
    )
    return last is not None and document.revision <= last


async def hold(tx: Transaction, order: Order) -> None:
    """Let a document wait at the gate; people are told once per filing and revision."""
    filing = order.document.filing
    waiting = await tx.session.scalar(
        select(PendingRow.name)
        .where(
            PendingRow.tenant == filing.tenant,
            PendingRow.filing_key == filing.key,
            PendingRow.revision == order.document.revision,
            PendingRow.refusal.is_(None),
        )
        .limit(1)
    )
    await _put(tx, order, None)
    if waiting is None:
        await tx.publish(FilingHeld(filing=filing, gate="sign", reason=AT_GATE))


async def refuse(tx: Transaction, order: Order, problem: Problem) -> None:
    """Let a refused document wait until somebody has it tried again; the gate `sign` is where they do."""
    filing = order.document.filing
    await _put(tx, order, problem.key)
    await tx.publish(SignatureRefused(tenant=filing.tenant, document=order.document, problem=problem))
    await tx.publish(FilingHeld(filing=filing, gate="sign", reason=UNSIGNED))


async def forget(tx: Transaction, order: Order) -> None:
    """A document has been signed: neither it nor what it replaces waits any more."""
    await tx.session.execute(
        delete(PendingRow).where(
            PendingRow.tenant == order.tenant,
            PendingRow.name == str(order.document.name),
            PendingRow.revision <= order.document.revision,
        )
    )


async def release(tx: Transaction, tenant: str, month_key: str, by: str) -> list[Order]:
    """Remember that what waits of a month, and what comes of the same revision, may be signed; returns what waits."""
    orders = orders_of(
        (
            await tx.session.scalars(
                select(PendingRow)
                .where(PendingRow.tenant == tenant, PendingRow.month_key == month_key)
                .order_by(PendingRow.since, PendingRow.name)
            )
        ).all()
    )
    if orders:
        values = {
            "tenant": tenant,
            "month_key": month_key,
            "revision": max(order.document.revision for order in orders),
            "by": by,
            "at": tx.now(),
        }
        await tx.session.execute(insert(ReleaseRow).values(**values).on_conflict_do_nothing())
    return orders


async def refused_of(tx: Transaction) -> list[Order]:
    """All refused documents that the transaction may see, the oldest first."""
    rows = await tx.session.scalars(
        select(PendingRow).where(PendingRow.refusal.is_not(None)).order_by(PendingRow.since, PendingRow.name)
    )
    return orders_of(rows.all())


def orders_of(rows: Sequence[PendingRow]) -> list[Order]:
    """Rows as orders."""
    return [
        Order(Document.model_validate(row.document), ObjectRef.model_validate(row.object), row.body_sha256)
        for row in rows
    ]


async def _put(tx: Transaction, order: Order, refusal: str | None) -> None:
    filing = order.document.filing
    await tx.session.execute(
        delete(PendingRow).where(
            PendingRow.tenant == filing.tenant,
            PendingRow.name == str(order.document.name),
            PendingRow.revision <= order.document.revision,
        )
    )
    tx.session.add(
        PendingRow(
            tenant=filing.tenant,
            name=str(order.document.name),
            revision=order.document.revision,
            month_key=filing.month_key,
            filing_key=filing.key,
            body_sha256=order.body_sha256,
            document=order.document.model_dump(mode="json"),
            object=order.object.model_dump(mode="json"),
            refusal=refusal,
            since=tx.now(),
        )
    )
    await tx.session.flush()

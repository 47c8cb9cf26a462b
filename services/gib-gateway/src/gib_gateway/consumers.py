"""What the gateway does with the events it gets."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from defterhane.db.database import Database, Transaction
from defterhane.events.models import (
    ConversionWithdrawn,
    DocumentSigned,
    FilingReleased,
    SignatureMade,
    SignatureRefused,
)
from defterhane.service import Received
from defterhane.work import once
from gib_gateway import records
from gib_gateway.calls import Calls
from gib_gateway.models import Ledger, Submission, Withdrawal
from gib_gateway.states import State

DOCUMENTS: Final = "gib_gateway.documents"
RELEASES: Final = "gib_gateway.releases"
WITHDRAWALS: Final = "gib_gateway.withdrawals"


class Consumers:
    """The handlers, with what they need."""

    def __init__(self, database: Database, calls: Calls, new_id: Callable[[], UUID]) -> None:
        self._database = database
        self._calls = calls
        self._new_id = new_id

    async def documents(self, received: Received) -> None:
        """Collect signed documents: ledgers are noted, berats and reports wait for their turn."""
        signed = received.event
        assert isinstance(signed, DocumentSigned)
        async with once(self._database, DOCUMENTS, received) as tx:
            if tx is None:
                return
            filing = signed.document.filing
            branch = filing.branch or ""
            await records.lock_branch(tx, filing.tenant, branch)
            if signed.document.kind.is_ledger:
                await _note_ledger(tx, signed)
            else:
                await _collect(tx, signed, self._new_id())
                await records.settle(tx, filing.tenant, branch, filing.period)
            await records.wake(tx, filing.tenant, branch)

    async def signatures(self, received: Received) -> None:
        """A message has been signed, or the signer will not."""
        event = received.event
        if isinstance(event, SignatureMade):
            await self._calls.make(received, event)
        elif isinstance(event, SignatureRefused) and event.request_id is not None:
            await self._calls.refuse(received, event.request_id, event.problem)

    async def releases(self, received: Received) -> None:
        """A person lets a filing go to GİB, for the first time or again."""
        event = received.event
        assert isinstance(event, FilingReleased)
        if event.gate != "submit":
            return
        async with once(self._database, RELEASES, received) as tx:
            if tx is not None:
                await _release(tx, event)

    async def withdrawals(self, received: Received) -> None:
        """A conversion does not count any more: what GİB does not have of it is taken out, now and when it comes."""
        event = received.event
        assert isinstance(event, ConversionWithdrawn)
        async with once(self._database, WITHDRAWALS, received) as tx:
            if tx is not None:
                await _withdraw(tx, event)


async def _note_ledger(tx: Transaction, signed: DocumentSigned) -> None:
    values = {**_key(signed), "signature_value": signed.signature_value}
    values["object"] = signed.object.model_dump(mode="json")
    await tx.session.execute(insert(Ledger).values(**values).on_conflict_do_nothing())


async def _collect(tx: Transaction, signed: DocumentSigned, new_id: UUID) -> None:
    now = tx.now()
    values = {
        **_key(signed),
        "id": new_id,
        "unique_id": signed.document.unique_id,
        "signature_value": signed.signature_value,
        "object": signed.object.model_dump(mode="json"),
        "state": State.WAITING.value,
        "turn": 0,
        "failures": 0,
        "polls": 0,
        "announced": False,
        "next_at": now,
        "created_at": now,
        "changed_at": now,
    }
    await tx.session.execute(insert(Submission).values(**values).on_conflict_do_nothing())


async def _withdraw(tx: Transaction, withdrawn: ConversionWithdrawn) -> None:
    filing = withdrawn.filing
    branch = filing.branch or ""
    await records.lock_branch(tx, filing.tenant, branch)
    values = {
        "tenant": filing.tenant,
        "branch": branch,
        "period": filing.period,
        "revision": withdrawn.revision,
        "told_at": tx.now(),
    }
    await tx.session.execute(insert(Withdrawal).values(**values).on_conflict_do_nothing())
    await records.settle(tx, filing.tenant, branch, filing.period)
    await records.wake(tx, filing.tenant, branch)


async def _release(tx: Transaction, released: FilingReleased) -> None:
    filing = released.filing
    branch = filing.branch or ""
    await records.lock_branch(tx, filing.tenant, branch)
    rows = [
        row
        for row in await records.rows_of_month(tx, filing.tenant, branch, filing.period)
        if row.part == filing.part and row.state != State.SUPERSEDED
    ]
    for row in rows[:1]:
        hold = await records.hold_of(tx, row)
        hold.released_revision = hold.gate_revision  # a newer one has not been looked at
    for row in rows:
        if row.state == State.REFUSED and row.resume is not None:
            await _resume(tx, row)
    await records.wake(tx, filing.tenant, branch)


async def _resume(tx: Transaction, row: Submission) -> None:
    """Let a refused document try again where it stopped; what has to be sent takes its place in the order anew."""
    assert row.resume is not None
    state = State(row.resume)
    row.go(State.WAITING if state is State.SENDING else state, tx.now(), tx.now())
    row.turn += 1
    row.failures = row.polls = 0
    row.announced = row.announced and state is not State.SENDING
    row.problem = row.resume = None


def _key(signed: DocumentSigned) -> dict[str, object]:
    filing = signed.document.filing
    return {
        "tenant": filing.tenant,
        "branch": filing.branch or "",
        "period": filing.period,
        "part": filing.part,
        "kind": signed.document.kind.value,
        "revision": signed.document.revision,
    }

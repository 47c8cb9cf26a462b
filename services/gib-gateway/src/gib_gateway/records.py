"""Reading and writing the gateway's rows. Every function works inside a transaction that its caller holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, not_, or_, select, text, true, update
from sqlalchemy.dialects.postgresql import insert

from defterhane.db.database import Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.errors import Problem
from defterhane.events.models import FilingHeld, FilingReleased
from defterhane.soap.names import Operation
from gib_gateway.models import Exchange, Hold, Ledger, Message, Submission, Withdrawal
from gib_gateway.order import Filed, Month, becomes
from gib_gateway.states import State

NEVER_LEFT: Final = "notsent"
"""How the outcome of a call begins for which no connection was made."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A submission that somebody has taken up; `turn` is the fence against whoever comes too late."""

    id: UUID
    tenant: str
    turn: int


async def claim_due(tx: Transaction, *, until: datetime, limit: int, only_waiting: bool) -> list[Claim]:
    """Take up what is due, the longest due first; it is due again at `until`, should whoever took it up die.

    With `only_waiting`, nothing for which GİB would have to be called.
    """
    due = (
        select(Submission.id)
        .where(Submission.next_at <= tx.now(), Submission.state == State.WAITING if only_waiting else true())
        .order_by(Submission.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = await tx.session.execute(
        update(Submission)
        .where(Submission.id.in_(select(due.c.id)))
        .values(next_at=until, turn=Submission.turn + 1)
        .returning(Submission.id, Submission.tenant, Submission.turn)
        .execution_options(synchronize_session=False)
    )
    return [Claim(*row) for row in taken]


async def lock_branch(tx: Transaction, tenant: str, branch: str) -> None:
    """Let one transaction at a time move a branch's months: who waits for what is judged on settled facts."""
    await tx.session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"gib_gateway/{tenant}/{branch}"}
    )


async def take(tx: Transaction, claim: Claim) -> Submission | None:
    """The submission of a claim, its branch locked; None where somebody else has taken it up meanwhile."""
    found = await tx.session.get(Submission, claim.id)
    if found is None:
        return None
    await lock_branch(tx, found.tenant, found.branch)
    await tx.session.refresh(found)
    return found if found.turn == claim.turn else None


async def month_of(tx: Transaction, tenant: str, branch: str, period: str) -> Month:
    """What is known of a month of a branch."""
    rows = await rows_of_month(tx, tenant, branch, period)
    ledgers = await tx.session.execute(
        select(Ledger.revision, Ledger.part).where(
            Ledger.tenant == tenant, Ledger.branch == branch, Ledger.period == period
        )
    )
    told = await tx.session.scalars(
        select(Withdrawal.revision).where(
            Withdrawal.tenant == tenant, Withdrawal.branch == branch, Withdrawal.period == period
        )
    )
    return Month(
        tuple(filed(row) for row in rows), frozenset((revision, part) for revision, part in ledgers), frozenset(told)
    )


async def rows_of_month(tx: Transaction, tenant: str, branch: str, period: str) -> list[Submission]:
    """The submissions of a month and branch."""
    found = await tx.session.scalars(
        select(Submission).where(Submission.tenant == tenant, Submission.branch == branch, Submission.period == period)
    )
    return list(found)


def filed(row: Submission) -> Filed:
    """A submission as the order sees it."""
    resume = State(row.resume) if row.resume is not None else None
    return Filed(DocumentKind(row.kind), row.part, row.revision, State(row.state), row.announced, resume)


async def settle(tx: Transaction, tenant: str, branch: str, period: str) -> None:
    """Take out what does not count any more in a month, and bring back what counts again."""
    month = await month_of(tx, tenant, branch, period)
    rows = await rows_of_month(tx, tenant, branch, period)
    taken_out = []
    for row in rows:
        state = becomes(filed(row), month)
        if state is None:
            continue
        row.turn += 1  # whoever has taken it up comes too late
        row.go(state, None, tx.now())
        if state is State.SUPERSEDED:
            await drop_message(tx, row.id)
            taken_out.append(row)
        else:
            row.failures = row.polls = 0
            row.announced = False
    in_use = {(row.part, row.revision) for row in rows if row.state != State.SUPERSEDED}
    for row in taken_out:
        hold = await _known_hold(tx, row)
        if hold is not None and hold.gate_revision == row.revision:
            hold.gate_revision = hold.released_revision  # should it come back, people are asked anew
        if hold is not None and hold.told_revision == row.revision and (row.part, row.revision) not in in_use:
            await untell(tx, row)


async def wake(tx: Transaction, tenant: str, branch: str) -> None:
    """Have everything that waits in a branch looked at again."""
    await tx.session.flush()
    await tx.session.execute(
        update(Submission)
        .where(Submission.tenant == tenant, Submission.branch == branch, Submission.state == State.WAITING)
        .values(next_at=tx.now())
        .execution_options(synchronize_session="fetch")
    )


async def ledger_of(tx: Transaction, one: Submission) -> Ledger | None:
    """The ledger of which a berat speaks, in the same revision."""
    book = DocumentKind(one.kind).book
    return await tx.session.get(Ledger, (one.tenant, one.branch, one.period, one.part, str(book), one.revision))


async def hold_of(tx: Transaction, one: Submission) -> Hold:
    """What a submission's filing waits for."""
    nothing = {"gate_revision": 0, "released_revision": 0, "told_revision": 0}
    await tx.session.execute(insert(Hold).values(**_hold_key(one), **nothing).on_conflict_do_nothing())
    found = await _known_hold(tx, one)
    assert found is not None
    return found


async def _known_hold(tx: Transaction, one: Submission) -> Hold | None:
    return await tx.session.get(Hold, _hold_key(one))


def _hold_key(one: Submission) -> dict[str, str]:
    return {"tenant": one.tenant, "branch": one.branch, "period": one.period, "part": one.part}


async def tell(tx: Transaction, one: Submission, problem: Problem) -> None:
    """Tell people, once, what a filing waits for; it goes on by itself."""
    hold = await hold_of(tx, one)
    one.problem = problem.model_dump(mode="json")
    hold.told_revision = one.revision
    if hold.waits_for is None or hold.waits_for["key"] != problem.key:
        hold.waits_for = problem.model_dump(mode="json")
        await tx.publish(FilingHeld(filing=one.filing, gate=None, reason=problem))


async def untell(tx: Transaction, one: Submission) -> None:
    """Tell people that what a filing waited for has come true, if they had been told, of this revision or an older."""
    one.problem = None
    hold = await _known_hold(tx, one)
    if hold is not None and hold.waits_for is not None and hold.told_revision <= one.revision:
        hold.waits_for = None
        await tx.publish(FilingReleased(filing=one.filing, gate=None, by="system"))


async def drop_message(tx: Transaction, submission: UUID) -> bool:
    """Forget a submission's message that waits for its signature; True where there was one."""
    dropped = await tx.session.execute(
        delete(Message).where(Message.submission_id == submission).returning(Message.submission_id)
    )
    return dropped.first() is not None


async def attempts(tx: Transaction, submission: UUID, operation: Operation) -> int:
    """How many calls of an operation there have been for a submission."""
    found = await tx.session.scalar(
        select(func.count()).where(Exchange.submission_id == submission, Exchange.operation == operation)
    )
    return found or 0


async def was_sent(tx: Transaction, submission: UUID, sha256: str, *, but: UUID) -> bool:
    """Whether a call other than `but` has carried this very package, or may have."""
    found = await tx.session.scalar(
        select(Exchange.id)
        .where(
            Exchange.submission_id == submission,
            Exchange.operation == Operation.SEND,
            Exchange.package_sha256 == sha256,
            Exchange.id != but,
            or_(Exchange.outcome.is_(None), not_(Exchange.outcome.startswith(NEVER_LEFT))),
        )
        .limit(1)
    )
    return found is not None

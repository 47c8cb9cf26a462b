"""What follows from an answer is done here: rows and events, in one transaction that the caller holds."""

from datetime import timedelta
from uuid import UUID

from defterhane.db.database import Transaction
from defterhane.events.models import BeratApproved, BeratRefused, BeratSent, ObjectRef, ReportAccepted
from gib_gateway import records
from gib_gateway.answers import Answer, Faulted, Given, Lost, NotSent, Queued, Told
from gib_gateway.decisions import Decision
from gib_gateway.models import Exchange, Submission
from gib_gateway.states import AT_GIB, State


async def keep(
    tx: Transaction, exchange_id: UUID, answer: Answer, status: int | None, response: ObjectRef | None
) -> None:
    """Keep a call's answer with the call."""
    exchange = await tx.session.get(Exchange, exchange_id)
    assert exchange is not None
    exchange.outcome = f"{label(answer)}: {_details(answer)}".removesuffix(": ")
    exchange.http_status = status
    exchange.response = response.model_dump(mode="json") if response is not None else None
    exchange.ended_at = tx.now()


async def apply(tx: Transaction, one: Submission, decision: Decision, approved: ObjectRef | None) -> None:
    """Do what has been decided, and say so."""
    now = tx.now()
    wait = decision.wait
    one.go(decision.state, None if wait is None else now + timedelta(seconds=wait), now)
    one.failures, one.polls = decision.failures, decision.polls
    one.last_code, one.last_text = decision.code, decision.text
    one.resume = decision.resume
    if decision.tell is not None:
        await records.tell(tx, one, decision.tell)
    elif decision.failures == 0:
        await records.untell(tx, one)
    if decision.announce is not None:
        one.announced = True
        await tx.publish(BeratSent(document=one.document, package=one.package, answer=decision.announce))
    if decision.refuse is not None:
        one.problem = decision.refuse.model_dump(mode="json")
        await tx.publish(
            BeratRefused(document=one.document, code=decision.code, problem=decision.refuse, rules=decision.rules)
        )
    if approved is not None:
        one.approved = approved.model_dump(mode="json")
        await tx.publish(BeratApproved(document=one.document, object=approved))
    if decision.accept is not None:
        await tx.publish(ReportAccepted(document=one.document, answer=decision.accept))
    if decision.state not in AT_GIB:  # if its revision is withdrawn, that decides what counts
        await records.settle(tx, one.tenant, one.branch, one.period)
    if decision.announce is not None or decision.wait is None or one.state == State.SUPERSEDED:
        await records.wake(tx, one.tenant, one.branch)


def label(answer: Answer) -> str:
    """An answer in a word or two: `queued`, `fault 304`, `lost`."""
    if isinstance(answer, Faulted):
        return f"fault {answer.code or '?'}"
    return records.NEVER_LEFT if isinstance(answer, NotSent) else type(answer).__name__.lower()


def _details(answer: Answer) -> str:
    match answer:
        case Lost(why) | NotSent(why):
            return why
        case Queued(text) | Faulted(_, text):
            return text
        case Told():
            return f"{answer.code} {answer.text}".strip()
        case Given():
            return answer.name

"""What follows from an answer of GİB's. Pure: the whole of the fault table's behaviour is here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, assert_never

from defterhane.edefter.kinds import DocumentKind
from defterhane.errors import Problem
from defterhane.soap.faults import FAULTS, Action
from defterhane.soap.names import Operation
from gib_gateway.answers import Answer, Faulted, Given, Lost, NotSent, Queued, Told
from gib_gateway.errors import NotConnected, Unanswered, UnclearFault, UnknownState, fault_problem, words
from gib_gateway.patience import Patience
from gib_gateway.rejections import REJECTION, rejection
from gib_gateway.settings import Standing
from gib_gateway.states import State

_LOST_AFTER: Final = 3
"""GİB has confirmed a package and does not know it any more: after so many such answers it is sent again."""

_IN: Final = {Operation.SEND: State.SENDING, Operation.STATUS: State.ASKING, Operation.RECEIVE: State.RECEIVING}


@dataclass(frozen=True, slots=True)
class Situation:
    """A call that has been made, and what had happened before it."""

    operation: Operation
    kind: DocumentKind
    package: str
    """paketID."""
    announced: bool = False
    """GİB is known to have it, or to have had it."""
    sent_before: bool = False
    """An earlier message carried the very same package."""
    failures: int = 0
    polls: int = 0

    @property
    def state(self) -> State:
        """The state in which this operation is due."""
        return _IN[self.operation]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a document."""

    state: State
    wait: float | None
    """Seconds until the next step; None where there is none."""
    failures: int
    polls: int
    announce: str | None = None
    """GİB has it; these are its words."""
    accept: str | None = None
    """The report is accepted; GİB's words."""
    refuse: Problem | None = None
    rules: tuple[str, ...] = ()
    """The authority's rules that a refusal quotes."""
    resume: State | None = None
    """Where a refused one goes on when a person lets it."""
    tell: Problem | None = None
    """What people should know; trying goes on."""
    code: str | None = None
    text: str | None = None
    """What GİB said."""


def decide(now: Situation, answer: Answer, codes: Mapping[str, Standing], patience: Patience) -> Decision:
    """What follows from an answer. A `Given` berat has been examined and believed already."""
    match answer:
        case NotSent(why):
            return _again(now, now.state, NotConnected(why=why).problem, patience)
        case Lost(why):
            # Whether a sent package has arrived is not known: ask first.
            state = State.ASKING if now.operation is Operation.SEND else now.state
            return _again(now, state, Unanswered(why=why).problem, patience)
        case Faulted(code, text):
            return replace(_faulted(now, code, text, patience), code=code, text=text)
        case Queued(text):
            return _queued(now, text, patience)
        case Told():
            return _told(now, answer, codes, patience)
        case Given():
            return Decision(State.APPROVED, None, 0, now.polls)
        case _:
            assert_never(answer)


def not_believed(now: Situation, problem: Problem) -> Decision:
    """What follows where the berat that GİB gave is not what it should be."""
    return Decision(State.REFUSED, None, 0, now.polls, refuse=problem, resume=State.RECEIVING)


def standing_of(code: str, text: str, codes: Mapping[str, Standing]) -> Standing | None:
    """What a durum means: its text where it is the documented rejection, else its code; None = unknown."""
    if REJECTION.search(text):
        return Standing.REJECTED
    return codes.get(code)


def _queued(now: Situation, text: str, patience: Patience) -> Decision:
    announce = None if now.announced else text
    return Decision(State.ASKING, patience.poll(0), 0, 0, announce=announce, text=text)


def _told(  # noqa: PLR0911 — one for each state of a package
    now: Situation, told: Told, codes: Mapping[str, Standing], patience: Patience
) -> Decision:
    if told.package.removesuffix(".zip") not in ("", now.package):
        return _again(now, State.ASKING, Unanswered(why=f"durum: {words(told.package)}").problem, patience)
    polls = now.polls + 1
    announce = None if now.announced else told.text
    asked = Decision(
        State.ASKING, patience.poll(now.polls), 0, polls, announce=announce, code=told.code, text=words(told.text)
    )
    match standing_of(told.code, told.text, codes):
        case Standing.REJECTED:
            said = rejection(told.text, now.kind)
            refused = replace(asked, state=State.REFUSED, wait=None, resume=State.SENDING)
            return replace(refused, refuse=said.problem, rules=said.rules)
        case Standing.APPROVED if now.kind is DocumentKind.REPORT:
            return replace(asked, state=State.APPROVED, wait=None, accept=words(told.text))
        case Standing.APPROVED:
            return replace(asked, state=State.RECEIVING, wait=0)
        case Standing.WAITING:
            return asked
        case None if now.kind is DocumentKind.REPORT:
            problem = UnknownState(code=told.code or "—", words=words(told.text)).problem
            return replace(asked, tell=problem)
        case None:  # whether it can be fetched tells as much as a code
            return replace(asked, state=State.RECEIVING, wait=0)


def _faulted(  # noqa: PLR0911 — one for each action of the table
    now: Situation, code: str | None, text: str, patience: Patience
) -> Decision:
    fault = FAULTS.get(code or "")
    problem = fault_problem(fault, text) if fault else UnclearFault(words=words(text)).problem
    action = fault.action if fault else None
    refused = Decision(State.REFUSED, None, 0, now.polls, refuse=problem, resume=now.state)
    if action is Action.STOP:
        return refused
    if action is Action.RETRY:
        return _again(now, now.state, problem, patience)
    if action is Action.HOLD:
        return replace(_again(now, now.state, problem, patience), wait=patience.hold, tell=problem)
    if action is Action.POLL and now.operation is Operation.RECEIVE:
        return Decision(State.ASKING, patience.poll(now.polls), 0, now.polls + 1)
    if action is Action.RESEND and now.operation is Operation.STATUS:
        if now.announced and now.failures + 1 < _LOST_AFTER:
            return _again(now, State.ASKING, problem, patience)
        return Decision(State.SENDING, 0, now.failures, now.polls)
    if action is Action.OURS and now.operation is Operation.SEND:
        return _queued(now, text, patience) if now.sent_before else refused
    # Undocumented, or with the wrong operation: GİB may have acted on it.
    state = State.ASKING if now.operation is Operation.SEND else now.state
    return _again(now, state, problem, patience)


def _again(now: Situation, state: State, problem: Problem, patience: Patience) -> Decision:
    failures = now.failures + 1
    tell = problem if failures >= patience.tell_after else None
    return Decision(state, patience.retry(now.failures), failures, now.polls, tell=tell, text=problem.text.en)

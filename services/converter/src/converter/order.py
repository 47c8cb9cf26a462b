"""What may happen to a month, or a part of it, now: convert it, let it wait, or refuse the file. Pure.

A fiscal year of one branch is a row of *slots* in the order of days: a whole month (`000000`), or the stretches of days
that its tenant has cut it into (`000001`…). Numbers run on from slot to slot, so a slot is converted once the one
before it has been. What has been made may be made anew from another file until GİB has approved a berat of it:

| of what would be replaced | the new file |
|---|---|
| nothing is with GİB | is converted, and takes its place |
| a berat is with GİB, undecided | waits for GİB's decision |
| a berat is approved | is refused: what is approved is final |

Later slots that stand on numbers which have changed, and later slots of the same month (the report tells their
totals together), are made anew by themselves from their own files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias
from uuid import UUID

from converter.errors import (
    AlreadyApproved,
    AtConvertGate,
    BeforeOpening,
    BeratAtGib,
    EarlierMissing,
    EarlierMonthOpen,
    LaterMonthConverted,
    MonthIsWhole,
    MonthUnusable,
    PartUnknown,
)
from converter.models import State
from defterhane.edefter.counters import Counters
from defterhane.edefter.names import WHOLE
from defterhane.edefter.period import Period
from defterhane.tenant import Gate, Opening


class AtGib(IntEnum):
    """How far the berats of a conversion have come: the furthest of them."""

    NO = 0
    SENT = 1
    """At least one is with GİB, undecided."""
    APPROVED = 2


@dataclass(frozen=True, slots=True)
class Known:
    """A conversion, as far as the order is concerned."""

    id: UUID
    period: str
    part: str
    """The slot: as in the drop's name."""
    slots: int
    """How many stretches of days the month has; 1 where it is whole."""
    state: State
    sha256: str
    name: str
    begins: bool = False
    """A person has said that the books begin with it."""
    at_gib: AtGib = AtGib.NO
    begin: Counters | None = None
    """The numbers that it goes on from, where it has been made."""
    end: Counters | None = None
    parts: int = 0
    """So many parts were made of it."""

    @property
    def position(self) -> tuple[str, str]:
        """Its place in the fiscal year."""
        return self.period, self.part

    @property
    def is_first(self) -> bool:
        """Whether its month begins with it."""
        return self.part == WHOLE or int(self.part) == 1

    @property
    def is_last(self) -> bool:
        """Whether its month ends with it: then the report follows."""
        return self.part == WHOLE or int(self.part) == self.slots


@dataclass(frozen=True, slots=True)
class Nothing:
    """Another file has come in its place, or it has been made once and counts no longer; or it counts."""


@dataclass(frozen=True, slots=True)
class Same:
    """The same days have been made from this very content."""

    made: Known


@dataclass(frozen=True, slots=True)
class Refuse:
    """The file cannot be used for its month."""

    error: MonthUnusable


@dataclass(frozen=True, slots=True)
class Wait:
    """At a gate for a person, or (no gate) for something to come true."""

    state: State
    gate: Gate | None
    reason: MonthUnusable


@dataclass(frozen=True, slots=True)
class Go:
    """Convert, with numbers that go on from these."""

    start: Counters
    first_part: int
    """The number of the first part made of it; 0 = it is the whole month."""
    replaced: tuple[Known, ...]
    """What it takes the place of."""
    later: tuple[Known, ...]
    """What has been made of later slots."""


Decision: TypeAlias = Nothing | Same | Refuse | Wait | Go

OPEN = frozenset({State.WAITING, State.HELD, State.QUEUED, State.EARLY, State.FAILED})
"""What is still to be converted, or waits for a better file."""

UNDECIDED = OPEN | {State.REFUSED}
"""What may be converted yet: what could not be used for its month may be asked for again."""

_KNOWN = OPEN | {State.REJECTED, State.WITHDRAWN}
"""What shows that a slot's file has come, though nothing counts of it now."""


def decide(one: Known, others: Sequence[Known], *, opening: Opening | None, first_period: str, gated: bool) -> Decision:
    """What may happen to a conversion now.

    Args:
        one: the conversion.
        others: all others of its branch and fiscal year.
        opening: where the branch's books begin here, if they do so within the fiscal year.
        first_period: the first month of the fiscal year.
        gated: a person has to release it first.
    """
    made = sorted((other for other in others if other.state is State.MADE), key=lambda known: known.position)
    same_month = [other for other in made if other.period == one.period]
    if one.state not in UNDECIDED:
        return Nothing()
    twin = next((other for other in same_month if (other.part, other.sha256) == (one.part, one.sha256)), None)
    if twin is not None:
        return Same(twin)
    replaced = tuple(other for other in same_month if one.part in (other.part, WHOLE))
    later = tuple(other for other in made if other.position > one.position and other not in replaced)
    refusal = _refusal(one, same_month, replaced, later, opening)
    if refusal is not None:
        return Refuse(refusal)
    before = [other for other in made if other.position < one.position and other not in replaced]
    start = _must_wait(one, replaced, gated=gated) or _start(
        one, before[-1] if before else None, others, opening, first_period
    )
    if isinstance(start, Wait):
        return start
    earlier_parts = sum(other.parts for other in before if other.period == one.period)
    return Go(start, 0 if one.part == WHOLE else earlier_parts + 1, replaced, later)


def outdated(one: Known, end: Counters, later: Sequence[Known]) -> tuple[Known, ...]:
    """Which of what has been made of later slots has to be made anew, where `one` has used numbers up to `end`."""
    same_month = tuple(other for other in later if other.period == one.period)
    if same_month or not one.is_last:
        return same_month
    return tuple(later) if later and later[0].begin != end else ()


def is_same(one: Decision, other: Decision) -> bool:
    """Whether two decisions come to the same, and for the same reason."""
    match one, other:
        case Refuse(reason), Refuse(again):
            return reason.problem == again.problem
        case Wait(state, gate, reason), Wait(state_again, gate_again, again):
            return (state, gate, reason.problem) == (state_again, gate_again, again.problem)
    return one == other


def _refusal(
    one: Known,
    same_month: Sequence[Known],
    replaced: Sequence[Known],
    later: Sequence[Known],
    opening: Opening | None,
) -> MonthUnusable | None:
    period = one.period
    if one.part != WHOLE:
        if int(one.part) > one.slots or one.slots == 1:
            return PartUnknown(period=period, part=one.part, parts=one.slots if one.slots > 1 else 0)
        if any(other.part == WHOLE for other in same_month):
            return MonthIsWhole(period=period, file=same_month[0].name)
    approved = next((other for other in replaced if other.at_gib is AtGib.APPROVED), None)
    if approved is not None:
        return AlreadyApproved(period=period, file=approved.name)
    sent = next((other for other in later if other.at_gib is not AtGib.NO), None)
    if sent is not None:
        return LaterMonthConverted(period=_shown(one), later=_shown(sent))
    if opening is not None and period < opening.period:
        return BeforeOpening(period=period, opening=opening.period)
    return None


def _must_wait(one: Known, replaced: Sequence[Known], *, gated: bool) -> Wait | None:
    if gated:  # first: who waits for GİB goes on by itself
        return Wait(State.HELD, "convert", AtConvertGate(period=one.period))
    if any(other.at_gib is AtGib.SENT for other in replaced):
        return Wait(State.QUEUED, None, BeratAtGib(period=one.period))
    return None


def _start(
    one: Known, before: Known | None, others: Sequence[Known], opening: Opening | None, first_period: str
) -> Counters | Wait:
    """The numbers from which it goes on; or what it waits for."""
    if one.is_first and opening is not None and opening.period == one.period:
        return opening.counters
    if one.is_first and one.period == first_period:
        return Counters()
    if before is not None and _follows(one, before):
        assert before.end is not None
        return before.end
    between = [other for other in others if other.state in _KNOWN and _is_between(before, other, one)]
    if between:
        earlier = min(between, key=lambda known: known.position)
        return Wait(State.QUEUED, None, EarlierMonthOpen(period=_shown(one), earlier=_shown(earlier)))
    if one.begins and one.is_first:
        return before.end if before is not None and before.end is not None else Counters()
    return _missing(one)


def _is_between(before: Known | None, other: Known, one: Known) -> bool:
    if other.position >= one.position or (other.period == one.period and other.part == WHOLE):
        return False
    if before is None:
        return True
    return other.position > before.position and not (before.is_last and other.period == before.period)


def _missing(one: Known) -> Wait:
    if one.is_first:
        earlier = str(Period.parse(one.period).previous)
        return Wait(State.EARLY, "convert", EarlierMissing(period=one.period, earlier=earlier))
    earlier = f"{one.period} / {int(one.part) - 1:06}"
    return Wait(State.QUEUED, None, EarlierMonthOpen(period=_shown(one), earlier=earlier))


def _follows(one: Known, before: Known) -> bool:
    if one.period == before.period:
        return int(one.part) == int(before.part) + 1
    return one.is_first and before.is_last and Period.parse(one.period).previous == Period.parse(before.period)


def _shown(one: Known) -> str:
    return one.period if one.part == WHOLE else f"{one.period} / {one.part}"

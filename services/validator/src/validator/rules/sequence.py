"""Rules over the order of entries and lines, kept while the document streams by, in bounded memory.

GİB's own sequence tests ask whether *some* later entry or line follows on, so 1, 2, 2, 3 passes them. They are kept
here word for word, and beside them the strict duty: +1 each.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from validator.amounts import Number

_SPOTS: Final = 10_000
"""So many unanswered numbers are remembered with the place where they stand."""
_NUMBERS: Final = 500_000
"""So many are remembered at all; what comes beyond counts as unanswered: the strict duty is broken as often."""
_LONGEST: Final = 1000
"""So much of a date is looked at."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the document, for a finding that is made later."""

    line: int | None
    value: str
    entry: str | None = None
    voucher: str | None = None
    account: str | None = None

    def with_value(self, value: str) -> "Spot":
        """The same place, with another value."""
        return replace(self, value=value)


class SomeLaterFollows:
    """`following::…/number = number + 1`: for each number some later one is one more, unless none comes at all.

    Who waits for an answer is known by its turn: the first to wait has turn 0.
    """

    def __init__(self) -> None:
        self._waiting: dict[Number, list[tuple[int, Spot]]] = {}
        self._failed: list[tuple[int, Spot]] = []
        self.turn = 0
        """The turn of whoever waits next."""
        self._count = 0
        self._last: int | None = None  # the turn of the last, as long as nothing has come after it

    def answer(self, number: Number, before: int | None = None) -> None:
        """A later number has come; with `before`, later only than those whose turn was before that."""
        if self._last is not None and (before is None or self._last < before):
            self._last = None
        found = self._waiting.pop(number, None)
        if found is None:
            return
        self._count -= len(found)
        if before is not None and (stays := [one for one in found if one[0] >= before]):
            self._waiting[number] = stays
            self._count += len(stays)

    def stop(self) -> None:
        """Something has come that GİB's test stops at: none of those who wait gets an answer."""
        self._last = None
        for spots in self._waiting.values():
            self._fail(spots)
        self._waiting.clear()
        self._count = 0

    def wait(self, number: Number | None, spot: Spot) -> None:
        """A number waits for the next one; None where there is no number, and so no answer to it."""
        turn = self._last = self.turn
        self.turn += 1
        if number is None:
            self._fail([(turn, spot)])
        elif self._count < _NUMBERS:
            known = spot if self._count < _SPOTS else Spot(None, spot.value)
            self._waiting.setdefault(number + 1, []).append((turn, known))
            self._count += 1
        else:
            self._fail([(turn, spot)])

    def see(self, number: Number, spot: Spot) -> None:
        """A later number has come, and waits in its turn."""
        self.answer(number)
        self.wait(number, spot)

    def ran(self, first: int, last: int, spot: Spot) -> None:
        """All whole numbers from `first` to `last` have come in order; `spot` is the last one's."""
        self._last = None
        if len(self._waiting) < last - first:
            answered = [number for number in self._waiting if first <= number <= last and number == int(number)]
        else:
            answered = [number for number in range(first, last + 1) if number in self._waiting]
        for number in answered:
            self._count -= len(self._waiting.pop(number))
        self.turn += last - first
        self.wait(last, spot)

    def unanswered(self) -> Iterator[Spot]:
        """At the end: what nothing has followed on, but for the last, after which nothing comes."""
        waiting = (one for spots in self._waiting.values() for one in spots)
        for turn, spot in (*self._failed, *waiting):
            if turn != self._last:
                yield spot

    def _fail(self, spots: list[tuple[int, Spot]]) -> None:
        """Beyond so many, one more tells nothing; the last stays, since it may be the one to be let off."""
        self._failed.extend(spots[: max(_SPOTS - len(self._failed), 0)])


class SomeLaterNotBefore:
    """`following::…/date >= date`: for each date some later one is not before it, unless none comes at all."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, Spot]] = []  # dates fall strictly: what is answered leaves at the end
        self._last_is_last = False

    def answer(self, date: str) -> None:
        """A later date has come, as it stands there: dates compare as strings."""
        self._last_is_last = False
        while self._waiting and self._waiting[-1][0] <= date:
            self._waiting.pop()

    def wait(self, date: str, spot: Spot) -> None:
        """A date waits for one that is not before it."""
        self._last_is_last = len(self._waiting) < _SPOTS
        if self._last_is_last:
            self._waiting.append((date[:_LONGEST], spot))

    def see(self, date: str, spot: Spot) -> None:
        """A later date has come, and waits in its turn."""
        self.answer(date)
        self.wait(date, spot)

    def unanswered(self) -> Iterator[Spot]:
        """At the end: the dates that all later ones are before."""
        yield from (spot for _, spot in (self._waiting[:-1] if self._last_is_last else self._waiting))


class PlusOne:
    """Our strict duty: each number is one more than the number before it. Where it starts may be given."""

    def __init__(self, first: int | None = None) -> None:
        self._previous: Number | None = first - 1 if first is not None else None

    @property
    def next(self) -> int | None:
        """What has to come; None where anything may, or nothing can be told."""
        previous = self._previous
        return previous + 1 if isinstance(previous, int) else None

    def expected(self, number: Number | None) -> str | None:
        """What had to stand where the number is wrong; None where it is right."""
        previous = self._previous
        if number is not None:
            self._previous = number
            if previous is None:
                return None
        wanted = previous + 1 if previous is not None else 1
        return None if number == wanted else f"{wanted:.0f}" if wanted == wanted // 1 else str(wanted)

    def ran(self, last: int) -> None:
        """Numbers have come that were right, up to this one."""
        self._previous = last


class NeverFalls:
    """Our strict duty: no value is less than the one before it."""

    def __init__(self) -> None:
        self.last: str | None = None
        """The value that came last."""

    def expected(self, value: str) -> str | None:
        """The value before, where this one is less than it; else None."""
        previous, self.last = self.last, value
        return previous if previous is not None and value < previous else None

"""Rules over the order of entries and lines, kept while the document streams by, in bounded memory.

GİB's own sequence tests ask whether *some* later entry or line follows on, so 1, 2, 2, 3 passes them. They are kept
here word for word, and beside them the strict duty: +1 each.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from validator.amounts import plus

_ONE: Final = Decimal(1)
_WAITING: Final = 10_000
"""So many unanswered numbers are remembered; a document with more is wrong by the strict duty anyway."""


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
    """`following::…/number = number + 1`: for each number some later one is one more, unless none comes at all."""

    def __init__(self) -> None:
        self._waiting: dict[Decimal, list[Spot]] = {}
        self._never: list[Spot] = []  # not a number: nothing follows on
        self._last: Spot | None = None
        self._count = 0

    def see(self, number: Decimal | None, spot: Spot) -> None:
        """The next number in the document; None where the text is none."""
        if number is not None:
            self._count -= len(self._waiting.pop(number, ()))
        self._last = spot
        if self._count >= _WAITING:
            return
        self._count += 1
        if number is None:
            self._never.append(spot)
        else:
            self._waiting.setdefault(plus(number, _ONE), []).append(spot)

    def unanswered(self) -> Iterator[Spot]:
        """At the end: what nothing has followed on, but for the last, after which nothing comes."""
        spots = [*self._never, *(spot for spots in self._waiting.values() for spot in spots)]
        yield from (spot for spot in spots if spot is not self._last)


class SomeLaterNotBefore:
    """`following::…/date >= date`: for each date some later one is not before it, unless none comes at all."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, Spot]] = []  # dates fall strictly: what is answered leaves at the end

    def see(self, date: str, spot: Spot) -> None:
        """The next date in the document, as it stands there: dates compare as strings."""
        while self._waiting and self._waiting[-1][0] <= date:
            self._waiting.pop()
        if len(self._waiting) < _WAITING:
            self._waiting.append((date, spot))

    def unanswered(self) -> Iterator[Spot]:
        """At the end: the dates that all later ones are before."""
        yield from (spot for _, spot in self._waiting[:-1])


class PlusOne:
    """Our strict duty: each number is one more than the number before it. Where it starts may be given."""

    def __init__(self, first: int | None = None) -> None:
        self._previous = Decimal(first - 1) if first is not None else None

    def expected(self, number: Decimal | None) -> str | None:
        """What had to stand where the number is wrong; None where it is right."""
        previous = self._previous
        if number is not None:
            self._previous = number
            if previous is None:
                return None
        wanted = plus(previous, _ONE) if previous is not None else _ONE
        return None if number == wanted else f"{wanted:f}"


class NeverFalls:
    """Our strict duty: no value is less than the one before it."""

    def __init__(self) -> None:
        self._previous: str | None = None

    def expected(self, value: str) -> str | None:
        """The value before, where this one is less than it; else None."""
        previous, self._previous = self._previous, value
        return previous if previous is not None and value < previous else None

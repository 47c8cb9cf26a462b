"""Releases: what people, or what has come true, let go on."""

from collections.abc import Iterable

from defterhane.tenant import Gate
from portal.facts import HoldFacts, Mark, Said, newest


class Releases:
    """When what was released last. Conversions and signatures are released by the month, submissions by the part."""

    def __init__(self, holds: Iterable[HoldFacts]) -> None:
        self._newest: dict[tuple[Gate | None, str], Mark] = {}
        for hold in holds:
            place = hold.gate, _scope(hold.gate, hold.part)
            latest = newest(self._newest.get(place), hold.marks.get(Said.RELEASED))
            if latest is not None:
                self._newest[place] = latest

    def newest(self, gate: Gate | None, part: str) -> Mark | None:
        """The newest release of a gate that concerns a part."""
        return self._newest.get((gate, _scope(gate, part)))


def _scope(gate: Gate | None, part: str) -> str:
    return "" if gate in ("convert", "sign") else part

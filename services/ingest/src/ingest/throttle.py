"""Counts failures by key and says who has to wait. Pure; bounded in memory."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_REMEMBERED = 10_000


@dataclass(slots=True)
class _Failures:
    since: float
    count: int


class Throttle:
    """So many failures within so many seconds block a key until that time is over."""

    def __init__(self, allowed: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._allowed = allowed
        self._seconds = seconds
        self._clock = clock
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def is_blocked(self, key: str) -> bool:
        """Whether a key has to wait. With `allowed` 0 nobody ever has."""
        found = self._current(key)
        return found is not None and 0 < self._allowed <= found.count

    def failed(self, key: str) -> None:
        """Count a failure."""
        found = self._current(key)
        if found is None:
            self._failures[key] = _Failures(self._clock(), 1)
            if len(self._failures) > _REMEMBERED:
                self._failures.popitem(last=False)
        else:
            found.count += 1
            self._failures.move_to_end(key)

    def succeeded(self, key: str) -> None:
        """Forget a key's failures."""
        self._failures.pop(key, None)

    def _current(self, key: str) -> _Failures | None:
        found = self._failures.get(key)
        if found is not None and self._clock() - found.since >= self._seconds:
            del self._failures[key]
            return None
        return found

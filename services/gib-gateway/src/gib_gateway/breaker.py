"""A circuit breaker: while GİB is away, one call at a time finds out whether it is back."""

from datetime import datetime, timedelta

_MOST_DOUBLINGS = 16


class Breaker:
    """Opens after so many calls in a row without an answer; after a pause it lets one call through.

    Not shared between processes: each learns for itself.
    """

    def __init__(self, *, failures: int, pause: timedelta, longest: timedelta) -> None:
        self._threshold = failures
        self._pause = pause
        self._longest = longest
        self._failures = 0
        self._until: datetime | None = None

    @property
    def is_open(self) -> bool:
        """True while GİB is thought to be away."""
        return self._until is not None

    def blocked_until(self, now: datetime) -> datetime | None:
        """None where a call may be made now; else when to try again."""
        return self._until if self._until is not None and now < self._until else None

    def called(self, now: datetime) -> None:
        """A call is being made; while open, no other is until its outcome is known or the pause is over."""
        if self._until is not None:
            self._until = now + self._length()

    def answered(self) -> None:
        """GİB has answered, whatever it said."""
        self._failures = 0
        self._until = None

    def failed(self, now: datetime) -> None:
        """A call has had no answer."""
        self._failures += 1
        if self._failures >= self._threshold:
            self._until = now + self._length()

    def _length(self) -> timedelta:
        doublings = min(max(self._failures - self._threshold, 0), _MOST_DOUBLINGS)
        return min(self._pause * (1 << doublings), self._longest)

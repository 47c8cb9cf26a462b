"""What a carrier does, and how long a failed delivery waits."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from defterhane.events.envelope import Envelope
from defterhane.settings import Settings


@dataclass(frozen=True, slots=True)
class Delivery:
    """An envelope as it reaches a queue's reader; `attempt` is 1 the first time."""

    envelope: Envelope
    attempt: int


class Verdict(Enum):
    """What is to become of a delivery."""

    DONE = "done"
    LATER = "later"
    """Try again, however often."""
    FAILED = "failed"
    """Try again, but not for ever: then it goes to the dead letters."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, with the reason where it is not DONE (no secrets: an error's class and key)."""

    verdict: Verdict
    reason: str = ""


DONE = Outcome(Verdict.DONE)

Reader = Callable[[Delivery], Awaitable[Outcome]]


@dataclass(frozen=True, slots=True)
class Patience:
    """How failures are waited out."""

    seconds: tuple[float, ...]
    max_attempts: int

    @classmethod
    def of(cls, settings: Settings) -> "Patience":
        """As the settings say."""
        return cls(settings.retry_seconds, settings.max_attempts)

    def delay(self, attempt: int) -> float:
        """Seconds to wait after the `attempt`-th attempt has failed."""
        return self.seconds[min(attempt, len(self.seconds)) - 1]

    def is_over(self, failures: int) -> bool:
        """Whether a delivery that has FAILED so often goes to the dead letters. LATER does not count."""
        return failures >= self.max_attempts


class Bus(Protocol):
    """A carrier of events. Delivery is at least once; in one queue with one reader, and while nothing fails, in the
    order of publishing."""

    async def start(self) -> None:
        """Connect, and make sure that all queues of the topology are there."""

    async def publish(self, envelopes: Sequence[Envelope]) -> None:
        """Put envelopes into the queues that want them; returns once they are safe there.

        Raises:
            OSError, TryLater: the carrier is away; any of the envelopes may have arrived.
        """

    async def read(self, queue: str, reader: Reader, concurrency: int) -> None:
        """Start giving a queue's deliveries to `reader`, at most so many at a time."""

    async def drain(self) -> None:
        """Take no more deliveries, and wait for those being handled."""

    async def close(self) -> None:
        """Disconnect."""

    async def check(self) -> None:
        """Return if the carrier can be reached.

        Raises:
            OSError, TryLater: it cannot.
        """

    async def replay(self, queue: str) -> int:
        """Give a queue's dead letters to it again; returns how many there were."""

    async def waiting(self, queue: str) -> int:
        """How many deliveries a queue holds that are ready or waiting for another attempt, without dead letters."""

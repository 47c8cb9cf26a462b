"""How long to wait for what. Seconds; pure."""

from dataclasses import dataclass
from typing import Final

from gib_gateway.settings import GatewaySettings

_POLL_GROWTH: Final = 1.5
_RETRY_GROWTH: Final = 2.0
_LONGEST_LADDER: Final = 40


@dataclass(frozen=True, slots=True)
class Patience:
    """The gateway's waiting times."""

    poll_first: float
    poll_longest: float
    retry_first: float
    retry_longest: float
    hold: float
    signature_first: float
    tell_after: int

    @classmethod
    def of(cls, settings: GatewaySettings) -> "Patience":
        """As the settings say."""
        return cls(
            settings.gib_poll_seconds,
            settings.gib_poll_longest,
            settings.gib_retry_seconds,
            settings.gib_retry_longest,
            settings.gib_hold_seconds,
            settings.gib_signature_seconds,
            settings.gib_tell_after,
        )

    def poll(self, polls: int) -> float:
        """Until the next question for a package's state, after so many."""
        return _grown(self.poll_first, self.poll_longest, _POLL_GROWTH, polls)

    def retry(self, failures: int) -> float:
        """Until the next try, after so many failures in a row before this one."""
        return _grown(self.retry_first, self.retry_longest, _RETRY_GROWTH, failures)

    def signature(self, failures: int) -> float:
        """For a signer to answer."""
        return _grown(self.signature_first, max(self.retry_longest, self.signature_first), _RETRY_GROWTH, failures)


def _grown(first: float, longest: float, growth: float, steps: int) -> float:
    return float(min(first * growth ** min(steps, _LONGEST_LADDER), max(longest, first)))

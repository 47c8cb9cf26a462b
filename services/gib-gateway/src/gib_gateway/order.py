"""Which document may go to GİB now, and what the others wait for. Pure.

A part's journal berat goes first, then its ledger berat; then the next part's; the report goes last. Within a month
the next goes as soon as the one before it is queued at GİB (GİB judges in order of receipt, and a deadline is met by
sending); a month goes once the berats of the month before are approved, for what is approved is final.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from defterhane.edefter.sequence import SENDING
from gib_gateway.states import AT_GIB, REPLACEABLE, State

BERATS: Final = tuple(kind for kind in SENDING if kind.is_berat)
"""In the order of sending."""


class Wait(StrEnum):
    """What a document waits for."""

    FINAL = "final"
    """Nothing: one of its name has been approved, and is final."""
    SIBLING = "sibling"
    """The part's other berat, or the ledgers, are not signed yet."""
    OLDER = "older"
    """An earlier revision of it is with GİB."""
    BEFORE = "before"
    """What goes before it in the month has not been sent."""
    MONTH_BEFORE = "month_before"
    """The month before is not approved."""


@dataclass(frozen=True, slots=True)
class Filed:
    """One revision of one document of a month."""

    kind: DocumentKind
    part: str
    revision: int
    state: State
    announced: bool
    """It is with GİB, or has been."""

    @property
    def is_sent(self) -> bool:
        """GİB has queued it, and has not refused it."""
        return self.state is State.APPROVED or (self.announced and self.state in AT_GIB)


def what_it_waits_for(one: Filed, month: Sequence[Filed], before: "Before") -> Wait | None:
    """What stops a document from going to GİB; None = it may go.

    Args:
        one: the document.
        month: all documents of its month and branch, in all revisions, itself among them.
        before: the month before.
    """
    older = [other for other in month if _is_older(other, one)]
    if any(other.state is State.APPROVED for other in older):
        return Wait.FINAL
    here = {(item.kind, item.part, item.revision) for item in month}
    if one.kind.is_berat and not all((kind, one.part, one.revision) in here for kind in BERATS):
        return Wait.SIBLING
    if any(other.state in AT_GIB for other in older):
        return Wait.OLDER
    first = _what_goes_before(one, month)
    sent = {(item.kind, item.part) for item in month if item.is_sent}
    if first is None or not first <= sent:
        return Wait.BEFORE
    return None if before.is_approved else Wait.MONTH_BEFORE


@dataclass(frozen=True, slots=True)
class Before:
    """What is known here of the month before."""

    filed: tuple[Filed, ...]
    has_ledgers: bool
    """Ledgers of it have been signed here."""

    @property
    def is_approved(self) -> bool:
        """All its berats are approved, and its report says that there are no more; or nothing is known of it."""
        if not self.filed and not self.has_ledgers:
            return True
        names = {(item.kind, item.part) for item in self.filed if item.state is not State.SUPERSEDED}
        approved = {(item.kind, item.part) for item in self.filed if item.state is State.APPROVED}
        has_report = any(kind is DocumentKind.REPORT for kind, _ in names)
        return has_report and all(name in approved for name in names if name[0].is_berat)


def is_superseded(other: Filed, new: Filed) -> bool:
    """Whether a newer revision takes a document's place: only where that is not with GİB, and not approved.

    A report that tells the old totals must not go either.
    """
    if other.state not in REPLACEABLE or other.revision >= new.revision:
        return False
    return _is_older(other, new) or (other.kind is DocumentKind.REPORT and new.kind.is_berat)


def _is_older(other: Filed, one: Filed) -> bool:
    """Whether `other` is an earlier revision of the same; or of the same month cut otherwise, for `000000` and
    `000001`… never live in one month."""
    if other.revision >= one.revision:
        return False
    if other.kind.is_berat and one.kind.is_berat and (other.part == WHOLE) != (one.part == WHOLE):
        return True
    return (other.kind, other.part) == (one.kind, one.part)


def _what_goes_before(one: Filed, month: Sequence[Filed]) -> set[tuple[DocumentKind, str]] | None:
    """The names of the berats that must be with GİB before a document; None where they cannot be told yet."""
    if one.kind.is_berat:
        parts = _parts_until(int(one.part) - 1)
    else:
        known = {item.part for item in month if item.kind.is_berat and item.state is not State.SUPERSEDED}
        if not known:
            return None
        parts = known | _parts_until(max(int(part) for part in known))
    first = {(kind, part) for part in parts for kind in BERATS}
    return first | {(BERATS[0], one.part)} if one.kind is BERATS[1] else first


def _parts_until(last: int) -> set[str]:
    return {f"{number:06}" for number in range(1, last + 1)}

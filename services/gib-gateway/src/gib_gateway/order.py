"""Which document may go to GİB now, what the others wait for, and what no longer counts. Pure.

A part's journal berat goes first, then its ledger berat; then the next part's; the report goes last. Within a month
the next goes as soon as the one before it is queued at GİB (GİB judges in order of receipt, and a deadline is met by
sending); a month goes once the berats of the month before are approved, for what is approved is final.

Conversions of a month are numbered; each makes some of its parts, so that the parts of one month may be of different
revisions, and the report is of the newest, which made the last part. A revision counts until it is withdrawn, and for
good once GİB has approved any of it. What becomes of a withdrawn revision's documents:

| document | becomes |
|---|---|
| GİB does not have it: waiting, to be sent, refused | superseded; so is what comes of that revision later |
| GİB has it, or may have it | its fate is awaited, and all newer revisions of the month with it |
| … and refuses it, or has never got it | superseded; newer revisions go on |
| … and approves it | final: the revision counts again, what had been superseded of it waits for its turn |

What a document of a revision that counts waits for, the first that fits:

| what is known of its month | it waits for |
|---|---|
| the other berat of its part and revision is not here | `SIBLING` |
| a document of an older, withdrawn revision is with GİB | `OLDER` |
| its revision, or one before it, is one of two rivals, and not the one that GİB has approved any of | `RIVAL` |
| it is the report, and a newer revision counts | `RIVAL` |
| a berat of an earlier part, or its own part's journal berat, is not with GİB | `BEFORE` |
| it is the report, and a berat of any part is not with GİB, or no part of its own revision is known | `BEFORE` |
| the month before is not approved | `MONTH_BEFORE` |

Rivals are two revisions that count and cannot both do so: they have a part in common, or one of them is a whole month
and the other in parts. One of them is, or will be, withdrawn, and the news of it is on its way.

Whether the month before is approved:

| what is known of the month before | approved |
|---|---|
| nothing: no document, no withdrawal | yes: the books here begin with the later month |
| all revisions are withdrawn: they are yet to be made anew | no |
| a withdrawn revision is with GİB | no |
| ledgers, or berats on their way | no |
| berats that count are all approved, but there is no report that counts: more parts may follow | no |
| there is such a report, and both berats of every part are approved | yes |
| … of a revision that was withdrawn, and approved all the same | yes |
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from defterhane.edefter.sequence import SENDING
from gib_gateway.states import AT_GIB, State

BERATS: Final = tuple(kind for kind in SENDING if kind.is_berat)
"""In the order of sending."""


class Wait(StrEnum):
    """What a document waits for."""

    SIBLING = "sibling"
    """The part's other berat is not signed yet."""
    OLDER = "older"
    """A withdrawn revision is with GİB: its fate decides which one counts."""
    RIVAL = "rival"
    """Of two revisions that cannot both count, none has been withdrawn yet."""
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
    resume: State | None = None
    """Of a refused one: where it goes on when a person lets it."""

    @property
    def is_at_gib(self) -> bool:
        """GİB has it or may have it, and may have approved it."""
        return self.state in AT_GIB or (self.state is State.REFUSED and self.resume in AT_GIB)

    @property
    def is_sent(self) -> bool:
        """GİB has queued it, and has not refused it."""
        return self.state is State.APPROVED or (self.announced and self.state in AT_GIB)


@dataclass(frozen=True, slots=True)
class Month:
    """What is known of one month of one branch."""

    filed: tuple[Filed, ...] = ()
    """Its berats and reports, in all revisions."""
    ledgers: frozenset[tuple[int, str]] = frozenset()
    """(revision, part) of its signed ledgers."""
    told: frozenset[int] = frozenset()
    """Revisions of which it has been said that they are withdrawn."""

    @property
    def final(self) -> frozenset[int]:
        """Revisions of which GİB has approved any document."""
        return frozenset(item.revision for item in self.filed if item.state is State.APPROVED)

    @property
    def withdrawn(self) -> frozenset[int]:
        """Revisions that do not count."""
        return self.told - self.final

    @property
    def live(self) -> tuple[Filed, ...]:
        """The documents that count."""
        withdrawn = self.withdrawn
        return tuple(item for item in self.filed if item.revision not in withdrawn)

    @property
    def parts(self) -> dict[int, set[str]]:
        """The parts that are known of each revision that counts."""
        known = self.ledgers | {(item.revision, item.part) for item in self.filed if item.kind.is_berat}
        withdrawn = self.withdrawn
        found: dict[int, set[str]] = {}
        for revision, part in known:
            if revision not in withdrawn:
                found.setdefault(revision, set()).add(part)
        return found

    @property
    def is_approved(self) -> bool:
        """Whether the month after it may go: see the table above."""
        if not (self.filed or self.ledgers or self.told):
            return True
        approved = {(item.kind, item.part) for item in self.filed if item.state is State.APPROVED}
        return any(
            (needed := self.berats_before(item)) is not None and needed <= approved
            for item in self.live
            if item.kind is DocumentKind.REPORT
        )

    def berats_before(self, one: Filed) -> set[tuple[DocumentKind, str]] | None:
        """(kind, part) of the berats that go before a document; None where they cannot be told yet."""
        if one.kind.is_berat:
            needed = _both(_parts_until(int(one.part) - 1))
            return needed | {(BERATS[0], one.part)} if one.kind is BERATS[1] else needed
        parts = self.parts
        if one.revision not in parts:
            return None
        known = set().union(*parts.values())
        return _both(known | _parts_until(max(int(part) for part in known)))


def becomes(one: Filed, month: Month) -> State | None:
    """The state that a document takes as its revision has been withdrawn, or counts again; None = it keeps its own."""
    if one.revision in month.withdrawn:
        return None if one.is_at_gib or one.state is State.SUPERSEDED else State.SUPERSEDED
    if one.state is not State.SUPERSEDED:
        return None
    return State.WAITING if one.resume is None else State.REFUSED


def what_it_waits_for(one: Filed, month: Month, before: Month) -> Wait | None:
    """What stops a document from going to GİB; None = it may go.

    Args:
        one: the document, of a revision that counts.
        month: its month, itself in it.
        before: the month before.
    """
    own = {(item.kind, item.part) for item in month.filed if item.revision == one.revision}
    if one.kind.is_berat and not _both({one.part}) <= own:
        return Wait.SIBLING
    withdrawn = {revision for revision in month.withdrawn if revision < one.revision}
    if any(item.is_at_gib and item.revision in withdrawn for item in month.filed):
        return Wait.OLDER
    if _is_contested(one, month):
        return Wait.RIVAL
    needed = month.berats_before(one)
    if needed is None or not needed <= {(item.kind, item.part) for item in month.live if item.is_sent}:
        return Wait.BEFORE
    return None if before.is_approved else Wait.MONTH_BEFORE


def _is_contested(one: Filed, month: Month) -> bool:
    """Whether a document's revision, or one on which it stands, may yet be withdrawn."""
    parts, final = month.parts, month.final
    if one.kind is DocumentKind.REPORT and any(revision > one.revision for revision in parts):
        return True
    for older, newer in combinations(sorted(parts), 2):
        if older > one.revision or not _are_rivals(parts[older], parts[newer]):
            continue
        stays = older if older in final else newer
        if stays not in final or (one.revision < newer) != (stays == older):
            return True
    return False


def _are_rivals(some: set[str], others: set[str]) -> bool:
    return bool(some & others) or (WHOLE in some) != (WHOLE in others)


def _both(parts: set[str]) -> set[tuple[DocumentKind, str]]:
    return {(kind, part) for part in parts for kind in BERATS}


def _parts_until(last: int) -> set[str]:
    return {f"{number:06}" for number in range(1, last + 1)}

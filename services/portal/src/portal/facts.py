"""What is known of a month, gathered from events in a form that no order and no repetition can disturb.

Everything known is a `Mark`: "this was said, then, by that event". Marks of one name are joined by keeping the
newest. Taking the newest is commutative, associative and idempotent, and so is every join built on it: whatever the
order in which events come, and however often, the same facts stand at the end. What facts *mean* is told by `board`.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from defterhane.errors import Problem
from defterhane.events import Days, ObjectRef
from defterhane.tenant import Gate
from defterhane.texts import Text


class Said(StrEnum):
    """The names of marks."""

    # of a document
    WRITTEN = "written"
    VALIDATED = "validated"
    REJECTED = "rejected"
    SIGNED = "signed"
    SIGNATURE_REFUSED = "signature_refused"
    SENT = "sent"
    APPROVED = "approved"
    REFUSED = "refused"
    ARCHIVED = "archived"
    ARCHIVED_APPROVED = "archived_approved"
    # of a file
    RECEIVED = "received"
    REQUESTED = "requested"
    FILE_REFUSED = "file_refused"
    FAILED = "failed"
    CONVERTED = "converted"
    # of a conversion
    MADE = "made"
    WITHDRAWN = "withdrawn"
    # of a hold
    HELD = "held"
    RELEASED = "released"
    # of a month
    CLOSED = "closed"
    # of a tenant's signer
    SIGNER_REFUSED = "signer_refused"
    SIGNER_WORKED = "signer_worked"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Drop(_Frozen):
    """What an event says a dropped file is."""

    name: str
    period: str | None = None
    branch: str | None = None
    part: str | None = None
    """None = the whole month."""
    object: ObjectRef | None = None

    @property
    def slot(self) -> str:
        """What of its month it is for: the n-th stretch of days (`000002`), or all of it (`000000`)."""
        return self.part or WHOLE


class Result(_Frozen):
    """What a conversion came to, as its event tells."""

    parts: tuple[str, ...] = ()
    spans: tuple[Days, ...] = ()
    """The days of each part, where the event tells them."""
    entries: int | None = None
    lines: int | None = None
    total: int | None = None
    """Kuruş, the sum of debits and also of credits."""
    recognised: tuple[Text, ...] = ()
    """What each file of the drop was taken for."""


class Mark(_Frozen):
    """One thing that was said, and what came with it."""

    at: datetime
    event: UUID
    problem: Problem | None = None
    object: ObjectRef | None = None
    drop: Drop | None = None
    note: str | None = None
    """Who released; where it lies in the archive; GİB's words."""
    count: int = 0
    """Findings: errors of a refusal, warnings of a validation or conversion."""
    result: Result | None = None

    @property
    def order(self) -> tuple[datetime, str]:
        """Newer marks are greater; the event's id settles a tie, so that all readers settle it alike."""
        return self.at, str(self.event)


Marks: TypeAlias = Mapping[Said, Mark]


def join(one: Marks, other: Marks) -> dict[Said, Mark]:
    """Both together: of each name the newest."""
    both = dict(one)
    for name, mark in other.items():
        if name not in both or both[name].order < mark.order:
            both[name] = mark
    return both


def newer(one: Mark | None, than: Mark | None) -> bool:
    """True where `one` was said, and after `than` (which may never have been said)."""
    return one is not None and (than is None or one.order > than.order)


def newest(*marks: Mark | None) -> Mark | None:
    """The newest of those that were said."""
    return max((mark for mark in marks if mark is not None), key=lambda mark: mark.order, default=None)


class MonthKey(_Frozen):
    """A month of a tenant's head office, or of one of its branches."""

    tenant: str
    branch: str | None
    period: str


class DocumentFacts(_Frozen):
    """One document of a month, as one conversion made it; `revision` is the conversion's number."""

    part: str
    kind: DocumentKind
    revision: int
    unique_id: str
    marks: dict[Said, Mark]

    def joined(self, other: "DocumentFacts") -> "DocumentFacts":
        """With what else is known of the same revision of the same document."""
        unique_id = max(self.unique_id, other.unique_id)  # the same in all events of a revision
        return self.model_copy(update={"marks": join(self.marks, other.marks), "unique_id": unique_id})

    def mark(self, said: Said) -> Mark | None:
        """The mark of that name, if it was said."""
        return self.marks.get(said)


class FileFacts(_Frozen):
    """One dropped file."""

    tenant: str
    file_id: str
    marks: dict[Said, Mark]

    def joined(self, other: "FileFacts") -> "FileFacts":
        """With what else is known of the same file."""
        return self.model_copy(update={"marks": join(self.marks, other.marks)})

    def mark(self, said: Said) -> Mark | None:
        """The mark of that name, if it was said."""
        return self.marks.get(said)

    @property
    def drop(self) -> Drop | None:
        """What it is, by the newest event that says so.

        What came of a conversion tells less (not where the bytes lie): it is asked where nothing else has come yet.
        """
        told = newest(*(self.mark(said) for said in (Said.RECEIVED, Said.REQUESTED, Said.FILE_REFUSED)))
        told = told or newest(self.mark(Said.FAILED), self.mark(Said.CONVERTED))
        return told.drop if told is not None else None

    @property
    def slot(self) -> str:
        """What of its month it is for."""
        return self.drop.slot if self.drop is not None else WHOLE

    @property
    def object(self) -> ObjectRef | None:
        """Where its bytes lie, if they could be stored."""
        drop = self.drop
        return drop.object if drop is not None else None

    @property
    def month(self) -> MonthKey | None:
        """The month for which it was dropped; None where its name does not tell."""
        drop = self.drop
        if drop is None or drop.period is None:
            return None
        return MonthKey(tenant=self.tenant, branch=drop.branch, period=drop.period)

    @property
    def failure(self) -> Mark | None:
        """Why nothing came of it, unless it was tried again or something came of it since."""
        failure = newest(self.mark(Said.FAILED), self.mark(Said.FILE_REFUSED))
        later = newest(self.mark(Said.REQUESTED), self.mark(Said.CONVERTED))
        return failure if newer(failure, later) else None

    @property
    def pending(self) -> Mark | None:
        """Since when it waits for its conversion; None where it does not.

        What comes of a file follows from its receipt, whatever two services' clocks say; a request to convert it
        once more is told from what came of it before by time alone.
        """
        outcome = newest(self.mark(Said.FAILED), self.mark(Said.FILE_REFUSED), self.mark(Said.CONVERTED))
        requested = self.mark(Said.REQUESTED)
        if newer(requested, outcome):
            return requested
        return self.mark(Said.RECEIVED) if outcome is None else None


class ConversionFacts(_Frozen):
    """One conversion of a month, by its number, and a file that became it: several files of the same content may."""

    revision: int
    file_id: str
    marks: dict[Said, Mark]

    def joined(self, other: "ConversionFacts") -> "ConversionFacts":
        """With what else is known of the same conversion of the same file."""
        return self.model_copy(update={"marks": join(self.marks, other.marks)})

    def mark(self, said: Said) -> Mark | None:
        """The mark of that name, if it was said."""
        return self.marks.get(said)

    @property
    def _told(self) -> Mark:
        """Both events name slot and parts, and alike."""
        return next(mark for said in (Said.MADE, Said.WITHDRAWN) if (mark := self.mark(said)) is not None)

    @property
    def slot(self) -> str:
        """What of the month it is: the n-th stretch of days (`000002`), or all of it (`000000`)."""
        drop = self._told.drop
        return drop.slot if drop is not None else WHOLE

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that were made."""
        result = self._told.result
        return result.parts if result is not None else ()

    @property
    def days(self) -> dict[str, Days]:
        """The days of each part, where they have been told."""
        result = self._told.result
        return dict(zip(result.parts, result.spans, strict=False)) if result is not None else {}


class HoldFacts(_Frozen):
    """A gate, or another reason to wait, of one filing."""

    part: str
    gate: Gate | None
    marks: dict[Said, Mark]

    def joined(self, other: "HoldFacts") -> "HoldFacts":
        """With what else is known of the same gate of the same filing."""
        return self.model_copy(update={"marks": join(self.marks, other.marks)})


class MonthFacts(_Frozen):
    """All that is known of one month."""

    key: MonthKey
    documents: tuple[DocumentFacts, ...] = ()
    conversions: tuple[ConversionFacts, ...] = ()
    files: tuple[FileFacts, ...] = ()
    holds: tuple[HoldFacts, ...] = ()
    closed: Mark | None = None

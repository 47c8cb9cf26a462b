"""Dropped files as users see them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel
from sqlalchemy import select

from defterhane.db import Transaction
from defterhane.errors import Problem
from defterhane.events import ObjectRef
from defterhane.texts import Text
from portal.facts import FileFacts, MonthFacts, MonthKey, Result, Said, newest
from portal.models import FileRow
from portal.revisions import awaited, overtaken, withdrawn_revisions
from portal.store import file_facts

_STRAYS: Final = 50

FileState = Literal["waiting", "refused", "failed", "converted", "withdrawn", "replaced"]


class ConversionView(BaseModel):
    """One conversion of a file."""

    revision: int
    """Its number in the month."""
    parts: tuple[str, ...]
    made_at: datetime | None
    withdrawn_at: datetime | None
    reason: Problem | None
    """Why it was withdrawn."""
    counts: bool
    """Whether the month's ledgers are those that it made."""
    entries: int | None
    lines: int | None
    total: int | None
    """Kuruş, the sum of debits and also of credits."""
    warnings: int


class FileView(BaseModel):
    """One dropped file."""

    tenant: str
    file_id: str
    name: str
    period: str | None
    branch: str | None
    part: str | None
    received_at: datetime | None
    object: ObjectRef | None
    state: FileState
    """`withdrawn`: its ledgers do not count and wait to be made anew; `replaced`: by those of another file."""
    counts: bool
    """Whether ledgers made of it count."""
    problem: Problem | None
    """Why it came to nothing, or was withdrawn."""
    recognised: tuple[Text, ...]
    """What each file in it was taken for."""
    conversions: list[ConversionView]
    """Newest first."""
    can_convert: bool


async def read_strays(tx: Transaction) -> list[FileView]:
    """The newest files that belong to no month: refused ones whose names tell none."""
    rows = await tx.session.scalars(
        select(FileRow).where(FileRow.period.is_(None)).order_by(FileRow.newest_at.desc()).limit(_STRAYS)
    )
    return [
        file_view(file, MonthFacts(key=MonthKey(tenant=file.tenant, branch=None, period="")))
        for file in map(file_facts, rows)
        if file.drop is not None
    ]


def file_view(file: FileFacts, month: MonthFacts) -> FileView:
    """A file of a month as users see it."""
    drop, failure = file.drop, file.failure
    state = _state_of(file, month)
    conversions = sorted(_conversions_of(file, month), key=lambda one: one.revision, reverse=True)
    received = newest(file.mark(Said.RECEIVED), file.mark(Said.FILE_REFUSED))
    problem = failure.problem if failure is not None else None
    if state in ("withdrawn", "replaced") and conversions:
        problem = conversions[0].reason
    told = newest(*(mark for said in (Said.FAILED, Said.CONVERTED) if (mark := file.mark(said)) and mark.result))
    return FileView(
        tenant=file.tenant,
        file_id=file.file_id,
        name=drop.name if drop is not None else file.file_id,
        period=drop.period if drop is not None else None,
        branch=drop.branch if drop is not None else None,
        part=drop.part if drop is not None else None,
        received_at=received.at if received is not None else None,
        object=file.object,
        state=state,
        counts=any(conversion.counts for conversion in conversions),
        problem=problem,
        recognised=told.result.recognised if told is not None and told.result is not None else (),
        conversions=conversions,
        can_convert=convertible(file),
    )


def _state_of(file: FileFacts, month: MonthFacts) -> FileState:
    if (failure := file.failure) is not None:
        return "refused" if failure == file.mark(Said.FILE_REFUSED) else "failed"
    if file.pending is not None:
        return "replaced" if overtaken(file, month) else "waiting"
    gone = withdrawn_revisions(month)
    made = {one.revision for one in month.conversions if one.file_id == file.file_id}
    if not made <= gone.keys():
        return "converted"
    missing = {one.revision for one in awaited(month)}
    return "withdrawn" if made & missing else "replaced"


def _conversions_of(file: FileFacts, month: MonthFacts) -> Iterator[ConversionView]:
    gone = withdrawn_revisions(month)
    for conversion in month.conversions:
        if conversion.file_id != file.file_id:
            continue
        made, withdrawn = conversion.mark(Said.MADE), gone.get(conversion.revision)
        result = made.result if made is not None and made.result is not None else Result(parts=conversion.parts)
        yield ConversionView(
            revision=conversion.revision,
            parts=result.parts,
            made_at=made.at if made is not None else None,
            withdrawn_at=withdrawn.at if withdrawn is not None else None,
            reason=withdrawn.problem if withdrawn is not None else None,
            counts=withdrawn is None,
            entries=result.entries,
            lines=result.lines,
            total=result.total,
            warnings=made.count if made is not None else 0,
        )


def convertible(file: FileFacts) -> bool:
    """Whether it makes sense to ask for a file's conversion: it was accepted, and its bytes and month are known."""
    accepted = file.mark(Said.RECEIVED) is not None or file.mark(Said.REQUESTED) is not None
    return accepted and file.object is not None and file.month is not None


def newest_first(file: FileView) -> tuple[str, str]:
    """What to sort files by, in reverse."""
    return file.received_at.isoformat() if file.received_at is not None else "", file.file_id

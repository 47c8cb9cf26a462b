"""Dropped files as users see them."""

from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel
from sqlalchemy import select

from defterhane.db import Transaction
from defterhane.errors import Problem
from defterhane.events import ObjectRef
from portal.facts import FileFacts, Said, newest
from portal.models import FileRow
from portal.store import file_facts

_STRAYS: Final = 50

FileState = Literal["waiting", "refused", "failed", "converted"]


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
    problem: Problem | None
    can_convert: bool


async def read_strays(tx: Transaction) -> list[FileView]:
    """The newest files that belong to no month: refused ones whose names tell none."""
    rows = await tx.session.scalars(
        select(FileRow).where(FileRow.period.is_(None)).order_by(FileRow.newest_at.desc()).limit(_STRAYS)
    )
    return [file_view(file) for file in map(file_facts, rows) if file.drop is not None]


def file_view(file: FileFacts) -> FileView:
    """A file as users see it."""
    drop, failure = file.drop, file.failure
    state: FileState = "waiting"
    if failure is not None:
        state = "refused" if failure == file.mark(Said.FILE_REFUSED) else "failed"
    elif file.pending is None:
        state = "converted"
    received = newest(file.mark(Said.RECEIVED), file.mark(Said.FILE_REFUSED))
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
        problem=failure.problem if failure is not None else None,
        can_convert=convertible(file),
    )


def convertible(file: FileFacts) -> bool:
    """Whether it makes sense to ask for a file's conversion: it was accepted, and its bytes and month are known."""
    accepted = file.mark(Said.RECEIVED) is not None or file.mark(Said.REQUESTED) is not None
    return accepted and file.object is not None and file.month is not None


def newest_first(file: FileView) -> tuple[str, str]:
    """What to sort files by, in reverse."""
    return file.received_at.isoformat() if file.received_at is not None else "", file.file_id

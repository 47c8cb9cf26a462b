"""Joins what events say into the tables, and makes the board's rows anew.

Rows are locked in one order (file, then months by key, then the change counter), so that two consumers at the same
month wait for each other and never block each other for good.
"""

from typing import Any, Final, TypeVar

from pydantic import BaseModel, TypeAdapter
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from defterhane.db import Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.events import Envelope
from defterhane.tenant import Gate
from portal.board import month_of
from portal.facts import (
    ConversionFacts,
    DocumentFacts,
    FileFacts,
    HoldFacts,
    Mark,
    Marks,
    MonthFacts,
    MonthKey,
    Said,
    join,
    newer,
    newest,
)
from portal.models import (
    Base,
    ChangeRow,
    ConversionRow,
    DocumentRow,
    FileRow,
    HappeningRow,
    HoldRow,
    MonthRow,
    SignerRow,
)
from portal.reading import News, read
from portal.timeline import line_of

_MARKS: Final = TypeAdapter(dict[Said, Mark])
_GATE: Final[TypeAdapter[Gate | None]] = TypeAdapter(Gate | None)

_CHANGES_LOCK: Final = 7_304_002
"""Held from the numbering of a change until its commit: numbers become visible in their order, without holes that
fill later, and a reader that has seen a number has seen all below it."""

R = TypeVar("R", bound=Base)


async def take(tx: Transaction, envelope: Envelope) -> None:
    """Add what an event says to what is known. Taking it twice, or late, changes nothing that it should not."""
    news = read(envelope)
    changed: list[MonthKey | None] = []
    months = {news.month} if news.month is not None else set()
    for file in news.files:
        months |= await _join_file(tx, file)
    for key in sorted(months, key=lambda month: (month.tenant, month.branch or "", month.period)):
        row = await _locked(tx, MonthRow, _place(key), {"state": "empty", "board": {}})
        await _join_month(tx, news if key == news.month else News(), row, key)
        changed.append(key)
    if news.signer and await _join_signer(tx, envelope.tenant, news.signer):
        changed.append(None)
    if not months and news.files:
        changed.append(None)
    await _tell(tx, envelope, news)
    for changed_month in changed:
        await note_change(tx, envelope.tenant, changed_month)


async def facts_of(tx: Transaction, key: MonthKey) -> MonthFacts:
    """All that is known of a month."""
    place = _place(key)
    documents = await tx.session.scalars(select(DocumentRow).filter_by(**place))
    conversions = await tx.session.scalars(select(ConversionRow).filter_by(**place))
    files = await tx.session.scalars(select(FileRow).filter_by(**place))
    holds = await tx.session.scalars(select(HoldRow).filter_by(**place))
    month = await tx.session.get(MonthRow, place)
    return MonthFacts(
        key=key,
        documents=tuple(_document(row) for row in documents),
        conversions=tuple(_conversion(row) for row in conversions),
        files=tuple(file_facts(row) for row in files),
        holds=tuple(_hold(row) for row in holds),
        closed=Mark.model_validate(month.closed) if month is not None and month.closed else None,
    )


def file_facts(row: FileRow) -> FileFacts:
    """A file as a row keeps it."""
    return FileFacts(tenant=row.tenant, file_id=row.file_id, marks=_MARKS.validate_python(row.marks))


async def signer_trouble(tx: Transaction, tenant: str) -> Mark | None:
    """Why a tenant's signer last refused to sign a message to GİB, if it has not worked since."""
    row = await tx.session.get(SignerRow, tenant)
    return _trouble(_MARKS.validate_python(row.marks)) if row is not None else None


def _trouble(marks: Marks) -> Mark | None:
    refused = marks.get(Said.SIGNER_REFUSED)
    return refused if newer(refused, marks.get(Said.SIGNER_WORKED)) else None


async def _join_file(tx: Transaction, file: FileFacts) -> set[MonthKey]:
    """Join a file's facts; returns the months that it touches, the one that it has left among them."""
    row = await _locked(
        tx,
        FileRow,
        {"tenant": file.tenant, "file_id": file.file_id},
        {"branch": "", "marks": {}, "newest_at": tx.now()},
    )
    before = file_facts(row)
    after = before.joined(file)
    row.marks = _dump(after.marks)
    row.branch = (after.month.branch or "") if after.month is not None else ""
    row.period = after.month.period if after.month is not None else None
    latest = newest(*after.marks.values())
    assert latest is not None
    row.newest_at = latest.at
    await tx.session.flush()
    return {month for month in (before.month, after.month) if month is not None}


async def _join_month(tx: Transaction, news: News, row: MonthRow, key: MonthKey) -> None:
    place = _place(key)
    if (document := news.document) is not None:
        kind = {"part": document.part, "kind": document.kind.value, "revision": document.revision}
        kept = await tx.session.get(DocumentRow, {**place, **kind})
        if kept is None:
            kept = DocumentRow(**place, **kind, unique_id=document.unique_id, marks={})
            tx.session.add(kept)
        joined = _document(kept).joined(document)
        kept.unique_id, kept.marks = joined.unique_id, _dump(joined.marks)
    if (conversion := news.conversion) is not None:
        number = {"revision": conversion.revision, "file_id": conversion.file_id}
        before = await tx.session.get(ConversionRow, {**place, **number})
        if before is None:
            before = ConversionRow(**place, **number, marks={})
            tx.session.add(before)
        before.marks = _dump(_conversion(before).joined(conversion).marks)
    if (hold := news.hold) is not None:
        gate = {"part": hold.part, "gate": hold.gate or ""}
        waiting = await tx.session.get(HoldRow, {**place, **gate})
        if waiting is None:
            waiting = HoldRow(**place, **gate, marks={})
            tx.session.add(waiting)
        waiting.marks = _dump(_hold(waiting).joined(hold).marks)
    if news.closed is not None:
        closed = newest(news.closed, Mark.model_validate(row.closed) if row.closed else None)
        row.closed = _plain(closed) if closed is not None else None
    await tx.session.flush()
    month = month_of(await facts_of(tx, key))
    row.state = month.state.value
    row.board = month.model_dump(mode="json")
    await tx.session.flush()


async def _join_signer(tx: Transaction, tenant: str, marks: Marks) -> bool:
    """Join what is known of a signer; True where that changes whether it is in trouble."""
    row = await _locked(tx, SignerRow, {"tenant": tenant}, {"marks": {}})
    before = _MARKS.validate_python(row.marks)
    after = join(before, marks)
    row.marks = _dump(after)
    return _trouble(before) != _trouble(after)


async def _tell(tx: Transaction, envelope: Envelope, news: News) -> None:
    line = line_of(envelope.event)
    if line is None:
        return
    values = {
        "event_id": envelope.id,
        "tenant": envelope.tenant,
        "branch": (news.month.branch or "") if news.month is not None else "",
        "period": news.month.period if news.month is not None else None,
        "file_id": news.files[0].file_id if news.files else None,
        "at": envelope.time,
        "type": envelope.type,
        "line": line.model_dump(mode="json"),
        "findings": [_plain(finding) for finding in news.findings],
        "counts": dict(news.counts),
        "report": _plain(news.report) if news.report is not None else None,
    }
    await tx.session.execute(insert(HappeningRow).values(values).on_conflict_do_nothing())


async def note_change(tx: Transaction, tenant: str, key: MonthKey | None = None) -> None:
    """Number a change of a month, or of a tenant as a whole. Nothing should be done in a transaction after it."""
    row = ChangeRow(
        tenant=tenant,
        branch=(key.branch or "") if key is not None else "",
        period=key.period if key is not None else None,
        at=tx.now(),
    )
    await tx.session.flush()
    await tx.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHANGES_LOCK})
    tx.session.add(row)
    await tx.session.flush()


async def _locked(tx: Transaction, model: type[R], key: dict[str, Any], otherwise: dict[str, Any]) -> R:
    """A row, locked until the end of the transaction; made where there was none."""
    await tx.session.execute(insert(model).values(**key, **otherwise).on_conflict_do_nothing())
    row = await tx.session.get(model, key, with_for_update=True, populate_existing=True)
    assert row is not None
    return row


def _place(key: MonthKey) -> dict[str, Any]:
    return {"tenant": key.tenant, "branch": key.branch or "", "period": key.period}


def _document(row: DocumentRow) -> DocumentFacts:
    return DocumentFacts(
        part=row.part,
        kind=DocumentKind(row.kind),
        revision=row.revision,
        unique_id=row.unique_id,
        marks=_MARKS.validate_python(row.marks),
    )


def _conversion(row: ConversionRow) -> ConversionFacts:
    return ConversionFacts(revision=row.revision, file_id=row.file_id, marks=_MARKS.validate_python(row.marks))


def _hold(row: HoldRow) -> HoldFacts:
    return HoldFacts(
        part=row.part, gate=_GATE.validate_python(row.gate or None), marks=_MARKS.validate_python(row.marks)
    )


def _dump(marks: Marks) -> dict[str, Any]:
    return {said.value: _plain(mark) for said, mark in marks.items()}


def _plain(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(mode="json", exclude_none=True)

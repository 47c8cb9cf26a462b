"""From facts to the board: how each of a month's seven cells stands, part by part and together.

The rules, in short:

- A cell is done once its file lies in the archive; until then it shows the furthest stage reached, and within a
  revision a stage is never left for an earlier one.
- A failure counts until the document has got past the point that failed, until a newer revision is written, or until
  a newer file (or a new request to convert) has come for the month.
- A hold shows on the documents that wait at its gate, until it is released or they have passed it.
- A release also has what was refused at that gate tried again: it runs, until it is refused anew.
- A revision made of a whole month's file takes the place of all earlier ones; one made of a part's file, of the
  earlier ones of that part.
- Of several parts the worst is shown: failed, then held, then the least advanced.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from defterhane.errors import Problem
from defterhane.tenant import Gate
from portal.facts import DocumentFacts, FileFacts, Mark, MonthFacts, Said, newer, newest
from portal.holds import open_holds, with_holds
from portal.releases import Releases
from portal.revisions import live_documents
from portal.steps import Step, Steps, failed, step_of
from portal.words import Column, State


class Cell(Step):
    """How one of the seven things of a month stands: the worst of its parts."""

    parts: int = 1
    parts_done: int = 0
    part: str = WHOLE
    """The part that is shown."""


class Notice(BaseModel):
    """Something that no cell says: a file that came to nothing while earlier documents go on, a hold to come."""

    model_config = ConfigDict(frozen=True)

    problem: Problem
    at: datetime
    file_id: str | None = None
    gate: Gate | None = None


class Month(BaseModel):
    """One row of the board."""

    model_config = ConfigDict(frozen=True)

    cells: dict[Column, Cell]
    state: State
    notices: tuple[Notice, ...] = ()
    closed: bool = False
    updated_at: datetime | None = None


_SEVERITY: Final = {State.FAILED: 0, State.HELD: 1, State.RUNNING: 2, State.EMPTY: 3, State.DONE: 4}
_BOOKS: Final = (Column.JOURNAL, Column.LEDGER)


def empty_month() -> Month:
    """The row of a month for which nothing has come."""
    return Month(cells={column: Cell(state=State.EMPTY, parts=0) for column in Column}, state=State.EMPTY)


def month_of(facts: MonthFacts) -> Month:
    """The row of a month."""
    by_part = steps_by_part(facts)
    if not by_part:
        return empty_month()
    cells = {column: _worst({part: steps[column] for part, steps in by_part.items()}) for column in Column}
    report = cells[Column.REPORT]  # the month's, not a part's
    cells[Column.REPORT] = report.model_copy(
        update={"parts": 1, "parts_done": int(report.state is State.DONE), "part": WHOLE}
    )
    return Month(
        cells=cells,
        state=_state({cell.state for cell in cells.values()}),
        notices=_notices(facts, by_part),
        closed=facts.closed is not None,
        updated_at=_updated_at(facts),
    )


def steps_by_part(facts: MonthFacts) -> dict[str, Steps]:
    """Part → column → how it stands, in the order of parts; empty where nothing has come.

    The month's report stands in every part alike.
    """
    live = live_documents(facts)
    reports = [kinds.pop(DocumentKind.REPORT) for kinds in live.values() if DocumentKind.REPORT in kinds]
    report = max(reports, key=lambda found: (found.revision, found.part), default=None)
    parts = _parts(facts, live)
    if not parts and (reports or facts.files or facts.holds or facts.closed):
        parts = {WHOLE}
    holds, releases = open_holds(facts, live), Releases(facts.holds)
    by_part: dict[str, Steps] = {}
    for part in sorted(parts):
        documents = dict(live.get(part, {}))
        books_are_there = bool(documents)
        if report is not None:
            documents[DocumentKind.REPORT] = report
        steps = {column: step_of(column, documents.get(column.kind), releases) for column in Column}
        files = [file for file in facts.files if _covers(file, part)]
        steps = _after_files(steps, files, books_are_there)
        mine = [(hold, mark) for hold, mark in holds if hold.part == part or hold.part not in parts]
        by_part[part] = with_holds(mine, steps, documents)
    return by_part


def _parts(facts: MonthFacts, live: Mapping[str, Mapping[DocumentKind, DocumentFacts]]) -> set[str]:
    """The parts that have documents, or a file that may yet become or did not become documents."""
    parts = {part for part, documents in live.items() if documents}
    for file in facts.files:
        drop = file.drop
        if drop is not None and drop.part and (file.pending or file.failure):
            parts.add(drop.part)
    return parts


def _covers(file: FileFacts, part: str) -> bool:
    return file.drop is None or file.drop.part is None or file.drop.part == part


def _after_files(steps: Steps, files: Iterable[FileFacts], books_are_there: bool) -> Steps:
    """What newer files change: one that waits makes failed cells wait anew, one that failed fails the books."""
    files = list(files)
    pending = newest(*(file.pending for file in files))
    failure = newest(*(file.failure for file in files))
    if newer(pending, failure):
        failure = None
    after = dict(steps)
    for column, step in steps.items():
        failed_at = step.since if step.state is State.FAILED else None
        if failed_at is not None and pending is not None and pending.at > failed_at:
            after[column] = Step(state=State.RUNNING, since=pending.at)
        elif column in _BOOKS and failure is not None:
            overtakes = failed_at is not None and failure.at > failed_at
            if overtakes or not books_are_there:
                after[column] = failed(failure, step.stage)
    return after


def _worst(steps: Mapping[str, Step]) -> Cell:
    part, worst = min(steps.items(), key=lambda item: (_SEVERITY[item[1].state], item[1].stage.rank, item[0]))
    done = sum(step.state is State.DONE for step in steps.values())
    return Cell(**dict(worst), parts=len(steps), parts_done=done, part=part)


def _state(states: set[State]) -> State:
    for state in (State.FAILED, State.HELD):
        if state in states:
            return state
    return State.DONE if states == {State.DONE} else State.RUNNING


def standing_failures(facts: MonthFacts) -> list[tuple[FileFacts, Mark]]:
    """The files that came to nothing, with why, as far as no later file has been converted in their place."""
    standing = []
    for file in facts.files:
        failure = file.failure
        part = file.drop.part if file.drop is not None else None
        instead = (other for other in facts.files if part is None or _covers(other, part))
        if failure is not None and not any(newer(other.mark(Said.CONVERTED), failure) for other in instead):
            standing.append((file, failure))
    return standing


def _notices(facts: MonthFacts, by_part: Mapping[str, Steps]) -> tuple[Notice, ...]:
    shown = {(step.problem, step.since) for steps in by_part.values() for step in steps.values()}
    notices = [
        Notice(problem=failure.problem, at=failure.at, file_id=file.file_id)
        for file, failure in standing_failures(facts)
        if failure.problem is not None
    ]
    for hold, mark in open_holds(facts, live_documents(facts)):
        if mark.problem is not None and hold.gate is not None:
            notices.append(Notice(problem=mark.problem, at=mark.at, gate=hold.gate))
    unseen = [notice for notice in notices if (notice.problem, notice.at) not in shown]
    return tuple(sorted(unseen, key=lambda notice: (notice.at, notice.file_id or ""), reverse=True))


def _updated_at(facts: MonthFacts) -> datetime | None:
    marks = [mark for document in facts.documents for mark in document.marks.values()]
    marks += [mark for file in facts.files for mark in file.marks.values()]
    marks += [mark for hold in facts.holds for mark in hold.marks.values()]
    latest = newest(*marks, facts.closed)
    return latest.at if latest is not None else None

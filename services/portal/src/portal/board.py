"""From facts to the board: how each of a month's seven cells stands, part by part and together.

The rules, in short:

- A cell is done once its file lies in the archive; until then it shows the furthest stage reached, and within a
  revision a stage is never left for an earlier one.
- A failure counts until the document has got past the point that failed, until a newer revision is written, or until
  a newer file (or a new request to convert) has come for the month.
- A hold shows on the documents that wait at its gate, until it is released or they have passed it.
- A release also has what was refused at that gate tried again: it runs, until it is refused anew.
- Documents of a withdrawn conversion do not count, unless GİB has approved of one of them all the same; days that
  wait for a new conversion are held, with the reason.
- Of several parts the worst is shown: failed, then held, then the least advanced.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from defterhane.errors import Problem
from defterhane.tenant import Gate
from portal.facts import HoldFacts, Mark, MonthFacts, newer, newest
from portal.holds import open_holds, with_holds
from portal.releases import Releases
from portal.revisions import live_report, overlap, standing_failures, waiting_files
from portal.steps import Step, Steps, failed, held, step_of
from portal.units import Unit, units_of
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
    cells = {column: _cell({part: steps[column] for part, steps in by_part.items()}) for column in Column}
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
    units, report = units_of(facts), live_report(facts)
    holds, releases = open_holds(facts, units), Releases(facts.holds)
    waiting, failures = waiting_files(facts), standing_failures(facts)
    by_part: dict[str, Steps] = {}
    for unit in units:
        documents = dict(unit.documents)
        if report is not None:
            documents[DocumentKind.REPORT] = report
        steps = {column: step_of(column, documents.get(column.kind), releases) for column in Column}
        pending = newest(*(file.pending for file in waiting if overlap(file.slot, unit.slot)))
        failure = newest(*(mark for file, mark in failures if overlap(file.slot, unit.slot)))
        steps = _after_files(steps, unit, pending, failure)
        mine = [(hold, mark) for hold, mark in holds if _concerns(hold, unit, units)]
        steps = with_holds(mine, steps, documents)
        by_part[unit.part] = _after_withdrawal(steps, unit) if pending is None else steps
    return by_part


def _concerns(hold: HoldFacts, unit: Unit, units: Sequence[Unit]) -> bool:
    return unit.concerns(hold) or not any(one.concerns(hold) for one in units)


def _after_files(steps: Steps, unit: Unit, pending: Mark | None, failure: Mark | None) -> Steps:
    """What newer files change: one that waits makes failed cells wait anew, one that failed fails the books."""
    if newer(pending, failure) or not newer(failure, unit.withdrawn):
        failure = None
    after = dict(steps)
    for column, step in steps.items():
        failed_at = step.since if step.state is State.FAILED else None
        if failed_at is not None and pending is not None and pending.at > failed_at:
            after[column] = Step(state=State.RUNNING, since=pending.at)
        elif column in _BOOKS and failure is not None:
            overtakes = failed_at is not None and failure.at > failed_at
            if overtakes or not unit.is_made:
                after[column] = failed(failure, step.stage)
    return after


def _after_withdrawal(steps: Steps, unit: Unit) -> Steps:
    """The books of days that wait for a new conversion are held, unless it is known what has to be mended."""
    if unit.withdrawn is None or State.FAILED in {step.state for step in steps.values()}:
        return steps
    after = dict(steps)
    for column in _BOOKS:
        if steps[column].state is State.RUNNING:
            after[column] = held(steps[column], None, unit.withdrawn).model_copy(update={"withdrawn": True})
    return after


def worst(steps: Iterable[Step]) -> Step:
    """Of several steps the one that most needs to be seen; of equal ones the first."""
    return min(steps, key=_urgency)


def _cell(steps: Mapping[str, Step]) -> Cell:
    part, shown = min(steps.items(), key=lambda item: (_urgency(item[1]), item[0]))
    done = sum(step.state is State.DONE for step in steps.values())
    return Cell(**dict(shown), parts=len(steps), parts_done=done, part=part)


def _urgency(step: Step) -> tuple[int, int]:
    return _SEVERITY[step.state], step.stage.rank


def _state(states: set[State]) -> State:
    for state in (State.FAILED, State.HELD):
        if state in states:
            return state
    return State.DONE if states == {State.DONE} else State.RUNNING


def _notices(facts: MonthFacts, by_part: Mapping[str, Steps]) -> tuple[Notice, ...]:
    shown = {(step.problem, step.since) for steps in by_part.values() for step in steps.values()}
    notices = [
        Notice(problem=failure.problem, at=failure.at, file_id=file.file_id)
        for file, failure in standing_failures(facts)
        if failure.problem is not None
    ]
    for hold, mark in open_holds(facts, units_of(facts)):
        if mark.problem is not None and hold.gate is not None:
            notices.append(Notice(problem=mark.problem, at=mark.at, gate=hold.gate))
    unseen = [notice for notice in notices if (notice.problem, notice.at) not in shown]
    return tuple(sorted(unseen, key=lambda notice: (notice.at, notice.file_id or ""), reverse=True))


def _updated_at(facts: MonthFacts) -> datetime | None:
    marks = [mark for document in facts.documents for mark in document.marks.values()]
    marks += [mark for conversion in facts.conversions for mark in conversion.marks.values()]
    marks += [mark for file in facts.files for mark in file.marks.values()]
    marks += [mark for hold in facts.holds for mark in hold.marks.values()]
    latest = newest(*marks, facts.closed)
    return latest.at if latest is not None else None

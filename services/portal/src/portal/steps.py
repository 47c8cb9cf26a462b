"""How one document of one part stands by itself, before files and holds are looked at."""

from datetime import datetime
from typing import Final, TypeAlias

from pydantic import BaseModel, ConfigDict

from defterhane.errors import Problem
from defterhane.tenant import Gate
from portal.facts import DocumentFacts, Mark, Said, newer, newest
from portal.releases import Releases
from portal.words import Column, Stage, State


class Step(BaseModel):
    """How one part of a cell stands."""

    model_config = ConfigDict(frozen=True)

    state: State
    stage: Stage = Stage.WAITING
    gate: Gate | None = None
    """The gate where a person may let it go on."""
    problem: Problem | None = None
    """Why it failed or is held."""
    since: datetime | None = None
    withdrawn: bool = False
    """What was made has been withdrawn; a new conversion is waited for."""


Steps: TypeAlias = dict[Column, Step]

_Ladder: TypeAlias = tuple[tuple[Stage, Said], ...]

# A later stage stands for all before it: where `signed` is known, `written` need not have come yet.
_OWN: Final[_Ladder] = (
    (Stage.ARCHIVED, Said.ARCHIVED),
    (Stage.SIGNED, Said.SIGNED),
    (Stage.SIGNED, Said.SENT),
    (Stage.SIGNED, Said.APPROVED),
    (Stage.VALIDATED, Said.VALIDATED),
    (Stage.WRITTEN, Said.WRITTEN),
)
_APPROVED: Final[_Ladder] = (
    (Stage.ARCHIVED, Said.ARCHIVED_APPROVED),
    (Stage.APPROVED, Said.APPROVED),
    (Stage.SENT, Said.SENT),
)
_REPORT: Final[_Ladder] = (
    (Stage.ARCHIVED, Said.ARCHIVED),
    (Stage.APPROVED, Said.APPROVED),
    (Stage.SENT, Said.SENT),
    (Stage.SIGNED, Said.SIGNED),
    (Stage.VALIDATED, Said.VALIDATED),
    (Stage.WRITTEN, Said.WRITTEN),
)


def step_of(column: Column, document: DocumentFacts | None, releases: Releases) -> Step:
    """How a document stands in a column; without one, the column waits."""
    if document is None:
        return Step(state=State.RUNNING)
    stage, reached = _reached(column, document)
    failure = _failure(column, document, stage, releases)
    if failure is not None:
        return failed(failure, stage)
    state = State.DONE if stage is Stage.ARCHIVED else State.RUNNING
    return Step(state=state, stage=stage, since=reached.at if reached is not None else None)


def failed(mark: Mark, stage: Stage) -> Step:
    """A step that failed for what a mark says."""
    return Step(state=State.FAILED, stage=stage, problem=mark.problem, since=mark.at)


def held(step: Step, gate: Gate | None, mark: Mark) -> Step:
    """A step that waits for what a mark says."""
    return Step(state=State.HELD, stage=step.stage, gate=gate, problem=mark.problem, since=mark.at)


def _ladder(column: Column) -> _Ladder:
    if column.approved:
        return _APPROVED
    return _REPORT if column is Column.REPORT else _OWN


def _reached(column: Column, document: DocumentFacts) -> tuple[Stage, Mark | None]:
    for stage, said in _ladder(column):
        if (mark := document.mark(said)) is not None:
            return stage, mark
    return Stage.WAITING, None


def refusal(document: DocumentFacts, releases: Releases) -> Mark | None:
    """Why GİB refused a document, unless it has been sent again, let go again, or approved since."""
    refused = document.mark(Said.REFUSED)
    if document.mark(Said.APPROVED) is not None or document.mark(Said.ARCHIVED_APPROVED) is not None:
        return None
    since = newest(document.mark(Said.SENT), releases.newest("submit", document.part))
    return refused if newer(refused, since) else None


def _failure(column: Column, document: DocumentFacts, stage: Stage, releases: Releases) -> Mark | None:
    """The failure that has the last word on a document, if one has."""
    refused = refusal(document, releases)
    if column.approved:
        return refused
    rejected = document.mark(Said.REJECTED) if stage.rank < Stage.VALIDATED.rank else None
    unsigned = document.mark(Said.SIGNATURE_REFUSED) if stage.rank < Stage.SIGNED.rank else None
    if not newer(unsigned, releases.newest("sign", document.part)):
        unsigned = None
    return newest(rejected, unsigned, refused if column is Column.REPORT else None)

"""Holds: which are open, which cells they stop."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from defterhane.tenant import Gate
from portal.facts import DocumentFacts, HoldFacts, Mark, MonthFacts, Said, newer
from portal.releases import Releases
from portal.steps import Steps, held
from portal.units import Unit
from portal.words import Column, Stage, State

OpenHold: TypeAlias = tuple[HoldFacts, Mark]

_MAKING: Final[tuple[Column, ...]] = (
    Column.JOURNAL,
    Column.JOURNAL_BERAT,
    Column.LEDGER,
    Column.LEDGER_BERAT,
    Column.REPORT,
)
"""The order in which a part's documents are made."""
_APPROVED: Final[tuple[Column, ...]] = (Column.APPROVED_JOURNAL_BERAT, Column.APPROVED_LEDGER_BERAT)

_PASSED: Final[Mapping[Gate | None, tuple[Said, ...]]] = {
    "convert": (Said.WRITTEN,),
    "sign": (Said.SIGNED,),
    "submit": (Said.SENT,),
    None: (Said.WRITTEN, Said.SENT),
}
"""What shows that a part has passed a gate."""


def open_holds(facts: MonthFacts, units: Sequence[Unit]) -> list[OpenHold]:
    """The holds that still hold, the older first: neither released nor passed, in a month that is not closed."""
    if facts.closed is not None:
        return []
    releases = Releases(facts.holds)
    found = []
    for hold in facts.holds:
        mark = hold.marks.get(Said.HELD)
        if mark is None or not newer(mark, releases.newest(hold.gate, hold.part)):
            continue
        if not any(newer(one, mark) for one in _passed(hold, facts, units)):
            found.append((hold, mark))
    return sorted(found, key=lambda item: (item[1].order, item[0].part))


def _passed(hold: HoldFacts, facts: MonthFacts, units: Iterable[Unit]) -> Iterator[Mark | None]:
    """What shows, once it is newer than a hold, that the hold is over."""
    for unit in units:
        if unit.is_made and unit.part == hold.part:
            yield from (document.mark(said) for document in unit.documents.values() for said in _PASSED[hold.gate])
    for conversion in facts.conversions:
        if hold.gate in ("sign", "submit"):  # what waited there has been taken away
            yield conversion.mark(Said.WITHDRAWN) if hold.part in conversion.parts else None
        else:
            yield conversion.mark(Said.MADE) if conversion.slot in (WHOLE, hold.part) else None


def with_holds(holds: Sequence[OpenHold], steps: Steps, documents: Mapping[DocumentKind, DocumentFacts]) -> Steps:
    """A part's steps with its open holds. Failed and finished documents are not held."""
    after = dict(steps)
    for hold, mark in holds:
        for column in _columns(hold.gate, after, documents):
            after[column] = held(after[column], hold.gate, mark)
    return after


def _columns(gate: Gate | None, steps: Steps, documents: Mapping[DocumentKind, DocumentFacts]) -> list[Column]:
    """The columns that wait at a gate; without a gate (for something to come true), at what the part has come to."""
    running = {column for column, step in steps.items() if step.state is State.RUNNING}
    where = gate or _where(documents)
    if where == "convert":
        books = (Column.JOURNAL, Column.LEDGER)
        return [column for column in books if column in running and steps[column].stage is Stage.WAITING]
    if where == "sign":
        unsigned = [c for c in _MAKING if c in running and steps[c].stage.rank < Stage.SIGNED.rank]
        ready = [column for column in unsigned if steps[column].stage is Stage.VALIDATED]
        return ready if gate is not None else ready or unsigned[:1]
    unsent = [c for c in _APPROVED if c in running and steps[c].stage.rank < Stage.SENT.rank]
    if unsent:
        return unsent
    report = Column.REPORT
    return [report] if report in running and steps[report].stage.rank < Stage.SENT.rank else []


def _where(documents: Mapping[DocumentKind, DocumentFacts]) -> Gate:
    """The gate to which a part has come."""
    if DocumentKind.JOURNAL not in documents:
        return "convert"
    berats = [documents.get(kind) for kind in (DocumentKind.JOURNAL_BERAT, DocumentKind.LEDGER_BERAT)]
    signed = (Said.SIGNED, Said.SENT, Said.APPROVED)
    if all(berat is not None and any(said in berat.marks for said in signed) for berat in berats):
        return "submit"
    return "sign"

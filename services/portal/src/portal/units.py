"""What a month consists of: its parts, and stretches of days for which no part has been made (again) yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from portal.facts import ConversionFacts, DocumentFacts, HoldFacts, Mark, MonthFacts, Said
from portal.revisions import (
    awaited,
    live_documents,
    overlap,
    slots_of,
    standing_failures,
    waiting_files,
    withdrawn_revisions,
)


@dataclass(frozen=True)
class Unit:
    """One line of a month."""

    slot: str
    """What of the month it is: the n-th stretch of days (`000002`), or all of it (`000000`)."""
    part: str
    """The part's number; for days without a part, one that no part has."""
    documents: Mapping[DocumentKind, DocumentFacts] = field(default_factory=dict)
    """Those that count, without the month's report; or those of a withdrawn conversion that were found not valid."""
    is_made: bool = False
    """Whether its documents count."""
    withdrawn: Mark | None = None
    """Why its days wait for a new conversion."""

    def concerns(self, hold: HoldFacts) -> bool:
        """Whether a hold is about it. Before a conversion, holds speak of slots; later, of parts."""
        if hold.gate == "convert" or (hold.gate is None and not self.is_made):
            return overlap(hold.part, self.slot)
        return hold.part == self.part


def units_of(facts: MonthFacts) -> list[Unit]:
    """All of a month's units by part; none where nothing has come."""
    slots = slots_of(facts)
    units: list[Unit] = []
    for part, kinds in live_documents(facts).items():
        documents = dict(kinds)
        documents.pop(DocumentKind.REPORT, None)
        for revision in {document.revision for document in documents.values()}:  # one, or none
            units.append(Unit(slots.get(revision, part), part, documents, is_made=True))
    gone = withdrawn_revisions(facts)
    for conversion in awaited(facts):
        units += _awaited(facts, conversion, gone[conversion.revision], {unit.part for unit in units})
    files = [*waiting_files(facts), *(file for file, _ in standing_failures(facts))]
    for file in sorted(files, key=lambda file: file.slot, reverse=True):  # the whole month last
        if not any(overlap(file.slot, unit.slot) for unit in units):
            units.append(Unit(file.slot, free_part(file.slot, {unit.part for unit in units})))
    if not units and (facts.documents or facts.conversions or facts.files or facts.holds or facts.closed):
        units.append(Unit(WHOLE, WHOLE))
    return sorted(units, key=lambda unit: unit.part)


def _awaited(facts: MonthFacts, conversion: ConversionFacts, mark: Mark, taken: set[str]) -> Iterator[Unit]:
    """A withdrawn conversion's units: what was found not valid in it still says what has to be mended."""
    invalid: dict[str, dict[DocumentKind, DocumentFacts]] = {}
    for document in facts.documents:
        if document.revision == conversion.revision and Said.REJECTED in document.marks:
            invalid.setdefault(document.part, {})[document.kind] = document
    if not invalid:
        yield Unit(conversion.slot, free_part((*conversion.parts, conversion.slot)[0], taken), withdrawn=mark)
    for part, documents in sorted(invalid.items()):
        free = free_part(part, taken)
        yield Unit(conversion.slot, free, documents, withdrawn=mark)
        taken = taken | {free}


def free_part(part: str, taken: set[str]) -> str:
    """A part's number, or the next after all that are taken."""
    return part if part not in taken else f"{max(map(int, taken)) + 1:06}"

"""Faults put into entries as they stream by, each into one of its own."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from sandbox.errors import FaultFindsNoPlace
from sandbox.exports.records import Entry, Record
from sandbox.faults.kinds import At, EntryFault, Fault, PlanFault, RecordsFault

_SPARED: Final = 2
"""So many entries at the start stay good: a reader learns from them how amounts and dates are written."""


class Spoiler:
    """Gives entries with faults in them, from the start as often as it is asked, and knows where the faults are."""

    def __init__(self, source: Callable[[], Iterator[Entry]], faults: Sequence[Fault]) -> None:
        self._source = source
        self._everywhere = [fault.change for fault in faults if isinstance(fault, RecordsFault)]
        self._faults = [fault for fault in faults if isinstance(fault, EntryFault)]
        self._plans = [fault for fault in faults if isinstance(fault, PlanFault) and fault.at in (At.FIRST, At.HEAD)]
        self.places: dict[str, list[Record]] = {}
        """By fault, the record to which its finding points, once for each time that the entries were gone through."""

    def entries(self) -> Iterator[Entry]:
        """All entries.

        Raises:
            FaultFindsNoPlace: no entry is of the kind that a fault is about.
        """
        waiting = list(self._faults)
        following: list[EntryFault] = []
        for number, entry in enumerate(self._good()):
            if number == 0:
                for everywhere in self._plans:
                    self._place(everywhere.name, entry[0])
            while following:
                self._place(following.pop().name, entry[0])
            fault = None if number < _SPARED else next((fault for fault in waiting if fault.fits(entry)), None)
            if fault is None:
                yield entry
                continue
            waiting.remove(fault)
            spoilt = fault.change(entry)
            if fault.at is At.NEXT:
                following.append(fault)
            else:
                self._place(fault.name, _pointed_at(fault.at, entry, spoilt))
            yield from spoilt
        for fault in (*waiting, *following):
            raise FaultFindsNoPlace(fault=fault.name)

    def _good(self) -> Iterator[Entry]:
        """The entries into which single faults are put."""
        for entry in self._source():
            records = entry
            for change in self._everywhere:
                records = [change(record) for record in records]
            yield records

    def _place(self, name: str, record: Record) -> None:
        self.places.setdefault(name, []).append(record)


def _pointed_at(at: At, good: Entry, spoilt: Sequence[Entry]) -> Record:
    known = {id(record) for record in good}
    changed = [(entry, record) for entry in spoilt for record in entry if id(record) not in known]
    entry, record = changed[0] if changed else (spoilt[0], spoilt[0][0])
    if at in (At.ENTRY, At.HEAD):
        return entry[0]
    if at is At.TOTAL:
        return entry[-1]
    return changed[1][1] if at is At.SECOND else record

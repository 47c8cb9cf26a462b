"""What is wrong in the rows of one file, told at its place, and each mistake once."""

from collections import Counter
from collections.abc import Hashable
from typing import Final

from converter.problems import place_of, problem
from converter.reading.amounts import SCIENTIFIC
from converter.reading.cells import Row
from defterhane.findings import LISTED, Finding, Findings

_SHARE: Final = LISTED // 4
"""So many findings of one kind are listed for one file, lest they hide all others; what is more is counted."""

_REMEMBERED: Final = 20_000
"""So many mistakes are remembered as told."""


class RowFindings:
    """Tells what is wrong in the row at hand."""

    row: Row
    """The row at hand: whoever goes from row to row sets it."""

    def __init__(self, file: str, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._listed: Counter[str] = Counter()
        self._told: set[tuple[str, Hashable]] = set()

    def say(
        self, key: str, value: str | None = None, where: str | None = None, *, about: Hashable = None, **values: object
    ) -> None:
        """One finding. Of several `about` the same thing (other than None) the first is told alone."""
        if about is not None:
            if (key, about) in self._told:
                return
            if len(self._told) >= _REMEMBERED:
                self._told.clear()
            self._told.add((key, about))
        self.add(self.made(key, value, where, **values))

    def made(self, key: str, value: str | None = None, where: str | None = None, **values: object) -> Finding:
        """A finding at the row at hand that is not told yet."""
        return problem(key, place_of(self._file, self.row.line, self.row.cells), value, where, **values)

    def add(self, finding: Finding) -> None:
        """Tell it now."""
        self._listed[finding.rule] += 1
        if self._listed[finding.rule] <= _SHARE:
            self._findings.add(finding)
        else:
            self._findings.counts[finding.rule] += 1


def is_damaged(text: str) -> bool:
    """True for `1,00E+15`: what a spreadsheet makes of a long number. `12E7` may be somebody's number."""
    return "E+" in text and SCIENTIFIC.fullmatch(text) is not None

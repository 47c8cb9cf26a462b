"""What is wrong in the rows of one file, told at its place, and each mistake once."""

from collections import Counter
from collections.abc import Hashable
from typing import Final

from converter.problems import Kurus, place_of, problem
from converter.reading.amounts import SCIENTIFIC
from converter.reading.cells import Row
from defterhane.findings import LISTED, Finding, Findings

_SHARE: Final = LISTED // 4
"""So many findings of one kind are listed for one file, lest they hide all others; what is more is counted."""

_MISSING: Final = {
    "entry.reference_missing": "entryref",
    "entry.voucher_missing": "entrynumber",
    "entered_by.too_short": "enteredby",
    "account.main_missing": "accmainid",
    "account.main_description_missing": "accmainiddesc",
    "account.sub_missing": "accsubid",
    "account.sub_description_missing": "accsubdesc",
    "amount.missing": "amount",
    "side.unknown": "debitcreditcode",
    "document.type_missing": "documenttype",
    "document.description_missing": "documenttypedesc",
    "document.number_missing": "documentnumber",
    "document.date_missing": "documentdate",
}
"""Fields of `Cells` that must not be empty, by what is said where they are; `date.missing` names its own."""

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
        self._told: set[int] = set()
        """Hashes: what was told may be long."""

    def say(
        self,
        key: str,
        value: str | Kurus | None = None,
        where: str | None = None,
        *,
        about: Hashable = None,
        of_head: bool = False,
        **values: object,
    ) -> None:
        """One finding. Of several `about` the same thing (other than None) the first is told alone; where a field is
        empty because it cannot be read, which has been told, nothing is."""
        if self.row.told and (where if key == "date.missing" else _MISSING.get(key)) in self.row.told:
            return
        if about is not None:
            mistake = hash((key, about))
            if mistake in self._told:
                return
            if len(self._told) >= _REMEMBERED:
                self._told.clear()
            self._told.add(mistake)
        self.add(self.made(key, value, where, of_head=of_head, **values))

    def made(
        self,
        key: str,
        value: str | Kurus | None = None,
        where: str | None = None,
        *,
        of_head: bool = False,
        **values: object,
    ) -> Finding:
        """A finding at the row at hand that is not told yet; `of_head`: at its entry's head."""
        file, line = (of_head and self.row.head) or (self._file, self.row.line)
        return problem(key, place_of(file, line, self.row.cells), value, where, **values)

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

"""Counters of a taxpayer's branch: they run on over the months and parts of a fiscal year."""

from dataclasses import dataclass, replace
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.period import Period

LAST_SEQUENCE: Final = 999_999
"""A uniqueID has six digits for it (rules Y031, Y032, Y041)."""


@dataclass(frozen=True, slots=True)
class Counters:
    """The last numbers given in a fiscal year; 0 = none yet."""

    entry: int = 0
    """entryNumberCounter of the journal."""
    line: int = 0
    """lineNumber of the journal."""
    journal: int = 0
    """Sequence of the YEV uniqueIDs; the berat of a journal has its journal's."""
    ledger: int = 0
    """Sequence of the KEB uniqueIDs."""
    report: int = 0
    """Sequence of the EDR uniqueIDs."""

    def after_part(self, entries: int, lines: int) -> "Counters":
        """The counters once a part with so many entries and lines has been made."""
        return replace(
            self,
            entry=self.entry + entries,
            line=self.line + lines,
            journal=self.journal + 1,
            ledger=self.ledger + 1,
        )

    def after_report(self) -> "Counters":
        """The counters once a month's report has been made."""
        return replace(self, report=self.report + 1)


def unique_id(kind: DocumentKind, period: Period, sequence: int) -> str:
    """Prefix + YYYYMM + six digits, 15 characters: `YEV202501000001` (rules Y031, Y032, Y041).

    Raises:
        ValueError: the sequence is not 1 to 999999.
    """
    if not 1 <= sequence <= LAST_SEQUENCE:
        raise ValueError(f"a uniqueID's sequence is 1 to {LAST_SEQUENCE}, not {sequence}")
    return f"{kind.traits.unique_id_prefix}{period.compact}{sequence:06}"

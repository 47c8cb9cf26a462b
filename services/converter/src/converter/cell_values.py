"""Days and numbers in cells: read, and told where they cannot be."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from converter.kept import Kept
from converter.row_findings import RowFindings

_KNOWN_DAYS: Final = 4_000
_COUNTER_DIGITS: Final = 15
_COUNTER: Final = re.compile(rf"(\d{{1,{_COUNTER_DIGITS}}})[.,]0+", re.ASCII)
"""A spreadsheet's whole number."""


class CellValues:
    """Reads cells of the row at hand."""

    def __init__(self, findings: RowFindings, read_date: Callable[[str], date]) -> None:
        """`read_date` raises ValueError for what is no date."""
        self._findings = findings
        self._read_date = read_date
        self._days: Kept[str, str] = Kept(_KNOWN_DAYS)

    def day(self, text: str, where: str, *, report: bool = True, of_head: bool = False) -> str:
        """A day as ISO text; empty where there is none, which is told (`of_head`: of the entry's head) unless somebody
        else does."""
        day = self._days.get(text)
        if day is not None:
            return day
        try:
            day = self._read_date(text).isoformat()
        except ValueError:
            if report:
                about = (where, text, self._findings.row.cells.entryref)
                self._findings.say(
                    "date.unreadable" if text else "date.missing", text, where, about=about, of_head=of_head
                )
            return ""
        return self._days.keep(text, day, len(text))

    def counter(self, text: str, where: str) -> int | None:
        """A whole number; None where there is none, or what stands there is not one, which is told."""
        if text.isdecimal() and text.isascii() and len(text) <= _COUNTER_DIGITS:
            return int(text)
        if not text:
            return None
        match = _COUNTER.fullmatch(text)
        if match is None:
            self._findings.say("counter.unreadable", text, where)
            return None
        return int(match[1])

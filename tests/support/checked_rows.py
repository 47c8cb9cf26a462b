"""Rows checked by themselves, without the file in which they came."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from converter.reading.amounts import Amounts
from converter.reading.cells import NOTHING, Row
from converter.reading.dates import read_date
from converter.rows import RowChecker
from converter.spool import Spool
from defterhane.edefter.period import Period, Span
from defterhane.edefter.totals import AccountTotal
from defterhane.findings import Finding, Findings
from support import exports

FILE = "yevmiye.csv"


class Recorder(Spool):
    """A spool that remembers what it was given."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.lines: list[tuple[object, ...]] = []

    def add_line(self, line: tuple[object, ...], total: AccountTotal) -> None:
        self.lines.append(line)
        super().add_line(line, total)


def row(line: int, cells: Mapping[str, str]) -> Row:
    """A row of the 25 columns' names (`doctypedesc` too); other names of `Cells` are taken as well."""
    named = {"documenttypedesc" if name == "doctypedesc" else name: text for name, text in cells.items()}
    return Row(line, NOTHING._replace(**named))


def check(spool: Spool, rows: Iterable[exports.Row], *, file: str = FILE, **changes: Any) -> Findings:
    """Check rows of one file; the first stands on line 2."""
    findings = Findings()
    values: dict[str, Any] = {
        "span": Span.whole(Period(2025, 1)),
        "branch": None,
        "divisions": frozenset(),
        "currency": "TRY",
        "amounts": Amounts(),
        "read_date": read_date,
        "spool": spool,
        "findings": findings,
        **changes,
    }
    checker = RowChecker(file, **values)
    for line, cells in enumerate(rows, 2):
        checker.take(row(line, cells))
    return findings


def checked(folder: Path, rows: Iterable[exports.Row], **changes: Any) -> list[Finding]:
    """What is found in rows of one file; the first stands on line 2."""
    with Spool(folder) as spool:
        return check(spool, rows, **changes).items


def told(folder: Path, rows: Iterable[exports.Row], **changes: Any) -> list[tuple[str, int | None]]:
    """What is found, as (key, line)."""
    return [(finding.rule, finding.line) for finding in checked(folder, rows, **changes)]

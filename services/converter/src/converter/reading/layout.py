"""Layouts as data: which columns an export has, by which names they go, and in which order without names."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from converter.errors import ColumnsMissing, LayoutUnknown

DELIMITERS: Final = (";", "\t", ",", "|")
_FEW: Final = 5
"""So many known names in a first line make it a header."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: our name for it, other names seen, and whether there is no ledger without it."""

    name: str
    aliases: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A known kind of export."""

    key: str
    columns: tuple[Column, ...]
    """In the order in which they stand where the export has no header row."""

    def positions(self, cells: Sequence[str]) -> dict[str, int]:
        """Where our columns are, in a header row; the first of two cells with one name counts."""
        known = {fold(name): column.name for column in self.columns for name in (column.name, *column.aliases)}
        found: dict[str, int] = {}
        for position, cell in enumerate(cells):
            name = known.get(fold(cell))
            if name is not None:
                found.setdefault(name, position)
        return found


COLUMNS25: Final = Layout(
    "columns25",
    (
        Column("detailref"),
        Column("entryref", needed=True),
        Column("linenumber"),
        Column("linenumbercounter"),
        Column("accmainid", ("accountmainid",), needed=True),
        Column("accmainiddesc", ("accmaindesc", "accountmaindescription"), needed=True),
        Column("accsubid", ("accountsubid",)),
        Column("accsubdesc", ("accsubiddesc", "accountsubdescription")),
        Column("amount", ("tutar",), needed=True),
        Column("debitcreditcode", ("dccode", "borcalacak"), needed=True),
        Column("postingdate", needed=True),
        Column("documenttype", ("doctype",)),
        Column("documenttypedesc", ("doctypedesc", "documenttypedescription")),
        Column("documentnumber", ("docnumber",)),
        Column("documentreference", ("docreference",)),
        Column("entrynumbercounter"),
        Column("documentdate", ("docdate",)),
        Column("paymentmethod"),
        Column("detailcomment", ("linecomment",)),
        Column("erpno", ("firmno",)),
        Column("divisionno", ("branchno",)),
        Column("enteredby", needed=True),
        Column("entereddate"),
        Column("entrynumber", needed=True),
        Column("entrycomment"),
    ),
)
"""The common layout of 25 columns."""

LAYOUTS: Final = (COLUMNS25,)


@dataclass(frozen=True, slots=True)
class Sheet:
    """How one file's lines become cells, and which cell is which column."""

    layout: Layout
    delimiter: str
    quoted: bool
    """Whether `"` encloses cells; where it does not, it is a letter like others."""
    header: bool
    positions: dict[str, int]
    width: int
    """Cells in a row."""


def fold(name: str) -> str:
    """A column's name without case, blanks and punctuation, and with one kind of i."""
    return re.sub(r"[^a-z0-9çğıöşü]", "", name.replace("İ", "i").lower()).replace("ı", "i")


def records(
    rows: Iterable[str], delimiter: str, *, quoted: bool, width: int | None = None
) -> Iterator[tuple[int, list[str] | None]]:
    """Lines (each with its end) to rows of cells, with the number of the line on which each begins.

    Blank lines are left out. None stands for what cannot be read: a quote that never closes, or closes in the middle
    of a cell. Where the `width` of rows is known, a cell that has swallowed whole rows cannot be read either.
    """
    reader = csv.reader(rows, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, None
            continue
        if width is not None and reader.line_num > line and _has_swallowed_rows(cells, delimiter, width):
            yield line, None
        elif any(cells):
            yield line, cells


def split(rows: Iterable[str], delimiter: str, *, quoted: bool) -> list[list[str]]:
    """All rows of cells; what cannot be read is left out."""
    return [cells for _, cells in records(rows, delimiter, quoted=quoted) if cells is not None]


def recognise(sample: Sequence[str], file: str) -> Sheet:
    """Find layout, separator, quoting and header of a file by its first lines.

    Raises:
        LayoutUnknown: no layout fits.
        ColumnsMissing: one fits but for columns that are needed.
    """
    best: tuple[int, Layout, str, dict[str, int], list[str]] | None = None
    for layout in LAYOUTS:
        for delimiter in DELIMITERS:
            rows = split(sample[:1], delimiter, quoted=True)
            cells = rows[0] if rows else []
            positions = layout.positions(cells)
            if best is None or len(positions) > best[0]:
                best = (len(positions), layout, delimiter, positions, cells)
    assert best is not None
    known, layout, delimiter, positions, cells = best
    if known < _FEW:
        return _without_header(sample, file)
    missing = [column.name for column in layout.columns if column.needed and column.name not in positions]
    if missing:
        raise ColumnsMissing(file=file, missing=", ".join(missing))
    return Sheet(layout, delimiter, _is_quoted(sample, delimiter, len(cells)), True, positions, len(cells))


def _without_header(sample: Sequence[str], file: str) -> Sheet:
    first: list[str] = []
    for layout in LAYOUTS:
        width = len(layout.columns)
        side = next(i for i, column in enumerate(layout.columns) if column.name == "debitcreditcode")
        for delimiter in DELIMITERS:
            quoted = _is_quoted(sample, delimiter, width)
            rows = split(sample[:1], delimiter, quoted=quoted)
            cells = rows[0] if rows else []
            first = max(first, cells, key=len)
            if len(cells) == width and 0 < len(cells[side].strip()) <= len("Alacak"):
                positions = {column.name: position for position, column in enumerate(layout.columns)}
                return Sheet(layout, delimiter, quoted, False, positions, width)
    raise LayoutUnknown(
        file=file,
        columns=len(first),
        first=" | ".join(first)[:200],
        expected=", ".join(column.name for column in LAYOUTS[0].columns if column.needed),
    )


def _is_quoted(sample: Sequence[str], delimiter: str, width: int) -> bool:
    """Quotes enclose cells unless more lines fall into the right number of cells without them."""

    def fitting(*, quoted: bool) -> int:
        return sum(len(row) == width for row in split(sample, delimiter, quoted=quoted))

    return fitting(quoted=True) >= fitting(quoted=False)


def _has_swallowed_rows(cells: Sequence[str], delimiter: str, width: int) -> bool:
    return any("\n" in cell and cell.count(delimiter) >= width - 1 for cell in cells)

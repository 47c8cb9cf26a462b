"""Finds out, by its first rows, which layout a table has. What a tenant's profile says is not guessed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from converter.reading.amounts import AmountProblem, Amounts
from converter.reading.cells import NUMBERS
from converter.reading.dates import read_date, read_month_first
from converter.reading.errors import ColumnsMissing, LayoutUnknown, ProfileMismatch
from converter.reading.layout import Column, Layout, Looks, fold
from converter.reading.layouts import LAYOUTS, REPORT
from converter.reading.report_marks import is_report
from converter.reading.splitting import DELIMITERS, is_quoted, split
from defterhane.tenant import ExportProfile

_FEW: Final = 5
"""So many known names in a row make it a header."""
_TITLES: Final = 10
"""A header stands within the first so many rows."""
_LOOKED_AT: Final = 50
"""So many rows tell what a table without names is."""

SIDES: Final = frozenset({"d", "c", "b", "a", "debit", "credit", "borç", "borc", "alacak"})
"""Folded codes of debit and credit."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How one table's rows are to be taken."""

    layout: Layout
    header: int
    """Rows up to the one with the names, it included; 0 = there are no names."""
    positions: dict[str, int]
    """What a column means → where it stands."""
    width: int
    """Cells in a row."""
    least: int
    """Cells that a row has at least: names that are empty need none."""
    names: tuple[str, ...] = ()
    """The header row as it stands there."""
    unread: tuple[str, ...] = ()
    """Names of columns that nothing is made of."""
    delimiter: str = ""
    quoted: bool = False
    """Whether `"` encloses cells; where it does not, it is a letter like others."""


def recognise_text(sample: Sequence[str], file: str, profile: ExportProfile) -> Shape:
    """The shape of a text file, by its first lines.

    Raises:
        LayoutUnknown: no layout fits.
        ColumnsMissing: one fits but for columns that are needed.
        ProfileMismatch: one fits, but not the one that the profile says.
    """
    found = _find(_tables(sample, profile), sample, profile)
    if found is None:
        anyway = _find(_tables(sample, ExportProfile()), sample, ExportProfile())
        if anyway is not None:
            raise _mismatch(anyway, file, profile)
        raise _unknown([rows for _, rows in _tables(sample, profile)], file)
    return _whole(found, file, profile)


def recognise_rows(rows: Sequence[Sequence[str]], file: str, profile: ExportProfile) -> Shape:
    """The shape of a table that has rows and cells already.

    Raises:
        LayoutUnknown, ColumnsMissing, ProfileMismatch: as `recognise_text`.
    """
    width = max(map(len, rows), default=0)
    even = [[*row, *[""] * (width - len(row))] for row in rows]  # a sheet has no cells where there is nothing
    found = _find([("", even)], (), profile)
    if found is None:
        anyway = _find([("", even)], (), ExportProfile())
        if anyway is not None:
            raise _mismatch(anyway, file, profile)
        raise _unknown([rows], file)
    return _whole(found, file, profile)


_Table = tuple[str, Sequence[Sequence[str]]]


def _tables(sample: Sequence[str], profile: ExportProfile) -> list[_Table]:
    """The first lines, split by each separator that may be."""
    delimiters = (profile.delimiter,) if profile.delimiter is not None else DELIMITERS
    return [
        (delimiter, split(sample[:_LOOKED_AT], delimiter, quoted=profile.quoted is not False))
        for delimiter in delimiters
    ]


def _find(tables: Sequence[_Table], sample: Sequence[str], profile: ExportProfile) -> Shape | None:
    named = [shape for delimiter, rows in tables for shape in _by_names(rows, delimiter, profile)]
    if named and profile.header is False:
        return None
    found = max(named, key=_likeness, default=None)
    if found is None and profile.layout in (None, REPORT.key):
        found = next((_report(delimiter, rows) for delimiter, rows in tables if is_report(rows)), None)
    if found is None and profile.header is not True:
        found = next((shape for delimiter, rows in tables for shape in _by_looks(rows, delimiter, profile)), None)
    if found is None or not found.delimiter:
        return found
    quoted = profile.quoted if profile.quoted is not None else is_quoted(sample, found.delimiter, found.width)
    return replace(found, quoted=quoted)


def _layouts(profile: ExportProfile) -> Iterator[Layout]:
    return (layout for layout in LAYOUTS if profile.layout in (None, layout.key))


def _by_names(rows: Sequence[Sequence[str]], delimiter: str, profile: ExportProfile) -> Iterator[Shape]:
    for number, cells in enumerate(rows[:_TITLES], 1):
        for layout in _layouts(profile):
            positions = layout.positions(cells, profile.columns)
            if len(positions) >= _FEW:
                read = {position for target, position in positions.items() if target}
                unread = tuple(cell.strip() for position, cell in enumerate(cells) if position not in read)
                yield Shape(
                    layout,
                    number,
                    positions,
                    width=len(cells),
                    least=max(position for position, cell in enumerate(cells, 1) if cell.strip()),
                    names=tuple(cells),
                    unread=tuple(filter(None, unread)),
                    delimiter=delimiter,
                )


def _likeness(shape: Shape) -> tuple[bool, int, int]:
    return not shape.layout.missing(shape.positions), len(shape.positions), -shape.header


def _by_looks(rows: Sequence[Sequence[str]], delimiter: str, profile: ExportProfile) -> Iterator[Shape]:
    for layout in _layouts(profile):
        width = len(layout.columns)
        fitting = sum(len(row) >= width and not any(row[width:]) and _looks_like(layout, row[:width]) for row in rows)
        if fitting * 2 > sum(1 for row in rows if row):
            positions: dict[str, int] = {}
            for position, column in enumerate(layout.columns):
                positions.setdefault(column.target, position)
            unread = tuple(column.name for column in layout.columns if not column.target)
            yield Shape(layout, 0, positions, width, width, unread=unread, delimiter=delimiter)


def _looks_like(layout: Layout, row: Sequence[str]) -> bool:
    """Whether what must be there is there, and looks as it should."""
    return all(_fits(column, cell.strip()) for column, cell in zip(layout.columns, row, strict=True))


def is_row(shape: Shape, cells: Sequence[str]) -> bool:
    """Whether cells above the header are a row all the same: somebody has sorted the table, its header included."""
    filled = 0
    for column in shape.layout.columns:
        position = shape.positions.get(column.target) if column.target else None
        if column.looks is Looks.TEXT or position is None or position >= len(cells):
            continue
        cell = cells[position].strip()
        if not _fits(column, cell):
            return False
        filled += bool(cell)
    return filled > 1


def _fits(column: Column, cell: str) -> bool:
    if column.looks is Looks.TEXT or not cell or cell.upper() == "NULL":
        return True
    if column.looks is Looks.SIDE:
        return fold(cell) in SIDES
    if column.looks is Looks.AMOUNT:
        return _is_amount(cell)
    return is_date(cell)


def _is_amount(cell: str) -> bool:
    amounts = Amounts()
    amounts.learn([cell])
    try:
        amounts.read(cell)
    except AmountProblem as problem:
        return problem.key != "amount.unreadable"
    return True


def is_date(cell: str) -> bool:
    """Whether a cell is a date in any order."""
    for read in (read_date, read_month_first):
        try:
            read(cell)
        except ValueError:
            continue
        return True
    return False


def _report(delimiter: str, rows: Sequence[Sequence[str]]) -> Shape:
    width = max(map(len, rows))
    return Shape(REPORT, 0, {}, width, width, delimiter=delimiter)


def _whole(shape: Shape, file: str, profile: ExportProfile) -> Shape:
    missing = shape.layout.missing(shape.positions) if shape.header else []
    if missing:
        tr, en = shape.layout.title
        raise ColumnsMissing(file=file, missing=", ".join(missing), layout_tr=tr, layout_en=en)
    if profile.numbering == "platform":
        kept = {target: position for target, position in shape.positions.items() if target not in NUMBERS}
        return replace(shape, positions=kept)
    return shape


def _mismatch(found: Shape, file: str, profile: ExportProfile) -> ProfileMismatch:
    told = {
        "layout": (profile.layout, found.layout.key),
        "delimiter": (profile.delimiter, found.delimiter),
        "header": (profile.header, bool(found.header)),
        "quoted": (profile.quoted, found.quoted),
    }
    for what, (said, there) in told.items():
        if said is not None and said != there:
            return ProfileMismatch(file=file, what=what, said=_shown(said), found=_shown(there))
    return ProfileMismatch(file=file, what="columns", said=", ".join(profile.columns.values()), found=found.layout.key)


def _shown(value: object) -> str:
    return repr(value) if value in DELIMITERS else str(value).lower()


def _unknown(tables: Sequence[Sequence[Sequence[str]]], file: str) -> LayoutUnknown:
    firsts = [next((row for row in rows if row), ()) for rows in tables]
    first = max(firsts, key=len, default=())
    known = [
        "; ".join(f"{layout.title[n]} ({', '.join(c.name for c in layout.columns if c.needed)})" for layout in LAYOUTS)
        for n in (0, 1)
    ]
    return LayoutUnknown(
        file=file, columns=len(first), first=" | ".join(first)[:200], known_tr=known[0], known_en=known[1]
    )

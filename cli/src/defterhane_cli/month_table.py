"""The table of months that `validate` ends with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from defterhane.edefter.kinds import DocumentKind
from defterhane.figures import grouped, money
from defterhane.texts import Language, Text
from defterhane_cli.months import UNKNOWN, Row, total_of

_MISSING: Final = "–"
_TOTAL: Final = Text(tr="Toplam", en="Total")
_NO_MONTH: Final = Text(tr="ayı belirsiz", en="no month")
_WIDEST: Final = 1000
_GOES_FIRST: Final = ("lines", "entries", "signed")
"""Columns that a terminal which is too narrow goes without, in this order."""


@dataclass(frozen=True, slots=True)
class _Column:
    key: str
    heading: Text
    cell: Callable[[Row, Language], str]
    justify: str = "right"


def print_table(rows: Sequence[Row], chosen: Language, console: Console) -> None:
    """A row a month, and their sum where there are several. A terminal gets as much as fits its width."""
    columns = _columns(rows)
    for going in (None, *_GOES_FIRST):
        columns = [column for column in columns if column.key != going]
        table = _table(rows, columns, chosen)
        needed = Measurement.get(console, console.options.update(width=_WIDEST), table).maximum
        if not console.is_terminal or needed <= console.width:
            break
    if not console.is_terminal:  # a file takes lines of any length
        console = Console(file=console.file, width=needed, highlight=False, emoji=False)
    console.print(table)


def _table(rows: Sequence[Row], columns: Sequence[_Column], chosen: Language) -> Table:
    several = len(rows) > 1
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), collapse_padding=True, show_edge=False, show_footer=several)
    total = total_of(rows) if several else None
    for column in columns:
        table.add_column(
            column.heading.to(chosen),
            "" if total is None else _TOTAL.to(chosen) if column.key == "month" else column.cell(total, chosen),
            justify="right" if column.justify == "right" else "left",
            no_wrap=True,
        )
    for row in rows:
        style = "red" if row.errors else "yellow" if row.warnings else None
        table.add_row(*(column.cell(row, chosen) for column in columns), style=style)
    return table


def _columns(rows: Sequence[Row]) -> list[_Column]:
    """Taxpayers and branches are told where there are several; debit and credit together where they agree."""
    known = [row for row in rows if row.key != UNKNOWN]
    columns = [_Column("mark", Text(tr="", en=""), lambda row, _: "✗" if row.errors else "!" if row.warnings else "✓")]
    if len({row.key[0] for row in known}) > 1:
        columns.append(_Column("taxpayer", Text(tr="Mükellef", en="Taxpayer"), lambda row, _: row.key[0], "left"))
    if any(row.key[1] for row in known):
        columns.append(_Column("branch", Text(tr="Şube", en="Branch"), lambda row, _: row.key[1], "left"))
    columns.append(_Column("month", Text(tr="Ay", en="Month"), _month, "left"))
    columns.extend(_Column(kind, Text(tr=kind, en=kind), _number_of(kind)) for kind in DocumentKind)
    columns.append(_Column("signed", Text(tr="İmzalı", en="Signed"), _signed))
    columns.append(_Column("entries", Text(tr="Madde", en="Entries"), lambda row, lang: _figure(row.entries, lang)))
    columns.append(_Column("lines", Text(tr="Satır", en="Lines"), lambda row, lang: _figure(row.lines, lang)))
    if all(row.debit == row.credit for row in rows):
        both = Text(tr="Borç = alacak", en="Debit = credit")
        columns.append(_Column("amount", both, lambda row, lang: _amount(row.debit, lang)))
    else:
        columns.append(_Column("debit", Text(tr="Borç", en="Debit"), lambda row, lang: _amount(row.debit, lang)))
        columns.append(_Column("credit", Text(tr="Alacak", en="Credit"), lambda row, lang: _amount(row.credit, lang)))
    columns.append(_Column("errors", Text(tr="Hata", en="Errors"), lambda row, lang: grouped(row.errors, lang)))
    columns.append(_Column("warnings", Text(tr="Uyarı", en="Warnings"), lambda row, lang: grouped(row.warnings, lang)))
    return columns


def _month(row: Row, chosen: Language) -> str:
    return row.key[2] if row.key != UNKNOWN else _NO_MONTH.to(chosen)


def _number_of(kind: DocumentKind) -> Callable[[Row, Language], str]:
    def cell(row: Row, chosen: Language) -> str:
        number = row.documents[kind]
        return grouped(number, chosen) if number else _MISSING

    return cell


def _signed(row: Row, _: Language) -> str:
    return f"{row.signed}/{row.documents.total()}"


def _figure(number: int | None, chosen: Language) -> str:
    return _MISSING if number is None else grouped(number, chosen)


def _amount(kurus: int | None, chosen: Language) -> str:
    return _MISSING if kurus is None else money(kurus, chosen)

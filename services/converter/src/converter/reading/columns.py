"""A table whose every row is a line of an entry."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import Final

from converter.reading.amounts import AmountProblem, Amounts
from converter.reading.cells import Cells, Row
from converter.reading.dates import date_reader, read_date, read_month_first
from converter.reading.describe import describe_table
from converter.reading.errors import ProfileMismatch
from converter.reading.layout import Layout, Looks
from converter.reading.recognised import Recognised
from converter.reading.table import Table
from defterhane.findings import Findings
from defterhane.tenant import ExportProfile

_ENTRYREF: Final = ("entryref",)


class ColumnsSource:
    """Rows of the layout of 25 columns, or of any other in which a row holds all of a line.

    Raises:
        ProfileMismatch: amounts or dates are not as the profile says.
    """

    amounts: Amounts
    read_date: Callable[[str], date]
    recognised: Recognised

    def __init__(self, table: Table, profile: ExportProfile) -> None:
        self.file = table.file
        (self.amounts,) = amounts_of([table], profile)
        self.read_date = date_reader(profile.date_order)
        self.recognised = describe_table(table.file, table.shape, table.facts, self.amounts, profile)
        self._table = table

    def rows(self, findings: Findings) -> Iterator[Row]:
        """All rows; those that cannot be taken are reported and left out."""
        table = self._table
        taken = table.take(Cells._fields, findings)
        group = table.shape.layout.group
        if group == _ENTRYREF:
            for line, cells in taken:
                yield Row(line, Cells._make(cells), None, table.told)
            return
        what = itemgetter(*map(Cells._fields.index, group))
        for line, cells in taken:
            keys = what(cells)
            reference = " ".join(keys) if all(keys) else ""
            yield Row(line, Cells(reference, *cells[1:]), None, table.told)


def amounts_of(tables: Sequence[Table], profile: ExportProfile) -> list[Amounts]:
    """Reads the amounts of tables that belong together: one for each table, in their order.

    A table whose own amounts do not show their decimal mark has the others'.

    Raises:
        ProfileMismatch: they, or their dates, are not as the profile says.
    """
    learnt = [_learn(table, profile) for table in tables]
    shown = next((amounts.mark for amounts in learnt if amounts.mark is not None), None)
    for table, amounts in zip(tables, learnt, strict=True):
        amounts.mark = table.settle(amounts.mark or shown)
    return learnt


def _learn(table: Table, profile: ExportProfile) -> Amounts:
    amounts = Amounts()
    cells = [cell for target in _targets(table.shape.layout, Looks.AMOUNT) for cell in table.sample(target)]
    amounts.learn(cells)
    _check_order(table, profile)
    if profile.decimal_mark is not None:
        check_mark(table.file, cells, profile.decimal_mark)
        amounts.mark = profile.decimal_mark
    return amounts


def _targets(layout: Layout, looks: Looks) -> list[str]:
    return [column.target for column in layout.columns if column.looks is looks and column.target]


def check_mark(file: str, cells: list[str], mark: str) -> None:
    """An amount that is one with the other mark only."""
    said, other = Amounts(), Amounts()
    said.mark = mark
    for cell in cells:
        try:
            said.read(cell)
        except AmountProblem:
            try:
                other.read(cell)
            except AmountProblem:
                continue
            if other.mark not in (None, mark):
                raise ProfileMismatch(file=file, what="decimal_mark", said=mark, found=cell) from None


def _check_order(table: Table, profile: ExportProfile) -> None:
    """A date that is one in another order only."""
    if profile.date_order is None:
        return
    read = date_reader(profile.date_order)
    for target in _targets(table.shape.layout, Looks.DATE):
        for cell in table.sample(target):
            if not _is(read, cell) and (_is(read_date, cell) or _is(read_month_first, cell)):
                raise ProfileMismatch(file=table.file, what="date_order", said=profile.date_order, found=cell)


def _is(read: Callable[[str], date], cell: str) -> bool:
    try:
        read(cell)
    except ValueError:
        return False
    return True

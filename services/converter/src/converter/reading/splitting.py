"""Lines of text to rows of cells."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

DELIMITERS: Final = (";", "\t", ",", "|")


def records(
    rows: Iterable[str], delimiter: str, *, quoted: bool, width: int | None = None
) -> Iterator[tuple[int, int, list[str] | None]]:
    """Lines (each with its end) to rows of cells, with the numbers of the lines on which each begins and ends.

    Blank lines are left out. None stands for what cannot be read: a quote that never closes, or closes in the middle
    of a cell. Where the `width` of rows is known, a cell that has swallowed whole rows cannot be read either.
    """
    reader = csv.reader(rows, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE, strict=True)
    last = 0
    while True:
        try:
            for cells in reader:
                first, last = last + 1, reader.line_num
                if first != last and width is not None and _has_swallowed_rows(cells, delimiter, width):
                    yield first, last, None
                elif any(cells):
                    yield first, last, cells
        except csv.Error:
            first, last = last + 1, reader.line_num
            yield first, last, None
        else:
            return


def split(rows: Iterable[str], delimiter: str, *, quoted: bool) -> list[list[str]]:
    """All rows of cells; one that cannot be read has none."""
    return [cells or [] for _, _, cells in records(rows, delimiter, quoted=quoted)]


def is_quoted(sample: Sequence[str], delimiter: str, width: int) -> bool:
    """Quotes enclose cells unless more lines fall into the right number of cells without them."""

    def fitting(*, quoted: bool) -> int:
        return sum(len(row) == width for row in split(sample, delimiter, quoted=quoted))

    return fitting(quoted=True) >= fitting(quoted=False)


def _has_swallowed_rows(cells: Sequence[str], delimiter: str, width: int) -> bool:
    return any("\n" in cell and cell.count(delimiter) >= width - 1 for cell in cells)

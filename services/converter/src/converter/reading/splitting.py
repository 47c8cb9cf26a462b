"""Lines of text to rows of cells."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from converter.reading.text import LINE_LIMIT

DELIMITERS: Final = (";", "\t", ",", "|")
_LINES: Final = 1000
_CHARACTERS: Final = 1024 * 1024
"""A row of cells stands on so few lines, and has so few characters on those behind its first."""
_AGAIN: Final = 100_000
"""So many lines of one file are looked at once more at most."""

_Record = tuple[int, int, list[str] | None]


def records(rows: Iterable[str], delimiter: str, *, quoted: bool, width: int | None = None) -> Iterator[_Record]:
    """Lines (each with its end) to rows of cells, with the numbers of the lines on which each begins and ends.

    Blank lines are left out. None stands for what cannot be read: a quote that never closes, or closes in the middle
    of a cell. Where the `width` of rows is known, a cell that has swallowed whole rows cannot be read either, and
    those rows are found again.
    """
    return _Records(rows, delimiter, quoted=quoted, width=width).read()


class _Records:
    def __init__(self, rows: Iterable[str], delimiter: str, *, quoted: bool, width: int | None) -> None:
        self._rows = iter(rows)
        self._delimiter = delimiter
        self._quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
        self._width = width
        self._held: list[str] = []
        """The lines of the row at hand."""
        self._back: deque[str] = deque()
        """Lines that are to be looked at once more…"""
        self._doubtful = 0
        """…up to this one: what does not look like a row belongs to the row that has swallowed it."""
        self._again = _AGAIN

    def read(self) -> Iterator[_Record]:
        csv.field_size_limit(LINE_LIMIT)  # lines are bounded already: a long text is no broken quote
        last = 0
        held = self._held
        while True:
            reader = csv.reader(self._feed(), delimiter=self._delimiter, quoting=self._quoting, strict=True)
            try:
                for cells in reader:
                    if len(held) == 1 and last >= self._doubtful:  # as nearly all
                        last += 1
                        held.clear()
                        if any(cells):
                            yield last, last, cells
                        continue
                    first, last = last + 1, last + len(held)
                    is_sure = first > self._doubtful
                    if first != last and self._has_swallowed_rows(cells):
                        last = self._give_back(first)
                        if is_sure:
                            yield first, last, None
                    elif any(cells) and (is_sure or len(cells) == self._width):
                        yield first, last, cells
                    held.clear()
            except csv.Error:
                is_sure = last + 1 > self._doubtful
                first, last = last + 1, self._give_back(last + 1)
                if is_sure:
                    yield first, last, None
                held.clear()
            else:
                return

    def _feed(self) -> Iterator[str]:
        """Lines, as long as there are some, and one row does not take too many of them."""
        held, back = self._held, self._back
        size = 0
        while True:
            line = back.popleft() if back else next(self._rows, None)
            if line is None:
                return
            if held:
                size += len(line)
                if len(held) >= _LINES or size > _CHARACTERS:
                    back.appendleft(line)
                    return
            else:
                size = 0
            held.append(line)
            yield line

    def _give_back(self, first: int) -> int:
        """Look once more at all lines of an unreadable row but its first; returns the last line that is done with."""
        held = self._held
        last = first + len(held) - 1
        if self._width is None or not len(held) - 1 <= self._again:
            return last
        self._again -= len(held) - 1
        self._back.extendleft(reversed(held[1:]))
        self._doubtful = max(self._doubtful, last)
        return first

    def _has_swallowed_rows(self, cells: Sequence[str]) -> bool:
        width = self._width
        return width is not None and any(
            "\n" in cell and cell.count(self._delimiter) >= max(width - 1, 1) for cell in cells
        )


def split(rows: Iterable[str], delimiter: str, *, quoted: bool) -> list[list[str]]:
    """All rows of cells; one that cannot be read has none."""
    return [cells or [] for _, _, cells in records(rows, delimiter, quoted=quoted)]


def is_quoted(sample: Sequence[str], delimiter: str, width: int) -> bool:
    """Quotes enclose cells unless more lines fall into the right number of cells without them.

    Where cells are plainly enclosed in most lines, a few that fall apart are those with a quote too many.
    """
    plain = split(sample, delimiter, quoted=False)
    quoted = split(sample, delimiter, quoted=True)
    if sum(len(row) == width for row in quoted) >= sum(len(row) == width for row in plain):
        return True
    return 2 * sum(map(_is_enclosed, plain)) > len(plain)


def _is_enclosed(row: Sequence[str]) -> bool:
    """Whether most of its cells that are not empty stand between quotes."""
    cells = [cell for cell in map(str.strip, row) if cell]
    return 2 * sum(len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in cells) > len(cells)

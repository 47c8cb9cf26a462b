"""The rows of a report of vouchers, each with what it is: texts that go on in a second row are put together again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from converter.reading.layout import plain
from converter.reading.report_lines import cell_of
from converter.reading.report_marks import Mark, columns_of, mark_of

_TEXT_LIMIT: Final = 10_000
"""Characters of a text that goes on from row to row."""
_TITLES: Final = 50
_TITLE_LENGTH: Final = 1000
_DIGIT: Final = re.compile(r"\d", re.ASCII)
_NO_LETTER: Final = re.compile(r"[\W\d_]+")
_PAGE: Final = ("sayfa", "page")
_LABEL: Final = re.compile(r"\s*[^:]{1,30}:")
"""`Düzenleyen: …`: no text goes on like that."""


class Marked(NamedTuple):
    """One row, and what it is."""

    line: int
    mark: Mark
    row: list[str]
    columns: Mapping[str, int]
    """What stands where."""


def marked_rows(raw: Iterator[tuple[int, list[str]]] | Iterator[tuple[int, list[str] | None]]) -> Iterator[Marked]:
    """All rows with their lines. Pages' heads and the like are `OTHER`; `STRAY` are those nobody can account for."""
    return _Marking().rows(raw)


class _Marking:
    def __init__(self) -> None:
        self._columns: dict[str, int] = {}
        self._titles: set[str] = set()
        """What stands above the first voucher: each page may begin with it again."""
        self._has_begun = False
        self._is_open = False
        """Between a voucher's column row and its total."""
        self._is_over = True
        """There is no voucher, or it has had its total."""
        self._held: Marked | None = None
        """What may go on in the next row."""
        self._last: tuple[int, Sequence[str]] = (0, ())

    def rows(self, raw: Iterator[tuple[int, list[str]]] | Iterator[tuple[int, list[str] | None]]) -> Iterator[Marked]:
        for line, row in raw:
            if row is None:
                yield from self._release()
                yield Marked(line, Mark.UNREADABLE, [], self._columns)
                continue
            mark = mark_of(row, self._columns)
            if mark is Mark.LINE and self._says_little(row) and self._is_title(row):
                mark = Mark.OTHER  # a page's number under one of the columns
            elif mark is Mark.OTHER and not self._is_title(row):
                if self._goes_on(line, row):
                    continue
                mark = Mark.STRAY if self._is_open else mark
            elif mark is not Mark.OTHER:
                mark = self._follow(mark, row)
            yield from self._release()
            self._last = line, row
            self._held = Marked(line, mark, row, self._columns)
        yield from self._release()

    def _follow(self, mark: Mark, row: Sequence[str]) -> Mark:
        if mark is Mark.COLUMNS:
            self._columns = columns_of(row) or {}
            self._is_open = not self._is_over
        elif mark is Mark.VOUCHER:
            self._has_begun, self._is_open, self._is_over = True, False, False
        elif mark in (Mark.TOTAL, Mark.GRAND_TOTAL):
            self._is_open, self._is_over = False, True
        elif mark is Mark.LINE and self._is_over:
            return Mark.STRAY
        return mark

    def _says_little(self, row: Sequence[str]) -> bool:
        code, *sides = (cell_of(row, self._columns, name) for name in ("code", "debit", "credit"))
        return not code[:1].isdecimal() and not any(map(_DIGIT.search, sides))

    def _is_title(self, row: Sequence[str]) -> bool:
        """Whether a row is of a page's head, or a mere rule."""
        told = "".join(row)[:_TITLE_LENGTH]
        if not any(map(str.isalnum, told)):
            return True
        words = _NO_LETTER.sub("", told).casefold()
        if not self._has_begun and len(self._titles) < _TITLES:
            self._titles.add(words)
        return plain(told).startswith(_PAGE) or (words in self._titles if words else False)

    def _goes_on(self, line: int, row: Sequence[str]) -> bool:
        """Put the texts of a row that has nothing else to those of the row above it."""
        held = self._held
        above, cells = self._last
        if held is None or held.mark not in (Mark.LINE, Mark.COMMENT):
            return False
        if line != above + 1 + sum(cell.count("\n") for cell in cells):
            return False
        filled = [position for position, cell in enumerate(row) if cell.strip()]
        if held.mark is Mark.LINE:
            texts = {self._columns.get("name"), self._columns.get("comment")}
            fits = all(position in texts for position in filled)
        else:
            fits = not _LABEL.match(row[filled[0]]) and all(
                position < len(held.row) and held.row[position].strip() for position in filled
            )
        if not fits or sum(map(len, (*held.row, *row))) > _TEXT_LIMIT:
            return False
        for position in filled:
            held.row.extend([""] * (position + 1 - len(held.row)))
            held.row[position] = f"{held.row[position].strip()} {row[position].strip()}".strip()
        self._last = line, row
        return True

    def _release(self) -> Iterator[Marked]:
        held, self._held = self._held, None
        if held is not None:
            yield held

"""A workbook's sheet: rows of cells, streamed."""

from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Final

from lxml import etree

from converter.problems import Place, of_error, problem
from converter.reading.errors import CellInError, WorkbookBroken, WorkbookTooLarge
from converter.reading.layout import Looks
from converter.reading.recognise import Shape, recognise_rows
from converter.reading.sheet_values import Number, column_of, day_text, number_text
from converter.reading.tidying import tidied
from converter.reading.workbook import SheetPart, Workbook, local_name, text_of
from defterhane.findings import Findings
from defterhane.tenant import ExportProfile

_ROWS: Final = 1_048_576
_COLUMNS: Final = 256
"""No layout has more; a lone cell far to the right is damage."""
_SAMPLE: Final = 200
_REFERENCE: Final = 20


class Sheet:
    """One sheet as a table.

    Raises:
        LayoutUnknown, ColumnsMissing, ProfileMismatch, WorkbookBroken, WorkbookTooLarge: it cannot be read.
    """

    def __init__(self, workbook: Workbook, part: SheetPart, file: str, hidden: str, profile: ExportProfile) -> None:
        """`hidden` names the sheets that are not read because they are hidden."""
        self.file = file
        self._workbook = workbook
        self._part = part
        self._hidden = hidden
        self._mark = "."
        self._sample = [cells for _, cells in islice(self.raw(), _SAMPLE)]
        self.shape: Shape = recognise_rows(self._sample, file, profile)

    @property
    def facts(self) -> dict[str, str]:
        """Sheet, hidden sheets, header."""
        return {
            "sheet": self._part.name,
            "sheets_unread": self._hidden,
            "header": str(bool(self.shape.header)).lower(),
        }

    def sample(self, target: str) -> list[str]:
        """Some texts of one column; what was typed as a number tells nothing of how numbers are written."""
        column = self.shape.positions.get(target)
        if column is None:
            return []
        rows = self._sample[self.shape.header :]
        return [row[column].strip() for row in rows if column < len(row) and not isinstance(row[column], Number)]

    def settle(self, mark: str | None) -> str | None:
        """Typed numbers are written with the mark that texts have; with a point where there are none."""
        self._mark = mark or "."
        return self._mark

    def raw(self) -> Iterator[tuple[int, list[str]]]:
        """All rows that hold anything, with their numbers."""
        return self._rows(None)

    def take(self, targets: Sequence[str], findings: Findings) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Of each row below the header: its number, and its cells by what they mean."""
        shape = self.shape
        width = shape.width
        pick = itemgetter(*(shape.positions.get(target, width) for target in targets))
        amounts = [
            shape.positions[column.target]
            for column in shape.layout.columns
            if column.looks is Looks.AMOUNT and column.target in shape.positions
        ]
        for line, cells in islice(self._rows(findings), shape.header, None):
            if any(map(str.strip, cells[width:])):
                place = Place(self.file, line)
                findings.add(problem("row.columns", place, " | ".join(cells), found=len(cells), expected=width))
                continue
            del cells[width:]
            cells.extend([""] * (width + 1 - len(cells)))
            for column in amounts:
                if isinstance(cells[column], Number):
                    cells[column] = cells[column].replace(".", self._mark)
            yield line, tidied(self.file, line, targets, pick(cells), findings)

    def _rows(self, findings: Findings | None) -> Iterator[tuple[int, list[str]]]:
        last = 0
        for element in self._workbook.stream(self._part.part, "row"):
            said = element.get("r", "")
            line = int(said) if said.isdecimal() and len(said) < _REFERENCE else last + 1
            if not last < line <= _ROWS:
                raise WorkbookBroken(file=self.file, part=f"{self._part.part}: row {line}")
            last = line
            cells = self._cells(element, line, findings)
            if any(cells):
                yield line, cells

    def _cells(self, row: etree._Element, line: int, findings: Findings | None) -> list[str]:
        cells: list[str] = []
        for element in row.iterchildren("{*}c"):
            reference = element.get("r", "")[:_REFERENCE]
            column = column_of(reference) if reference else len(cells)
            text = self._cell(element, reference, line, findings)
            if column is None:
                raise WorkbookBroken(file=self.file, part=f"{self._part.part}: {reference}")
            if not text:
                continue
            if column >= _COLUMNS:
                raise WorkbookTooLarge(file=self.file, part=reference, limit=f"{_COLUMNS} sütun / columns")
            if column < len(cells):
                raise WorkbookBroken(file=self.file, part=f"{self._part.part}: {reference}")
            cells += [""] * (column - len(cells))
            cells.append(text)
        return cells

    def _cell(self, element: etree._Element, reference: str, line: int, findings: Findings | None) -> str:
        kind = element.get("t", "n")
        if kind == "inlineStr":
            return text_of(element)
        raw = None
        is_formula = False
        for child in element:  # quicker than asking for each by its name
            name = local_name(child)
            if name == "v":
                raw = child.text or ""
            elif name == "f":
                is_formula = True
        if raw is None or (is_formula and not raw and kind == "n"):  # a formula's text may be empty, a number not
            if is_formula and findings is not None:
                findings.add(problem("formula.without_value", Place(self.file, line), where=reference))
            return ""
        if kind == "e":
            if findings is not None:
                error = CellInError(file=self.file, line=line, cell=reference, value=raw[:20])
                findings.add(of_error(error, self.file))
            return ""
        try:
            return self._value(kind, raw.strip() if kind != "str" else raw, element.get("s", "0"))
        except (ValueError, IndexError):
            raise WorkbookBroken(file=self.file, part=f"{self._part.part}: {reference or line}") from None

    def _value(self, kind: str, raw: str, style: str) -> str:
        if kind == "s":
            return self._workbook.texts[int(raw)]
        if kind in ("str", "b", "d") or not raw:
            return raw
        number = int(style)
        if self._workbook.is_date(number):
            day = day_text(raw, counts_from_1904=self._workbook.counts_from_1904)
            if day is not None:
                return day
        text = number_text(raw)
        digits = self._workbook.digits(number)
        return text.zfill(digits) if digits else text

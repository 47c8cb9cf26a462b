"""A workbook's sheet: rows of cells, streamed."""

from collections.abc import Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Final, NamedTuple

from lxml import etree
from openpyxl.utils import get_column_letter

from converter.problems import Place, of_error, problem
from converter.reading.errors import CellInError, WorkbookBroken, WorkbookTooLarge
from converter.reading.layout import Looks
from converter.reading.recognise import Shape, is_row, recognise_rows
from converter.reading.sheet_values import Number, column_of, day_text, number_text
from converter.reading.tidying import place_by, tidied
from converter.reading.workbook import SheetPart, Workbook, local_name, text_of
from defterhane.findings import Findings
from defterhane.tenant import ExportProfile

_ROWS: Final = 1_048_576
_COLUMNS: Final = 256
"""No layout has more; a lone cell far to the right is damage."""
_LETTERS: Final = [get_column_letter(column + 1) for column in range(_COLUMNS)]
_SAMPLE: Final = 200
_REFERENCE: Final = 20
_KNOWN: Final = 20_000
"""So many values are remembered as texts…"""
_SHORT: Final = 100
"""…if they have fewer characters."""


class _Trouble(NamedTuple):
    """A cell that says nothing, though something stands in it."""

    column: int
    cell: str
    """As users know it: `B7`."""
    shown: str | None
    """The error that it shows; None = a formula without its result."""


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
        self.told: tuple[str, ...] = ()
        self._mark = "."
        self._values: dict[tuple[str, str, str], str] = {}
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
        troubles: list[_Trouble] = []
        for row in self._rows(troubles):
            yield row
            troubles.clear()

    def take(self, targets: Sequence[str], findings: Findings) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Of each row below the header: its number, and its cells by what they mean."""
        shape = self.shape
        width = shape.width
        positions = [shape.positions.get(target, width) for target in targets]
        pick = itemgetter(*positions)
        amounts = [
            shape.positions[column.target]
            for column in shape.layout.columns
            if column.looks is Looks.AMOUNT and column.target in shape.positions
        ]
        troubles: list[_Trouble] = []
        for number, (line, cells) in enumerate(self._rows(troubles)):
            if number < shape.header and not is_row(shape, cells):
                troubles.clear()
                continue
            if any(map(str.strip, cells[width:])):
                place = Place(self.file, line)
                findings.add(problem("row.columns", place, " | ".join(cells), found=len(cells), expected=width))
                troubles.clear()
                continue
            del cells[width:]
            cells.extend([""] * (width + 1 - len(cells)))
            for column in amounts:
                if isinstance(cells[column], Number):
                    cells[column] = cells[column].replace(".", self._mark)
            picked = tidied(self.file, line, targets, pick(cells), findings)
            self.told = ()
            if troubles:
                self._tell(troubles, place_by(self.file, line, targets, picked), findings)
                at = {trouble.column for trouble in troubles}
                self.told = tuple(target for target, column in zip(targets, positions, strict=True) if column in at)
                troubles.clear()
            yield line, picked

    def _tell(self, troubles: Sequence["_Trouble"], place: Place, findings: Findings) -> None:
        """What is wrong in a row's cells, told at the voucher and the account that the row names."""
        for trouble in troubles:
            if trouble.shown is None:
                findings.add(problem("formula.without_value", place, where=trouble.cell))
            else:
                error = CellInError(file=self.file, line=place.line, cell=trouble.cell, value=trouble.shown)
                told = of_error(error, self.file)
                known = {"entry": place.entry, "voucher": place.voucher, "account": place.account}
                findings.add(told.model_copy(update={name: value or None for name, value in known.items()}))

    def _rows(self, troubles: list["_Trouble"]) -> Iterator[tuple[int, list[str]]]:
        """Rows that hold anything. `troubles` gets what is wrong in their cells; whoever tells it empties it."""
        last = 0
        for element in self._workbook.stream(self._part.part, "row"):
            said = element.get("r", "")
            line = int(said) if said.isdecimal() and len(said) < _REFERENCE else last + 1
            if not last < line <= _ROWS:
                raise WorkbookBroken(file=self.file, part=f"{self._part.part}: row {line}")
            last = line
            cells = self._cells(element, line, troubles)
            if troubles or any(cells):
                yield line, cells

    def _cells(self, row: etree._Element, line: int, troubles: list["_Trouble"]) -> list[str]:
        cells: list[str] = []
        column = -1
        number = str(line)
        known = self._values
        space = str(row.tag).removesuffix("row")
        tag, value = f"{space}c", f"{space}v"
        for element in row:
            if element.tag != tag:
                continue
            reference = element.get("r", "")
            column += 1
            # Most cells stand next to the one before: quicker to compare than to understand.
            if reference and not (column < _COLUMNS and reference == _LETTERS[column] + number):
                reference = reference[:_REFERENCE]
                found = column_of(reference)
                if found is None:
                    raise WorkbookBroken(file=self.file, part=f"{self._part.part}: {reference}")
                column = found
            text = None
            if len(element) == 1 and (child := element[0]).tag == value:
                text = known.get((element.get("t", "n"), element.get("s", "0"), child.text or ""))
            if text is None:
                text = self._cell(element, reference or number, column, troubles)
            if not text:
                continue
            if column >= _COLUMNS:
                raise WorkbookTooLarge(file=self.file, part=reference, limit=f"{_COLUMNS} sütun / columns")
            if column != len(cells):
                if column < len(cells):
                    raise WorkbookBroken(file=self.file, part=f"{self._part.part}: {reference}")
                cells += [""] * (column - len(cells))
            cells.append(text)
        return cells

    def _cell(self, element: etree._Element, reference: str, column: int, troubles: list["_Trouble"]) -> str:
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
            if is_formula:
                troubles.append(_Trouble(column, reference, None))
            return ""
        if kind == "e":
            troubles.append(_Trouble(column, reference, raw[:20]))
            return ""
        style = element.get("s", "0")
        try:
            text = self._value(kind, raw.strip() if kind != "str" else raw, style)
        except (ValueError, IndexError):
            raise WorkbookBroken(file=self.file, part=f"{self._part.part}: {reference}") from None
        if not is_formula and len(raw) < _SHORT and len(text) < _SHORT:
            if len(self._values) >= _KNOWN:
                self._values.clear()
            self._values[kind, style, raw] = text
        return text

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

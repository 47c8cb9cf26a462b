"""One CSV or text file to rows of named cells, streamed."""

import io
from collections.abc import Callable, Iterator
from itertools import islice
from operator import itemgetter

from converter.problems import Place, problem
from converter.reading.amounts import Amounts
from converter.reading.archive import Member
from converter.reading.cells import Cells, Row
from converter.reading.clean import clean, is_clean
from converter.reading.layout import Sheet, recognise, records, split
from converter.reading.text import SAMPLE, TextFormat, lines, sniff
from defterhane.findings import Finding, Findings

NULL = frozenset({"NULL", "null", "Null", "(null)", "<null>", "<NULL>"})
"""What database tools write where there is nothing."""


class Table:
    """A file whose encoding, separator, columns and decimal mark have been found out.

    Raises:
        LayoutUnknown, ColumnsMissing, LineTooLong, ArchiveDamaged: it cannot be read.
    """

    def __init__(self, member: Member) -> None:
        self.file = member.name
        self.amounts = Amounts()
        self._member = member
        with member.open() as stream:
            self._form = sniff(stream)
        with member.open() as stream:
            head = io.BytesIO(stream.read(SAMPLE))
        sample = _whole_lines(head, self._form, self.file)
        self.is_empty = not sample
        if not self.is_empty:
            self._sheet = recognise(sample, self.file)
            self._learn_amounts(sample)

    def rows(self, findings: Findings) -> Iterator[Row]:
        """All rows but the header; those of a wrong number of cells are reported and left out."""
        if self.is_empty:
            return
        sheet = self._sheet
        pick = _picker(sheet)
        with self._member.open() as stream:
            source = lines(stream, self._form, self.file)
            found = records(source, sheet.delimiter, quoted=sheet.quoted, width=sheet.width)
            for line, cells in islice(found, int(sheet.header), None):
                if cells is None:
                    findings.add(problem("row.unreadable", Place(self.file, line)))
                    continue
                if len(cells) < sheet.width or any(cell.strip() for cell in cells[sheet.width :]):
                    findings.add(self._misfit(line, cells))
                    continue
                cells[sheet.width :] = [""]  # what a column that the file lacks is read from
                yield Row(line, self._tidy(line, pick(cells), findings))

    def _tidy(self, line: int, cells: tuple[str, ...], findings: Findings) -> Cells:
        if is_clean("".join(cells)):
            return Cells._make(["" if cell in NULL else cell.strip() for cell in cells])
        tidy = []
        changed = []
        for name, cell in zip(Cells._fields, cells, strict=True):
            text, was_changed = ("", False) if cell in NULL else clean(cell)
            tidy.append(text)
            if was_changed:
                changed.append(name)
        told = Cells._make(tidy)
        for name in changed:
            findings.add(problem("text.cleaned", place_of(self.file, line, told), where=name))
        return told

    def _misfit(self, line: int, cells: list[str]) -> Finding:
        return problem(
            "row.columns",
            Place(self.file, line),
            value=self._sheet.delimiter.join(cells),
            found=len(cells),
            expected=self._sheet.width,
        )

    def _learn_amounts(self, sample: list[str]) -> None:
        sheet = self._sheet
        column = sheet.positions["amount"]
        rows = split(sample[int(sheet.header) :], sheet.delimiter, quoted=sheet.quoted)
        self.amounts.learn(row[column].strip() for row in rows if len(row) == sheet.width)


def place_of(file: str, line: int, cells: Cells) -> Place:
    """Where a row's problem is."""
    return Place(
        file,
        line,
        cells.entrynumbercounter or cells.linenumbercounter,
        cells.entrynumber,
        cells.accsubid or cells.accmainid,
    )


def _whole_lines(head: io.BytesIO, form: TextFormat, file: str) -> list[str]:
    size = head.getbuffer().nbytes
    found = [line for line in islice(lines(head, form, file), 1000) if line.strip()]
    # The sample's last line may be cut in the middle, unless the sample is all there is.
    return found[:-1] if size == SAMPLE and len(found) > 1 else found


def _picker(sheet: Sheet) -> Callable[[list[str]], tuple[str, ...]]:
    positions = [sheet.positions.get(name, sheet.width) for name in Cells._fields]
    return itemgetter(*positions)

"""One text file with columns, to rows of clean cells, streamed."""

import io
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import Protocol

from converter.problems import Place, problem
from converter.reading.archive import Member
from converter.reading.layout import plain
from converter.reading.recognise import Shape, is_row, recognise_text
from converter.reading.splitting import records, split
from converter.reading.text import SAMPLE, Lines, TextFormat, sniff
from converter.reading.tidying import NULL, tidied
from defterhane.findings import Finding, Findings
from defterhane.tenant import ExportProfile


class Table(Protocol):
    """Rows of cells under known columns: a text file, or a workbook's sheet."""

    file: str
    """As users know it."""
    shape: Shape
    told: tuple[str, ...]
    """What cells of the row at hand mean that say nothing, which `take` has told."""

    @property
    def facts(self) -> dict[str, str]:
        """What it is like besides its shape: encoding, line ends, sheet."""
        ...

    def sample(self, target: str) -> list[str]:
        """Some cells of one column; none where it is not there."""
        ...

    def settle(self, mark: str | None) -> str | None:
        """Take note of the decimal mark that amounts have, as far as it is known; returns what they have then."""
        ...

    def raw(self) -> Iterator[tuple[int, list[str]]] | Iterator[tuple[int, list[str] | None]]:
        """All rows with their lines, whatever is in them; None = not to be read."""
        ...

    def take(self, targets: Sequence[str], findings: Findings) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Of each row below the header: its line, and its cells by what they mean, empty where there is no such column.

        Rows that cannot be taken are reported and left out.
        """
        ...


class TextTable:
    """A text file whose encoding, separator and columns have been found out.

    Raises:
        LayoutUnknown, ColumnsMissing, ProfileMismatch, LineTooLong, ArchiveDamaged: it cannot be read.
    """

    def __init__(self, member: Member, form: TextFormat, sample: list[str], profile: ExportProfile) -> None:
        self.file = member.name
        self.form = form
        self.told: tuple[str, ...] = ()
        self._member = member
        self._sample = sample
        self.shape = recognise_text(sample, self.file, profile)

    @property
    def facts(self) -> dict[str, str]:
        """Encoding, line ends, separator, quoting, header."""
        return {
            "encoding": self.form.family,
            "line_ends": self.form.line_ends,
            "separator": self.shape.delimiter,
            "quoted": str(self.shape.quoted).lower(),
            "header": str(bool(self.shape.header)).lower(),
        }

    def sample(self, target: str) -> list[str]:
        """Some cells of one column; none where it is not there."""
        shape = self.shape
        column = shape.positions.get(target)
        if column is None:
            return []
        rows = split(self._sample, shape.delimiter, quoted=shape.quoted)[shape.header :]
        fitting = (row for row in rows if len(row) >= shape.least and not any(row[shape.width :]))
        return [row[column].strip() for row in fitting if column < len(row)]

    def settle(self, mark: str | None) -> str | None:
        """All amounts are texts, and their mark is what they show."""
        return mark

    def raw(self) -> Iterator[tuple[int, list[str] | None]]:
        """All rows with their lines, whatever is in them; None = not to be read."""
        with self._member.open() as stream:
            lines = Lines(stream, self.form, self.file, self.shape.delimiter)
            for line, _, cells in records(lines, self.shape.delimiter, quoted=self.shape.quoted):
                yield line, cells

    def take(self, targets: Sequence[str], findings: Findings) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Of each row below the header: its line, and its cells by what they mean."""
        shape = self.shape
        width = shape.width
        pick = itemgetter(*(shape.positions.get(target, width) for target in targets))
        last_name = shape.names[shape.least - 1] if shape.header else None
        with self._member.open() as stream:
            lines = Lines(stream, self.form, self.file, shape.delimiter)
            found = records(lines, shape.delimiter, quoted=shape.quoted, width=width)
            above = (one for one in islice(found, shape.header) if one[2] is not None and is_row(shape, one[2]))
            for line, last, cells in chain(above, found):
                if cells is None:
                    findings.add(problem("row.unreadable", Place(self.file, line)))
                    continue
                if len(cells) != width:
                    if len(cells) < shape.least or any(cell.strip() for cell in cells[width:]):
                        findings.add(self._misfit(line, cells))
                        continue
                    del cells[width:]
                    cells.extend([""] * (width - len(cells)))
                if cells[shape.least - 1] == last_name and list(map(plain, cells)) == list(map(plain, shape.names)):
                    continue  # files that were put together, each with its header
                cells.append("")  # what a column that the file lacks is read from
                picked = pick(cells)
                # A row of one line was seen with its block; one of several may begin in an earlier block.
                if lines.unclean or last != line:
                    yield line, tidied(self.file, line, targets, picked, findings)
                elif lines.padded or lines.nulls:
                    stripped = [cell.strip(" ") for cell in picked]
                    yield line, tuple(["" if cell in NULL else cell for cell in stripped])
                else:
                    yield line, picked

    def _misfit(self, line: int, cells: list[str]) -> Finding:
        return problem(
            "row.columns",
            Place(self.file, line),
            value=self.shape.delimiter.join(cells),
            found=len(cells),
            expected=self.shape.width,
        )


def first_lines(member: Member, form: TextFormat) -> list[str]:
    """The first lines that are not blank, each whole."""
    with member.open() as stream:
        head = stream.read(SAMPLE)
    found = [line for line in islice(Lines(io.BytesIO(head), form, member.name), 1000) if line.strip()]
    # The sample's last line may be cut in the middle, unless the sample is all there is.
    return found[:-1] if len(head) == SAMPLE and len(found) > 1 else found


def text_form(member: Member, profile: ExportProfile) -> TextFormat:
    """Encoding and line ends of a file.

    Raises:
        ProfileMismatch: not the encoding that the profile says.
    """
    with member.open() as stream:
        return sniff(stream, member.name, profile.encoding)

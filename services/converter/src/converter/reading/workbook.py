"""An Excel workbook as the package that it is: which sheets it has, its texts and its formats.

Its parts are read by the same bounded reader as all XML from outside, row by row: a library that loads them first is
too late to bound them, and one that gives values gives floats. What formats mean is asked of openpyxl.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from lxml import etree
from openpyxl.styles.numbers import builtin_format_code, is_date_format

from converter.reading.errors import WorkbookBroken, WorkbookKind, WorkbookTooLarge
from converter.reading.shared_texts import SharedTexts
from defterhane.documents.errors import XmlRefused
from defterhane.documents.safe_xml import CHUNK, Bounds, Reader, parse_small
from defterhane.zips import DAMAGE, Flaw, ZipBounds, ZipFlaw, open_zip

_ZIP: Final = ZipBounds(members=2000)
_PART: Final = 8 * 1024 * 1024
"""Bytes of any part that is loaded whole: formats are the largest of them."""
_STREAMED: Final = Bounds(size=4 * 1024**3, piece=8_000_000, elements=100_000, seconds=24 * 3600)
"""A piece is one row, or one text."""
_SHEETS: Final = 100
_MAIN: Final = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
    }
)
_MACROS: Final = ("vbaproject", "macrosheets/", "activex/")
_DATE: Final = "date"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet, not read yet."""

    name: str
    part: str
    hidden: bool


class Workbook:
    """A workbook that is open. Nothing in it is calculated, and nothing outside it is looked at."""

    def __init__(self, archive: zipfile.ZipFile, name: str, scratch: Path) -> None:
        self._archive = archive
        self.name = name
        self.sheets: tuple[SheetPart, ...]
        self.counts_from_1904 = False
        main = self._main_part()
        related = self._related(main)
        self.sheets = self._find_sheets(main, related)
        self._dates, self._zeros = self._formats(related.get("styles"))
        self.texts = SharedTexts(scratch)
        if "sharedStrings" in related:
            self._load_texts(related["sharedStrings"])

    def is_date(self, style: int) -> bool:
        """Whether cells of that style show a number as a day."""
        return style in self._dates

    def digits(self, style: int) -> int:
        """To so many digits a style fills numbers with zeros (`00000`); 0 = it does not."""
        return self._zeros.get(style, 0)

    def stream(self, part: str, tag: str) -> Iterator[etree._Element]:
        """The elements of that name in a part, each let go of once the next is asked for.

        Raises:
            WorkbookBroken: the part is not to be read.
        """
        reader = Reader((f"{{*}}{tag}",), _STREAMED)
        try:
            with self._archive.open(part) as stream:
                while data := stream.read(CHUNK):
                    reader.feed(data)
                    for element in reader.elements():
                        yield element
                        reader.release(element)
            reader.close()
        except XmlRefused as refused:
            raise WorkbookBroken(file=self.name, part=f"{part}: {refused.problem.text.en}") from None
        except (*DAMAGE, KeyError):
            raise WorkbookBroken(file=self.name, part=part) from None

    # ---- what is loaded whole ------------------------------------------------------------------------------------

    def _main_part(self) -> str:
        if any(mark in name.lower() for name in self._archive.namelist() for mark in _MACROS):
            raise WorkbookKind(file=self.name)
        for element in self._parsed("[Content_Types].xml"):
            kind = element.get("ContentType", "")
            if kind in _MAIN:
                return element.get("PartName", "").lstrip("/")
            if "macroEnabled" in kind or "sheet.binary" in kind:
                raise WorkbookKind(file=self.name)
        raise WorkbookBroken(file=self.name, part="[Content_Types].xml")

    def _related(self, main: str) -> dict[str, str]:
        """Parts by the ids under which the workbook names them, and by their kinds."""
        folder, name = posixpath.split(main)
        found = {}
        for element in self._parsed(f"{folder}/_rels/{name}.rels".lstrip("/")):
            if element.get("TargetMode") == "External":
                continue
            target = element.get("Target", "")
            part = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))
            found[element.get("Id", "")] = part
            found.setdefault(element.get("Type", "").rpartition("/")[2], part)
        return found

    def _find_sheets(self, main: str, related: dict[str, str]) -> tuple[SheetPart, ...]:
        root = self._parsed(main)
        names = set(self._archive.namelist())
        found = []
        for element in root.iter():
            local = local_name(element)
            if local == "workbookPr":
                self.counts_from_1904 = element.get("date1904") in ("1", "true")
            elif local == "sheet":
                number = next((value for key, value in element.attrib.items() if str(key).endswith("}id")), "")
                part = related.get(str(number), "")
                if part not in names:
                    raise WorkbookBroken(file=self.name, part=element.get("name", "?")[:100])
                hidden = element.get("state", "visible") != "visible"
                found.append(SheetPart(element.get("name", "?")[:100], part, hidden))
        if len(found) > _SHEETS:
            raise WorkbookTooLarge(file=self.name, part="sheets", limit=_SHEETS)
        return tuple(found)

    def _formats(self, part: str | None) -> tuple[frozenset[int], dict[int, int]]:
        """Styles that show days, and styles that fill with zeros."""
        if part is None:
            return frozenset(), {}
        root = self._parsed(part)
        codes = {element.get("numFmtId"): element.get("formatCode", "") for element in root.iter("{*}numFmt")}
        dates, zeros = set(), {}
        for style, element in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
            number = element.get("numFmtId", "0")
            code = codes.get(number) or (builtin_format_code(int(number)) if number.isdecimal() else None) or ""
            if is_date_format(code[:255]):
                dates.add(style)
            elif len(code) > 1 and not code.strip("0"):
                zeros[style] = len(code)
        return frozenset(dates), zeros

    def _load_texts(self, part: str) -> None:
        for element in self.stream(part, "si"):
            self.texts.add(text_of(element))

    def _parsed(self, part: str) -> etree._Element:
        try:
            if self._archive.getinfo(part).file_size > _PART:
                raise WorkbookTooLarge(file=self.name, part=part, limit=f"{_PART // 1024 // 1024} MiB")
            return parse_small(self._archive.read(part), _PART)
        except XmlRefused as refused:
            raise WorkbookBroken(file=self.name, part=f"{part}: {refused.problem.text.en}") from None
        except (*DAMAGE, KeyError):
            raise WorkbookBroken(file=self.name, part=part) from None


@contextmanager
def open_workbook(file: IO[bytes], name: str, scratch: Path) -> Iterator[Workbook]:
    """Open a workbook; what does not fit in memory lies in `scratch`.

    Raises:
        WorkbookKind, WorkbookBroken, WorkbookTooLarge: it is not read.
    """
    try:
        with open_zip(file, _ZIP) as archive:
            workbook = Workbook(archive, name, scratch)
            with workbook.texts:
                yield workbook
    except ZipFlaw as flaw:
        if flaw.flaw in (Flaw.COUNT, Flaw.SIZE, Flaw.RATIO, Flaw.SHARED):
            raise WorkbookTooLarge(file=name, part=flaw.member or "ZIP", limit=flaw.limit) from None
        raise WorkbookBroken(file=name, part=flaw.member or "ZIP") from None


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments and the like."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def text_of(element: etree._Element) -> str:
    """The text of a string item, without what is written above it to tell how it is read."""
    alone = element
    while len(alone) == 1 and local_name(alone) != "rPh":
        alone = alone[0]
    if not len(alone) and isinstance(tag := alone.tag, str) and tag.endswith("}t"):
        return alone.text or ""
    found = io.StringIO()
    for node in element.iter("{*}t"):
        parent = node.getparent()
        if parent is None or local_name(parent) != "rPh":
            found.write(node.text or "")
    return found.getvalue()

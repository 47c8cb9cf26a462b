"""Reading drops in tests, without converting them: rows, findings, and what files were taken for."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from converter.errors import DropUnusable
from converter.reading.archive import open_drop
from converter.reading.cells import Row
from converter.reading.recognised import Recognised
from converter.reading.sources import open_sources
from defterhane.findings import Findings
from defterhane.tenant import ExportProfile
from support.drops import zipped


@dataclass
class Read:
    """What came out of a drop."""

    rows: list[Row] = field(default_factory=list)
    amounts: list[int | str] = field(default_factory=list)
    """Kuruş, or the key of what is wrong with it; both sides of a row that has both are left as text."""
    days: list[str] = field(default_factory=list)
    recognised: list[Recognised] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    error: str | None = None
    """The key of what stopped it all."""
    message: str = ""

    @property
    def told(self) -> list[tuple[str, int | None]]:
        """What was found: (key, line)."""
        return [(finding.rule, finding.line) for finding in self.findings]

    def column(self, name: str) -> list[str]:
        """One field of all rows."""
        return [getattr(row.cells, name) for row in self.rows]


def read_file(folder: Path, file: Path, profile: Mapping[str, Any] | None = None, name: str | None = None) -> Read:
    """Read a dropped file."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    read = Read()
    said = ExportProfile(**profile) if profile is not None else None
    try:
        with open_drop(file, name or file.name) as drop:
            for source in open_sources(drop, said, scratch, read.findings, "Ö.M."):
                read.recognised.append(source.recognised)
                for row in source.rows(read.findings):
                    read.rows.append(row)
                    read.amounts.append(_amount(source, row.cells.amount))
                    read.days.append(_day(source, row.cells.postingdate))
    except DropUnusable as error:
        read.error = error.problem.key
        read.message = error.problem.text.en
    assert list(scratch.iterdir()) == []
    return read


def read_members(folder: Path, members: Mapping[str, bytes | str], **profile: Any) -> Read:
    """Read a ZIP of several files."""
    data = {name: content.encode() if isinstance(content, str) else content for name, content in members.items()}
    return read_file(folder, zipped(folder / "1234567808-202501.zip", data), profile or None)


def read_text(folder: Path, content: bytes | str, **profile: Any) -> Read:
    """Read one file in a ZIP."""
    return read_members(folder, {"kayıtlar.csv": content}, **profile)


def workbook(*sheets: tuple[str, Iterable[Sequence[object]]], hidden: Iterable[str] = ()) -> bytes:
    """An Excel workbook, as a program writes it that keeps to the letter."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        if title in hidden:
            sheet.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _amount(source: Any, text: str) -> int | str:
    try:
        return int(source.amounts.read(text))
    except ValueError as error:
        return str(getattr(error, "key", text))


def _day(source: Any, text: str) -> str:
    try:
        return str(source.read_date(text))
    except ValueError:
        return ""


def with_shared_texts(book: bytes) -> bytes:
    """The workbook with its texts in one part for all sheets, as Excel itself writes them."""
    texts: list[str] = []

    def share(match: re.Match[str]) -> str:
        texts.append(match[2] or "")
        return f't="s"{match[1]}><v>{len(texts) - 1}</v>'

    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for name in (name for name in old.namelist() if name != "xl/sharedStrings.xml"):
            text = old.read(name).decode()
            if name.startswith("xl/worksheets/sheet"):
                text = _INLINE.sub(share, text)
            elif name == "[Content_Types].xml" and kind not in text:
                part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/>'
                text = text.replace("</Types>", f"{part}</Types>")
            elif name == "xl/_rels/workbook.xml.rels" and relation not in text:
                part = f'<Relationship Id="rIdT" Type="{relation}" Target="sharedStrings.xml"/>'
                text = text.replace("</Relationships>", f"{part}</Relationships>")
            new.writestr(name, text)
        items = "".join(f"<si><t>{text}</t></si>" for text in texts)
        new.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{items}</sst>')
    return content.getvalue()


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_INLINE = re.compile(r't="inlineStr"([^>]*)><is><t[^>]*?(?:/>|>([^<]*)</t>)</is>')

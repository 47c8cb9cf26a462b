"""The layouts by name, and the files of an export in each of them."""

import codecs
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal, Protocol

from sandbox.errors import LayoutUnknown, NotInLayout
from sandbox.exports.records import Entry, Plan
from sandbox.exports.report import report_lines
from sandbox.exports.tables import Style, Table, columns23, columns25, csv_lines, header_detail
from sandbox.exports.trees import xml_lines
from sandbox.exports.workbooks import write_workbook

LayoutName = Literal["columns25", "header-detail", "columns23", "xml", "report"]
LAYOUTS: Final[tuple[LayoutName, ...]] = ("columns25", "header-detail", "columns23", "xml", "report")
"""Every layout that can be written."""

TABLES: Final[dict[str, Callable[[Plan], tuple[Table, ...]]]] = {
    "columns25": columns25,
    "header-detail": header_detail,
    "columns23": columns23,
}
"""The layouts that are tables."""

_PLAIN: Final = Style()
_VENDOR: Final = Style(encoding="cp1254", newline="\r", nothing="NULL")
_TURKISH: Final = Style(encoding="cp1254", newline="\r\n", turkish=True)
_PIECE: Final = 1 << 18

Entries = Callable[[], Iterator[Entry]]
"""The entries from the start, as often as they are needed."""
Lines = Callable[[Iterator[str]], Iterator[str]]
"""A change to a file's lines."""


class Member(Protocol):
    """One file of an export."""

    @property
    def name(self) -> str:
        """Its name."""

    def pieces(self, entries: Entries, change: Lines) -> Iterator[bytes]:
        """Its bytes; `change` is done to its lines, where it has lines."""


@dataclass(frozen=True, slots=True)
class TextMember:
    """A file of lines."""

    name: str
    encoding: str
    lines: Callable[[Iterable[Entry]], Iterator[str]]

    def pieces(self, entries: Entries, change: Lines) -> Iterator[bytes]:
        """Its bytes."""
        return codecs.iterencode(change(self.lines(entries())), self.encoding, "replace")


@dataclass(frozen=True, slots=True)
class WorkbookMember:
    """An Excel workbook."""

    name: str
    tables: tuple[Table, ...]
    plan: Plan

    def pieces(self, entries: Entries, change: Lines) -> Iterator[bytes]:
        """Its bytes; it has no lines that could be changed."""
        del change
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "export.xlsx")
            write_workbook(file, self.tables, self.name, self.plan, entries)
            with file.open("rb") as stream:
                while piece := stream.read(_PIECE):
                    yield piece


def members(plan: Plan, layout: str, stem: str, *, workbook: bool) -> tuple[Member, ...]:
    """The files of an export, whose names begin with `stem`.

    Raises:
        LayoutUnknown, NotInLayout: there is no such layout, or not as a workbook.
    """
    if layout not in LAYOUTS:
        raise LayoutUnknown(layout=layout, known=", ".join(LAYOUTS))
    if workbook and layout not in TABLES:
        raise NotInLayout(layout=layout, option="xlsx")
    if plan.vendor_habits and layout != "columns25":
        raise NotInLayout(layout=layout, option="vendor-habits")
    if layout == "xml":
        name = f"{stem}.xml"
        return (TextMember(name, "utf-8", partial(xml_lines, name, plan)),)
    if layout == "report":
        name = f"{stem}.csv"
        return (TextMember(name, "utf-8-sig", partial(report_lines, name, plan)),)
    tables = TABLES[layout](plan)
    if workbook or layout == "columns23":
        return (WorkbookMember(f"{stem}.xlsx", tables, plan),)
    style = _TURKISH if layout == "header-detail" else _VENDOR if plan.vendor_habits else _PLAIN
    return tuple(_csv(table, style, stem, plan) for table in tables)


def _csv(table: Table, style: Style, stem: str, plan: Plan) -> TextMember:
    name = "-".join(filter(None, (stem, table.key))) + ".csv"
    return TextMember(name, style.encoding, partial(csv_lines, table, style, name, plan))

"""Tables as Excel workbooks: streamed, with the same bytes for the same entries."""

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.xml.functions import tostring

from sandbox.errors import SheetTooSmall
from sandbox.exports.records import Entry, Plan
from sandbox.exports.tables import DAYS, MONEY, Table, rows

ROWS: Final = 1_048_576
"""So many rows a sheet has, its header among them."""
_PIECE: Final = 1 << 18
_PROPERTIES: Final = "docProps/core.xml"

Value = str | Decimal | date | None


def write_workbook(
    target: Path, tables: Sequence[Table], file: str, plan: Plan, entries: Callable[[], Iterator[Entry]]
) -> None:
    """Write a workbook with a sheet for each table; tells each record where it stands.

    Raises:
        SheetTooSmall: there are more records than a sheet has rows.
    """
    if plan.lines >= ROWS:
        raise SheetTooSmall(lines=plan.lines, limit=ROWS - 1)
    stamp = datetime(plan.period.year, plan.period.month, 1)  # noqa: DTZ001 — a workbook's own, without a zone
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "ERP"
    for table in tables:
        sheet = workbook.create_sheet(table.title)
        sheet.append([name for name, _ in table.columns])
        shapes = [_shape(what) for _, what in table.columns]
        place = f"{file} [{table.title}]" if len(tables) > 1 else file
        for line, (record, cells) in enumerate(rows(table, plan, entries()), 2):
            record.file, record.line = place, line
            sheet.append([shape(cell) for shape, cell in zip(shapes, cells, strict=True)])
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder, "workbook.xlsx")
        workbook.save(written)
        workbook.properties.created = workbook.properties.modified = stamp
        _pack_again(written, target, stamp, tostring(workbook.properties.to_tree()))


def _pack_again(source: Path, target: Path, stamp: datetime, properties: bytes) -> None:
    """openpyxl tells the hour in the workbook's properties and in its ZIP: ours tell the month instead."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, stamp.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            if name == _PROPERTIES:
                new.writestr(info, properties)
                continue
            with old.open(name) as reading, new.open(info, "w", force_zip64=True) as writing:
                while piece := reading.read(_PIECE):
                    writing.write(piece)


def _shape(what: str) -> Callable[[str], Value]:
    if what in MONEY:
        return _number
    return _day if what in DAYS else lambda text: text or None


def _number(text: str) -> Value:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return text


def _day(text: str) -> Value:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return text

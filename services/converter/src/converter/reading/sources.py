"""The files of a drop, each as a source of rows in the neutral form."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Final, Protocol, TypeAlias

from converter.errors import DropUnusable
from converter.problems import Place, problem
from converter.reading.amounts import Amounts
from converter.reading.archive import Drop, Member
from converter.reading.cells import Row
from converter.reading.columns import ColumnsSource, amounts_of
from converter.reading.errors import DetailsMissing, HeadsMissing, LayoutUnknown
from converter.reading.heads import Heads
from converter.reading.joined import DetailSource, HeadSource
from converter.reading.layouts import DETAIL, HEAD, REPORT
from converter.reading.markup import XmlSource, is_markup
from converter.reading.recognised import Recognised
from converter.reading.report import ReportSource
from converter.reading.sheet import Sheet
from converter.reading.table import Table, TextTable, first_lines, text_form
from converter.reading.workbook import Workbook, open_workbook
from defterhane.findings import Findings
from defterhane.tenant import ExportProfile
from defterhane.zips import STARTS


class Source(Protocol):
    """Rows from one file, and how its amounts and dates are to be read."""

    file: str
    """As users know it: the member's name, with the sheet's where a workbook has several."""
    amounts: Amounts
    read_date: Callable[[str], date]
    """Raises ValueError for what is no date."""
    recognised: Recognised

    def rows(self, findings: Findings) -> Iterator[Row]:
        """All rows, in the file's order; what cannot be read is reported and left out.

        Raises:
            DropUnusable: the file cannot be read to its end.
        """
        ...


_Opened: TypeAlias = Table | XmlSource
_EMPTY: Final = ExportProfile()


def open_sources(
    drop: Drop, profile: ExportProfile | None, scratch: Path, findings: Findings, entered_by: str = ""
) -> Iterator[Source]:
    """The drop's files in order, empty ones left out; each is to be read before the next is asked for.

    `scratch` is a folder for what needs unpacking or joining; nothing is left in it. `entered_by` stands in for
    exports that do not say who entered a voucher.

    Raises:
        DropUnusable: a file fits no layout, or not the profile.
    """
    profile = profile or _EMPTY
    with ExitStack() as stack:
        opened = [one for member in drop.members for one in _open(member, profile, scratch, findings, stack)]
        tables = [one for one in opened if not isinstance(one, XmlSource)]
        joined = _join(tables, profile, scratch, findings, stack)
        for one in opened:
            if isinstance(one, XmlSource):
                yield one
            elif one.file in joined:
                yield joined[one.file]
            elif one.shape.layout is REPORT:
                yield ReportSource(one, profile, scratch, entered_by)
            else:
                yield ColumnsSource(one, profile)


def _open(
    member: Member, profile: ExportProfile, scratch: Path, findings: Findings, stack: ExitStack
) -> Iterator[_Opened]:
    """What one file holds, told by its first bytes."""
    with member.open() as stream:
        start = stream.read(4)
    if start in STARTS:
        file = stack.enter_context(member.on_disk(scratch))
        workbook = stack.enter_context(open_workbook(file, member.name, scratch))
        yield from _sheets(workbook, profile, findings)
        return
    form = text_form(member, profile)
    sample = first_lines(member, form)
    if not sample:
        return
    if is_markup(sample):
        yield XmlSource(member, form, profile)
    else:
        yield TextTable(member, form, sample, profile)


def _sheets(workbook: Workbook, profile: ExportProfile, findings: Findings) -> Iterator[Sheet]:
    """The sheets that are shown and hold a known layout; others are told of, unless there is no known one."""
    hidden = ", ".join(sheet.name for sheet in workbook.sheets if sheet.hidden)
    shown = [sheet for sheet in workbook.sheets if not sheet.hidden]
    found = 0
    unknown: LayoutUnknown | None = None
    for sheet in shown:
        if next(workbook.stream(sheet.part, "c"), None) is None:
            continue
        file = workbook.name if len(shown) == 1 else f"{workbook.name} [{sheet.name}]"
        try:
            yield Sheet(workbook, sheet, file, hidden, profile)
            found += 1
        except LayoutUnknown as error:
            unknown = unknown or error
            findings.add(problem("file.ignored", Place(workbook.name), value=file))
    if unknown is not None and not found:
        raise unknown


def _join(
    tables: list[Table], profile: ExportProfile, scratch: Path, findings: Findings, stack: ExitStack
) -> dict[str, "HeadSource | DetailSource"]:
    """Tables of heads and tables of their lines, as sources by their files' names."""
    heads = [table for table in tables if table.shape.layout is HEAD]
    details = [table for table in tables if table.shape.layout is DETAIL]
    if not heads and not details:
        return {}
    if not heads or not details:
        missing: type[DropUnusable] = DetailsMissing if heads else HeadsMissing
        raise missing(file=(heads or details)[0].file)
    kept = stack.enter_context(Heads(scratch))
    together = [*heads, *details]
    sources: dict[str, HeadSource | DetailSource] = {}
    for table, amounts in zip(together, amounts_of(together, profile), strict=True):
        if table.shape.layout is HEAD:
            source = HeadSource(table, amounts, profile)
            source.keep(kept, findings)
            sources[table.file] = source
        else:
            sources[table.file] = DetailSource(table, amounts, profile, kept, last=table is details[-1])
    return sources

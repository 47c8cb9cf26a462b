"""Made-up ERP exports of any size: a plausible trading firm's month, the same for the same seed, in every layout."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from defterhane.edefter.period import Period, Span
from sandbox.errors import DaysElsewhere, NotInLayout, NotUnpacked, SampleImpossible, TooFewLines
from sandbox.exports.attachments import pdf
from sandbox.exports.layouts import LAYOUTS, Entries, LayoutName, Member, members
from sandbox.exports.records import COLUMNS25, Entry, Plan, entries
from sandbox.exports.report import TOTAL_BELOW
from sandbox.faults.catalogue import choose
from sandbox.faults.kinds import At, BytesFault, DropFault, Expected, Fault, LinesFault
from sandbox.faults.spoiling import Spoiler

__all__ = ["COLUMNS25", "LAYOUTS", "LayoutName", "write_sample"]

_UNPACKED: Final = {".csv": ".csv", ".txt": ".csv", ".xlsx": ".xlsx", ".xml": ".xml"}
"""Suffixes of exports that are no ZIP, and the suffix that such a file would have in one."""
_PIECE: Final = 1 << 16


def write_sample(
    target: Path,
    *,
    tax_id: str,
    period: Period,
    lines: int,
    seed: int = 0,
    vendor_habits: bool = False,
    layout: str = "columns25",
    workbook: bool = False,
    branch: str | None = None,
    days: Span | None = None,
    numbered: bool = True,
    foreign_currency: bool = False,
    attachments: int = 0,
    files: int = 1,
    faults: Sequence[str] = (),
) -> tuple[Expected, ...]:
    """Write an export of exactly so many lines; the same arguments give the same bytes.

    It is a ZIP, unless the target's name ends like that of a file that needs none (`.csv`, `.txt`, `.xlsx`, `.xml`).
    The same seed gives the same entries in every layout, as far as the layout can tell them.

    Args:
        vendor_habits: as one vendor writes it: Windows-1254, CR line ends, `NULL` where there is nothing, whole lira
            without decimals.
        layout: one of `LAYOUTS`.
        workbook: tables as an Excel workbook, instead of CSV.
        branch: four digits; None = the head office.
        days: the days of the month that it tells of; None = all.
        numbered: whether it numbers entries and lines, in the layouts that can.
        foreign_currency: whether sales abroad tell their amounts in the buyer's currency too.
        attachments: so many PDF files go into the ZIP.
        files: the records are cut in so many files of the ZIP.
        faults: names of `sandbox.faults.catalogue.FAULTS`; each is put into a place of its own.

    Returns:
        The findings that must come of the faults, in their order.

    Raises:
        SampleImpossible: what was asked for does not go together.
    """
    if lines < 2:
        raise TooFewLines(lines=lines)
    if days is not None and Period.of(days.start) != period:
        raise DaysElsewhere(start=days.start, end=days.end, period=period)
    plan = Plan(tax_id, period, lines, seed, vendor_habits, branch, days, numbered, foreign_currency)
    chosen = choose(faults, layout, workbook=workbook)
    stem = plan.stem
    for fault in chosen:
        plan = fault.plan(plan)
    spoiler = Spoiler(partial(entries, plan), chosen)
    stems = [f"{stem}-{number}" for number in range(1, files + 1)] if files > 1 else [stem]
    parts = [members(plan, layout, stem, workbook=workbook) for stem in stems]
    if files > 1 and len(parts[0]) > 1:
        raise NotInLayout(layout=layout, option="files")
    contents = list(_contents(parts, spoiler.entries, chosen, lines))
    of_drop = [fault.change for fault in chosen if isinstance(fault, DropFault)]
    suffix = target.suffix.lower()
    unpacked = suffix in _UNPACKED
    if unpacked and (len(contents) > 1 or attachments or of_drop):
        raise NotUnpacked(path=target)
    if unpacked and not contents[0][0].endswith(_UNPACKED[suffix]):
        raise NotInLayout(layout=layout, option=suffix)
    try:
        if unpacked:
            with target.open("wb") as stream:
                stream.writelines(contents[0][1])
        else:
            _write_zip(target, [*contents, *_papers(attachments)], (period.year, period.month, 1, 0, 0, 0))
    except SampleImpossible:
        target.unlink()
        raise
    for change in of_drop:
        change(target)
    return tuple(_expected(fault, spoiler, contents[0][0]) for fault in chosen)


_T = TypeVar("_T")
Content = tuple[str, Iterator[bytes]]
"""One file of an export: its name and its bytes."""


def _contents(
    files: Sequence[Sequence[Member]], source: Entries, faults: Sequence[Fault], lines: int
) -> Iterator[Content]:
    """What is in each file; faults of lines and bytes are in the first alone."""
    of_lines = [fault.change for fault in faults if isinstance(fault, LinesFault)]
    of_bytes = [fault.change for fault in faults if isinstance(fault, BytesFault)]
    for index, part in enumerate(files):
        share = partial(_share, source, index, len(files), lines) if len(files) > 1 else source
        for member in part:
            yield member.name, _through(of_bytes, member.pieces(share, partial(_through, of_lines)))
            of_lines, of_bytes = [], []


def _through(changes: Iterable[Callable[[Iterator[_T]], Iterator[_T]]], stream: Iterator[_T]) -> Iterator[_T]:
    for change in changes:
        stream = change(stream)
    return stream


def _share(source: Entries, index: int, files: int, lines: int) -> Iterator[Entry]:
    """The entries that go into one of several files of about the same size."""
    told = 0
    for entry in source():
        if min(told * files // lines, files - 1) == index:
            yield entry
        told += len(entry)


def _papers(count: int) -> Iterator[Content]:
    for number in range(1, count + 1):
        yield f"ekler/belge-{number:04}.pdf", iter([pdf(f"Belge {number}")])


def _write_zip(target: Path, contents: Iterable[Content], stamp: tuple[int, int, int, int, int, int]) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for name, pieces in contents:
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            # Lines come one by one: they are gathered, for each write has its price.
            with archive.open(info, "w", force_zip64=True) as member, io.BufferedWriter(member, _PIECE) as stream:
                stream.writelines(pieces)


def _expected(fault: Fault, spoiler: Spoiler, first: str) -> Expected:
    file, line, voucher, account = None, None, None, None
    if fault.name in spoiler.places:
        written = [record for record in spoiler.places[fault.name] if record.line]
        # Where there is a table of heads, the entries were gone through for it first.
        record = written[0 if fault.at is At.HEAD else -1]
        file, line = record.file, record.line + (TOTAL_BELOW if fault.at is At.TOTAL else 0)
        voucher = record.entrynumber if fault.at not in (At.SECOND, At.LINE) else None
        account = (record.accsubid or record.accmainid) if fault.at in (At.ROW, At.SECOND) else None
    elif fault.at is At.FILE:
        file, line = first, fault.line if isinstance(fault, LinesFault) else None
    return Expected(
        fault=fault.name,
        key=fault.key,
        file=file,
        line=line,
        voucher=voucher or None,
        account=account or None,
        value=fault.value,
        times=fault.times,
        also=fault.also,
    )

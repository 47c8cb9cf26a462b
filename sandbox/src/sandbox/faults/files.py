"""Faults of whole files: of encodings, XML files, workbooks and reports."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from sandbox.errors import FaultFindsNoPlace
from sandbox.faults.kinds import BytesFault, LinesFault

_XML: Final = frozenset({"xml"})
_WORKBOOK: Final = frozenset({"columns23"})
_REPORT: Final = frozenset({"report"})
_ENTRY_ENDS: Final = "</MuhasebeKaydi>\n"
_WHO: Final = re.compile("<Girisci>.*?</Girisci>")
_FEW: Final = 20
"""So many lines are the start of a sample, not all of it."""
_OLD_WORKBOOK: Final = bytes.fromhex("d0cf11e0a1b11ae1")
"""What the workbooks of old programs begin with."""


def _one_entry_open(lines: Iterator[str]) -> Iterator[str]:
    is_open = False
    for line in lines:
        if line == _ENTRY_ENDS and not is_open:
            is_open = True
            continue
        yield line


def _cut(lines: Iterator[str]) -> Iterator[str]:
    yield from islice(lines, _FEW)


def _with_entity(lines: Iterator[str]) -> Iterator[str]:
    yield next(lines)
    yield '<!DOCTYPE Edefter [<!ENTITY firma "ÖRNEK">]>\n'
    yield from lines


def _another_root(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line.replace("Edefter>", "Fatura>").replace("MuhasebeKayitlari>", "Satirlar>")


def _heads_below(lines: Iterator[str]) -> Iterator[str]:
    """Who entered a voucher is told below its lines."""
    who = ""
    for line in lines:
        if line == _ENTRY_ENDS:
            yield f"{who}\n"
        found = _WHO.search(line)
        who = found[0] if found else who
        yield _WHO.sub("", line)


def _in_dollars(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line.replace(";TL;", ";USD;")


def _half(pieces: Iterator[bytes]) -> Iterator[bytes]:
    first = next(pieces)
    yield first[: len(first) // 2]


def _of_an_old_program(pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield _OLD_WORKBOOK + next(pieces)


def _one_line_in_another_encoding(pieces: Iterator[bytes]) -> Iterator[bytes]:
    done = False
    for number, line in enumerate(pieces):
        if done or number < _FEW or line.isascii():
            yield line
        else:
            done = True
            try:
                text = line.decode()
            except UnicodeDecodeError:  # the whole file is in the other encoding
                raise FaultFindsNoPlace(fault="encodings-mixed") from None
            yield text.encode("cp1254")


FILES: Final = (
    BytesFault(
        "encodings-mixed", "text.cleaned",
        "UTF-8 dosyanın bir satırı Windows-1254.", "One line of a file in UTF-8 is in Windows-1254.",
        _one_line_in_another_encoding, layouts=frozenset({"columns25", "report"}), text_only=True, times=None,
    ),
    LinesFault(
        "xml-nested-wrongly", "xml.unreadable",
        "Bir MuhasebeKaydi kapanmamış.", "One MuhasebeKaydi is never closed.",
        _one_entry_open, layouts=_XML,
    ),
    LinesFault(
        "xml-cut-off", "xml.unreadable",
        "XML dosyası yarım kalmış.", "The XML file is cut off.",
        _cut, layouts=_XML,
    ),
    LinesFault(
        "xml-with-entity", "xml.unreadable",
        "XML dosyasında DTD var.", "The XML file has a DTD.",
        _with_entity, layouts=_XML,
    ),
    LinesFault(
        "xml-of-something-else", "xml.root_unknown",
        "XML kayıt aktarımı değil, fatura.", "The XML is no export of entries, but an invoice.",
        _another_root, layouts=_XML,
    ),
    LinesFault(
        "xml-out-of-order", "xml.order",
        "Fişin başlığı satırlarından sonra geliyor.", "What is said of a voucher stands below its lines.",
        _heads_below, layouts=_XML,
    ),
    BytesFault(
        "workbook-of-old-program", "workbook.kind",
        "Adı .xlsx olan eski bir .xls dosyası.", "An old .xls file by the name of .xlsx.",
        _of_an_old_program, layouts=_WORKBOOK,
    ),
    BytesFault(
        "workbook-cut-off", "workbook.broken",
        "Çalışma kitabı yarım kalmış.", "The workbook is cut off.",
        _half, layouts=_WORKBOOK,
    ),
    LinesFault(
        "report-in-dollars", "report.currency",
        "Rapor dolar cinsinden.", "The report is in dollars.",
        _in_dollars, layouts=_REPORT, times=None,
    ),
)  # fmt: skip

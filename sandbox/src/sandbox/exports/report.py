"""The layout that looks like a printed list of vouchers: titles, and for each voucher its accounts and totals."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final

from sandbox.exports.records import Entry, Plan
from sandbox.exports.tables import on_side, totals, turkish_amount, turkish_day

_WIDTH: Final = 6
"""Cells in each of its lines."""
TOTAL_BELOW: Final = 2
"""A voucher's total stands so many lines below its last record."""
_COLUMNS: Final = ("HESAP KODU", "HESAP ADI", "AÇIKLAMA", "DETAY", "BORÇ", "ALACAK")
_BEFORE_THOUSANDS: Final = re.compile(r"(?<=\d)(?=(?:\d{3})+,)")


def report_lines(file: str, plan: Plan, entries: Iterable[Entry]) -> Iterator[str]:
    """The file's lines, each with its end; tells each record where it stands."""
    span = plan.span
    titles = ("MAHSUP FİŞLERİ DÖKÜMÜ", f"{span.start:%d/%m/%Y} - {span.end:%d/%m/%Y}", "")
    yield from map(_line, titles)
    line = len(titles)
    for entry in entries:
        head = entry[0]
        day = turkish_day(head.entereddate).replace(".", "/")
        yield _line(f"{head.entrynumber}-----{head.entrynumber}-----MAHSUP-----{day}", "", "", "TL")
        yield _line(*_COLUMNS)
        line += 2
        for record in entry:
            line += 1
            record.file, record.line = file, line
            sides = (_grouped(on_side(record, side)) for side in "DC")
            text = _line(record.accsubid or record.accmainid, record.accsubdesc, record.detailcomment, "", *sides)
            yield text if record.spoil is None else record.spoil(text)
        yield _line("FİŞ AÇIKLAMA", head.entrycomment)
        debit, credit = totals(entry)
        yield _line("TOPLAM", "", "", "", _grouped(debit), _grouped(credit))
        line += 2


def _grouped(amount: str) -> str:
    """`1575.00` as `1.575,00`; what is no such amount as it is."""
    return _BEFORE_THOUSANDS.sub(".", turkish_amount(amount))


def _line(*cells: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow([*cells, *[""] * (_WIDTH - len(cells))])
    return text.getvalue()

"""A report of vouchers: a text printed for people, with rows of several kinds below each other.

    04050-----04050-----MAHSUP-----01/04/2025;;;TL;;
    HESAP KODU;HESAP ADI;AÇIKLAMA;DETAY;BORÇ;ALACAK
    100.01;MERKEZ KASA;Tahsilat;;1.575,00;
    120.01;ÖRNEK A.Ş.;Tahsilat;;;1.575,00
    FİŞ AÇIKLAMA;Nisan tahsilatı
    TOPLAM;;;;1.575,00;1.575,00

It is read twice: what a voucher is about, and what main accounts are called, may stand below the lines that need it.
"""

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import IO, Final

from converter.errors import DropUnusable
from converter.problems import Place, of_error, problem
from converter.reading.amounts import AmountProblem, Amounts
from converter.reading.cells import NOTHING, Row
from converter.reading.chart import CHART
from converter.reading.columns import check_mark
from converter.reading.dates import date_reader
from converter.reading.describe import describe_table
from converter.reading.errors import ReportRow, ReportTotal, VoucherCurrency
from converter.reading.joined import SIDES, total_differs
from converter.reading.recognised import Recognised
from converter.reading.report_lines import Group, Line, Voucher, cell_of, line_of
from converter.reading.report_marks import Mark, total_of, voucher_of, words_of
from converter.reading.report_rows import Marked, marked_rows
from converter.reading.table import Table
from converter.reading.tidying import tidied
from defterhane.edefter.money import format_kurus
from defterhane.findings import Findings
from defterhane.tenant import ExportProfile
from defterhane.texts import Text

_MAIN: Final = re.compile(r"\d{3,4}", re.ASCII)
_CODE: Final = re.compile(r"(\d{3,4})(?:[.\-/ ].*)?", re.ASCII)
_MAIN_DIGITS: Final = 3
_LIRA: Final = frozenset({"", "TL", "TRY", "YTL", "₺"})
_NAMES: Final = 10_000
"""So many main accounts' names are kept: more than codes of four digits make."""
_NAME: Final = 1000
_COMMENT: Final = 10_000
"""Characters of a name, and of what a voucher is about."""
_SHOWN: Final = 100
_LEARNT_FROM: Final = 1000
_TARGETS: Final = (
    "accmainid", "accmainiddesc", "accsubid", "accsubdesc", "amount", "debitcreditcode", "postingdate",
    "detailcomment", "enteredby", "entereddate", "entrynumber", "entrynumbercounter", "entrycomment", "entryref",
)  # fmt: skip


class ReportSource:
    """Vouchers out of a report. What it does not say: who entered them (`entered_by` stands in), counters.

    Raises:
        ProfileMismatch: amounts are not as the profile says.
    """

    def __init__(self, table: Table, profile: ExportProfile, scratch: Path, entered_by: str) -> None:
        self.file = table.file
        self.amounts = Amounts()
        self.read_date: Callable[[str], date] = date_reader(profile.date_order)
        self._table = table
        self._scratch = scratch
        self._entered_by = entered_by
        self._numbers_count = profile.numbering == "erp"
        self._learn(profile)
        told = describe_table(table.file, table.shape, table.facts, self.amounts, profile)
        self.recognised = _with_notes(told, entered_by, erp=self._numbers_count)

    def rows(self, findings: Findings) -> Iterator[Row]:
        """All lines of all vouchers; what does not add up is reported."""
        with tempfile.TemporaryFile("w+", encoding="utf-8", dir=self._scratch) as comments:
            names = self._survey(comments)
            comments.seek(0)
            yield from _Reading(self, names, comments, findings).rows(self._table.raw())

    def row(self, voucher: Voucher, line: Line, names: dict[str, str], findings: Findings) -> Row:
        """A line in the neutral form."""
        match = _CODE.fullmatch(line.code)
        main = match[1] if match else line.code[:_MAIN_DIGITS]
        is_main = main == line.code
        main_name = line.name if is_main else names.get(main) or CHART.get(main, "")
        sub = ("", "") if is_main else (line.code, line.name)
        told = (
            main, main_name, *sub, line.amount, line.side, voucher.day, line.comment, self._entered_by, voucher.day,
            voucher.voucher or voucher.number, voucher.number if self._numbers_count else "", voucher.comment,
            f"{self.file}#{voucher.line}",
        )  # fmt: skip
        texts = tidied(self.file, line.line, _TARGETS, told, findings)
        return Row(line.line, NOTHING._replace(**dict(zip(_TARGETS, texts, strict=True))))

    def _survey(self, comments: IO[str]) -> dict[str, str]:
        """What main accounts are called; `comments` takes what each voucher is about, in order."""
        names: dict[str, str] = {}
        about: str | None = None
        for _, mark, row, columns in marked_rows(self._table.raw()):
            if mark is Mark.VOUCHER:
                if about is not None:
                    comments.write(json.dumps(about) + "\n")
                about = ""
            elif mark is Mark.COMMENT and about is not None:
                about = " ".join(filter(None, (about, words_of(row))))[:_COMMENT]
            elif mark is Mark.LINE:
                code, name = cell_of(row, columns, "code"), cell_of(row, columns, "name")
                if name and _MAIN.fullmatch(code) and len(names) < _NAMES:
                    names.setdefault(code, name[:_NAME])
        if about is not None:
            comments.write(json.dumps(about) + "\n")
        return names

    def _learn(self, profile: ExportProfile) -> None:
        amounts = []
        for _, mark, row, columns in islice(marked_rows(self._table.raw()), _LEARNT_FROM):
            if mark is Mark.LINE:
                amounts += [cell_of(row, columns, name) for name in ("detail", "debit", "credit")]
        amounts = list(filter(None, amounts))
        self.amounts.learn(amounts)
        if profile.decimal_mark is not None:
            check_mark(self.file, amounts, profile.decimal_mark)
            self.amounts.mark = profile.decimal_mark


class _Reading:
    """One reading of a report, from its first row to its last."""

    def __init__(self, source: ReportSource, names: dict[str, str], comments: IO[str], findings: Findings) -> None:
        self._source = source
        self._names = names
        self._comments = comments
        self._findings = findings
        self._voucher: Voucher | None = None
        self._group: Group | None = None
        self._debit = self._credit = 0
        self._is_sure = True
        """Nothing has been told yet that makes sums over all vouchers differ."""

    def rows(self, raw: Iterator[tuple[int, list[str]]] | Iterator[tuple[int, list[str] | None]]) -> Iterator[Row]:
        strays = False
        for line, mark, row, columns in marked_rows(raw):
            if mark is Mark.OTHER:
                continue
            if mark is Mark.UNREADABLE:
                self._is_sure = False
                self._findings.add(problem("row.unreadable", Place(self._source.file, line)))
            elif mark is Mark.STRAY:
                if not strays:  # those that follow each other are one mistake
                    self._tell(ReportRow(file=self._source.file, line=line, row=" | ".join(filter(None, row))[:_SHOWN]))
                strays, self._is_sure = True, False
                continue
            elif mark is Mark.LINE:
                yield from self._take(line_of(line, row, columns))
            elif mark is Mark.VOUCHER:
                yield from self._end()
                self._begin(line, row)
            elif mark is Mark.TOTAL:
                yield from self._flush()
                self._check_total(Marked(line, mark, row, columns))
            elif mark is Mark.GRAND_TOTAL:
                yield from self._flush()
                self._check_grand_total(Marked(line, mark, row, columns))
            strays = False
        yield from self._end()

    def _begin(self, line: int, row: Sequence[str]) -> None:
        number, voucher, kind, day, currency = voucher_of(row)
        comment = json.loads(self._comments.readline()) or kind
        self._voucher = Voucher(line, number, voucher, day, comment)
        if currency.upper() not in _LIRA:
            self._tell(VoucherCurrency(file=self._source.file, line=line, currency=currency[:10]))

    def _end(self) -> Iterator[Row]:
        yield from self._flush()
        voucher = self._voucher
        if voucher is not None and not voucher.lines:
            place = Place(self._source.file, voucher.line, None, voucher.voucher or voucher.number)
            self._findings.add(problem("head.without_lines", place, place.voucher))

    def _take(self, line: Line) -> Iterator[Row]:
        """A line; a main account's waits for the details of its sub-accounts."""
        group = self._group
        if line.detail and not line.amount:
            if group is not None and line.code.startswith(group.main.code):
                group.found = True
                group.details += self._read(line.detail) or 0
                side = group.main.side
            else:
                side = ""
            yield self._made(Line(line.line, line.code, line.name, line.comment, line.detail, side, ""))
            return
        yield from self._flush()
        if _MAIN.fullmatch(line.code):
            self._group = Group(line)
        else:
            yield self._made(line)

    def _flush(self) -> Iterator[Row]:
        group, self._group = self._group, None
        if group is None:
            return
        if not group.found:
            yield self._made(group.main)
            return
        said = self._read(group.main.amount)
        place = Place(self._source.file, group.main.line, None, self._shown(), group.main.code)
        if total_differs(self._findings, place, group.main.side, said, group.details):
            self._is_sure = False

    def _made(self, line: Line) -> Row:
        voucher = self._voucher
        assert voucher is not None
        amount = self._read(line.amount)
        voucher.lines += 1
        if amount is None or line.side not in ("D", "C"):
            voucher.unsure, self._is_sure = True, False
        elif line.side == "D":
            voucher.debit += amount
            self._debit += amount
        else:
            voucher.credit += amount
            self._credit += amount
        return self._source.row(voucher, line, self._names, self._findings)

    def _check_total(self, total: Marked) -> None:
        voucher = self._voucher
        if voucher is None or voucher.unsure:
            return
        place = Place(self._source.file, total.line, None, self._shown())
        said = map(self._read, total_of(total.row, total.columns))
        for side, expected, found in zip("DC", said, (voucher.debit, voucher.credit), strict=True):
            if total_differs(self._findings, place, side, expected, found):
                self._is_sure = False
        voucher.unsure = True  # what comes now is no total of its own

    def _check_grand_total(self, total: Marked) -> None:
        said = map(self._read, total_of(total.row, total.columns))
        for side, expected, found in zip("DC", said, (self._debit, self._credit), strict=True):
            if self._is_sure and expected is not None and expected != found:
                values = {"side": SIDES[side], "expected": format_kurus(expected), "value": format_kurus(found)}
                self._tell(ReportTotal(file=self._source.file, line=total.line, **values))

    def _tell(self, error: DropUnusable) -> None:
        self._findings.add(of_error(error, self._source.file))

    def _read(self, text: str) -> int | None:
        try:
            return self._source.amounts.read(text)
        except AmountProblem:
            return None

    def _shown(self) -> str:
        return (self._voucher.voucher or self._voucher.number) if self._voucher else ""


def _with_notes(told: Recognised, entered_by: str, *, erp: bool) -> Recognised:
    number = ("ilk numara yevmiye madde numarasıdır", "the first number is the entry's") if erp else (
        "madde ve satır numaralarını platform verir", "the platform numbers entries and lines"
    )  # fmt: skip
    note = Text(
        tr=f"Raporda kaydeden kişi yoktur, yerine '{entered_by}' yazılır; {number[0]}; raporda geçmeyen ana hesap "
        "adları Tekdüzen Hesap Planından alınır.",
        en=f"The report does not say who entered vouchers, '{entered_by}' stands for it; {number[1]}; names of main "
        "accounts that it does not hold are those of the uniform chart of accounts.",
    )
    text = Text(tr=f"{told.text.tr} {note.tr}", en=f"{told.text.en} {note.en}")
    return Recognised(told.file, told.layout, text, {**told.facts, "entered_by": entered_by})

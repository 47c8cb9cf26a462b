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
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Final

from converter.problems import Place, of_error, problem
from converter.reading.amounts import AmountProblem, Amounts
from converter.reading.cells import NOTHING, Row
from converter.reading.chart import CHART
from converter.reading.columns import check_mark
from converter.reading.dates import date_reader
from converter.reading.describe import describe_table
from converter.reading.errors import VoucherCurrency
from converter.reading.joined import says_nothing, side_of, total_differs
from converter.reading.recognised import Recognised
from converter.reading.report_marks import Mark, columns_of, mark_of, total_of, voucher_of, words_of
from converter.reading.table import Table
from converter.reading.tidying import tidied
from defterhane.findings import Findings
from defterhane.tenant import ExportProfile
from defterhane.texts import Text

_MAIN: Final = re.compile(r"\d{3,4}", re.ASCII)
_CODE: Final = re.compile(r"(\d{3,4})(?:[.\-/ ].*)?", re.ASCII)
_MAIN_DIGITS: Final = 3
_LIRA: Final = frozenset({"", "TL", "TRY", "YTL", "₺"})
_NAMES: Final = 10_000
"""So many main accounts' names are kept: more than codes of four digits make."""
_TARGETS: Final = (
    "accmainid", "accmainiddesc", "accsubid", "accsubdesc", "amount", "debitcreditcode", "postingdate",
    "detailcomment", "enteredby", "entereddate", "entrynumber", "entrynumbercounter", "entrycomment", "entryref",
)  # fmt: skip


@dataclass(slots=True)
class _Voucher:
    """The voucher that is being read, and what its lines sum up to (kuruş)."""

    line: int
    number: str
    voucher: str
    day: str
    comment: str
    lines: int = 0
    debit: int = 0
    credit: int = 0
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """One account's line."""

    line: int
    code: str
    name: str
    comment: str
    amount: str
    side: str
    detail: str
    """The amount of a sub-account, printed below its main account's line and beside the columns of the sides."""


@dataclass(slots=True)
class _Group:
    """A main account's line whose sub-accounts may follow with their details."""

    main: _Line
    details: int = 0
    found: bool = False


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

    def row(self, voucher: _Voucher, line: _Line, names: dict[str, str], findings: Findings) -> Row:
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
        columns: dict[str, int] = {}
        about: str | None = None
        for _, row in self._table.raw():
            mark = mark_of(row or (), columns)
            if mark is Mark.COLUMNS:
                columns = columns_of(row or ()) or {}
            elif mark is Mark.VOUCHER:
                if about is not None:
                    comments.write(json.dumps(about) + "\n")
                about = ""
            elif mark is Mark.COMMENT and about is not None:
                about = " ".join(filter(None, (about, words_of(row or ()))))
            elif mark is Mark.LINE and row is not None:
                code, name = _cell(row, columns, "code"), _cell(row, columns, "name")
                if name and _MAIN.fullmatch(code) and len(names) < _NAMES:
                    names.setdefault(code, name)
        if about is not None:
            comments.write(json.dumps(about) + "\n")
        return names

    def _learn(self, profile: ExportProfile) -> None:
        columns: dict[str, int] = {}
        amounts = []
        for _, (_, row) in zip(range(1000), self._table.raw(), strict=False):
            if row is not None:
                columns = columns_of(row) or columns
                if mark_of(row, columns) is Mark.LINE:
                    amounts += [_cell(row, columns, name) for name in ("detail", "debit", "credit")]
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
        self._columns: dict[str, int] = {}
        self._voucher: _Voucher | None = None
        self._group: _Group | None = None

    def rows(self, raw: Iterator[tuple[int, list[str] | None]]) -> Iterator[Row]:
        for line, row in raw:
            if row is None:
                self._findings.add(problem("row.unreadable", Place(self._source.file, line)))
                continue
            mark = mark_of(row, self._columns)
            if mark is Mark.LINE and self._voucher is not None:
                yield from self._take(_line(line, row, self._columns))
            elif mark is Mark.COLUMNS:
                self._columns = columns_of(row) or {}
            elif mark is Mark.VOUCHER:
                yield from self._end()
                self._begin(line, row)
            elif mark is Mark.TOTAL:
                yield from self._flush()
                self._check_total(line, row)
        yield from self._end()

    def _begin(self, line: int, row: Sequence[str]) -> None:
        number, voucher, kind, day, currency = voucher_of(row)
        comment = json.loads(self._comments.readline()) or kind
        self._voucher = _Voucher(line, number, voucher, day, comment)
        if currency.upper() not in _LIRA:
            error = VoucherCurrency(file=self._source.file, line=line, currency=currency[:10])
            self._findings.add(of_error(error, self._source.file))

    def _end(self) -> Iterator[Row]:
        yield from self._flush()
        voucher = self._voucher
        if voucher is not None and not voucher.lines:
            place = Place(self._source.file, voucher.line, None, voucher.voucher or voucher.number)
            self._findings.add(problem("head.without_lines", place, place.voucher))

    def _take(self, line: _Line) -> Iterator[Row]:
        """A line; a main account's waits for the details of its sub-accounts."""
        group = self._group
        if line.detail and not line.amount:
            if group is not None and line.code.startswith(group.main.code):
                group.found = True
                group.details += self._read(line.detail) or 0
                side = group.main.side
            else:
                side = ""
            yield self._made(_Line(line.line, line.code, line.name, line.comment, line.detail, side, ""))
            return
        yield from self._flush()
        if _MAIN.fullmatch(line.code):
            self._group = _Group(line)
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
        total_differs(self._findings, place, group.main.side, said, group.details)

    def _made(self, line: _Line) -> Row:
        voucher = self._voucher
        assert voucher is not None
        amount = self._read(line.amount)
        voucher.lines += 1
        if amount is None or line.side not in ("D", "C"):
            voucher.unsure = True
        elif line.side == "D":
            voucher.debit += amount
        else:
            voucher.credit += amount
        return self._source.row(voucher, line, self._names, self._findings)

    def _check_total(self, line: int, row: Sequence[str]) -> None:
        voucher = self._voucher
        if voucher is None or voucher.unsure:
            return
        place = Place(self._source.file, line, None, self._shown())
        for side, text, found in zip("DC", total_of(row, self._columns), (voucher.debit, voucher.credit), strict=True):
            total_differs(self._findings, place, side, self._read(text), found)

    def _read(self, text: str) -> int | None:
        try:
            return self._source.amounts.read(text)
        except AmountProblem:
            return None

    def _shown(self) -> str:
        return (self._voucher.voucher or self._voucher.number) if self._voucher else ""


def _line(line: int, row: Sequence[str], columns: dict[str, int]) -> _Line:
    debit, credit, detail = (_cell(row, columns, name) for name in ("debit", "credit", "detail"))
    nothing = says_nothing(debit) and says_nothing(credit)
    amount, side = ("", "") if nothing and not says_nothing(detail) else side_of(debit, credit)
    code, name, comment = (_cell(row, columns, name) for name in ("code", "name", "comment"))
    return _Line(line, code, name, comment, amount, side, detail if not amount else "")


def _cell(row: Sequence[str], columns: dict[str, int], name: str) -> str:
    position = columns.get(name, len(row))
    return row[position].strip() if position < len(row) else ""


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

"""Faults in tables, lines and texts: what is cut, broken, missing, or not allowed in a document."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sandbox.exports.records import COLUMNS25, Entry
from sandbox.faults.kinds import ALL, CSV, At, BytesFault, EntryFault, LinesFault, PlanFault
from sandbox.faults.making import changed, put, spoil, twin

_HEADS: Final = frozenset({"header-detail"})
_TEXTS: Final = frozenset({"columns25", "header-detail", "report"})
"""The layouts that are lines of separated cells."""
_INCOMPLETE: Final = ("head.total_differs",)
"""What comes of lines that cannot be read: their entry lacks them, which its head alone shows."""
_COMMENT: Final = COLUMNS25.index("detailcomment")
_OPEN: Final = 8
"""The line in which a quote is open: not the first of a sample, nor the last."""
_TOO_LONG: Final = 1_200_000
"""Characters that nobody writes in one line."""


# ---- heads and lines -------------------------------------------------------------------------------------------------


def _without_head(entry: Entry) -> list[Entry]:
    return [[changed(record, only="detay") for record in entry]]


def _head_without_lines(entry: Entry) -> list[Entry]:
    return [entry, twin(entry, only="baslik")[:1]]


def _head_twice(entry: Entry) -> list[Entry]:
    return [entry, [changed(entry[0], only="baslik")]]


def _wrong_total(entry: Entry) -> list[Entry]:
    return [[replace(entry[0], totals=("1.00", "1.00")), *entry[1:]]]


HEADS: Final = (
    EntryFault(
        "head-missing", "head.missing",
        "Bir fişin başlığı yok.", "One voucher has lines, but no head.",
        _without_head, layouts=_HEADS, times=None, also=("counter.gap",),
    ),
    EntryFault(
        "head-without-lines", "head.without_lines",
        "Bir fişin satırı yok.", "One voucher has a head, but no lines.",
        _head_without_lines, layouts=_HEADS | {"xml"}, at=At.HEAD,
    ),
    EntryFault(
        "head-twice", "head.twice",
        "Bir fişin iki başlığı var.", "One voucher has two heads.",
        _head_twice, layouts=_HEADS, at=At.HEAD,
    ),
    EntryFault(
        "head-total-differs", "head.total_differs",
        "Başlıktaki toplam satırların toplamı değil.", "The total in a head is not that of its lines.",
        _wrong_total, layouts=_HEADS, at=At.HEAD, times=2,
    ),
    EntryFault(
        "total-differs", "head.total_differs",
        "Fişin altındaki toplam satırların toplamı değil.", "The total below a voucher is not that of its lines.",
        _wrong_total, layouts=frozenset({"report"}), at=At.TOTAL, times=2,
    ),
    BytesFault(
        "heads-empty", "layout.heads_missing",
        "Başlık dosyası boş.", "The file of heads is empty.",
        lambda _pieces: iter(()), layouts=_HEADS, at=At.DROP,
    ),
)  # fmt: skip

# ---- lines -----------------------------------------------------------------------------------------------------------


def _end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _one_cell_more(line: str) -> str:
    return f"{line.rstrip()};fazla{_end(line)}"


def _half_of_its_cells(line: str) -> str:
    cells = line.rstrip().split(";")
    return ";".join(cells[: len(cells) // 2]) + _end(line)


def _one_quote_open(lines: Iterator[str]) -> Iterator[str]:
    """Comments with a separator in them stand between quotes, but for one whose last quote is missing."""
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r\n").split(";")
        cells[_COMMENT] = f'"{cells[_COMMENT]}; peşin' + ("" if number == _OPEN else '"')
        yield ";".join(cells) + _end(line)


def _very_long(line: str) -> str:
    return f"{line.rstrip()}{'x' * _TOO_LONG}{_end(line)}"


def _header_without_needed(lines: Iterator[str]) -> Iterator[str]:
    header = next(lines)
    for name in ("amount", "Yevmiye_Tarihi"):
        header = header.replace(f";{name};", ";deger;")
    yield header
    yield from lines


def _another_table(lines: Iterator[str]) -> Iterator[str]:
    yield "Stok Kodu;Stok Adı;Depo;Miktar\n"
    for number, _ in enumerate(lines, 1):
        yield f"S{number:04};Vida M{number};Merkez;{number * 10}\n"


def _without_last_line(lines: Iterator[str]) -> Iterator[str]:
    waiting = next(lines)
    for line in lines:
        yield waiting
        waiting = line
    yield waiting[: len(waiting) // 2]


LINES: Final = (
    EntryFault(
        "line-with-one-cell-more", "row.columns",
        "Metindeki ayraç tırnak içinde değil: satırda bir hücre fazla.",
        "A separator in a text is not between quotes: the line has one cell too many.",
        spoil(1, _one_cell_more), layouts=CSV, text_only=True, at=At.LINE, also=_INCOMPLETE,
    ),
    EntryFault(
        "line-with-half-its-cells", "row.columns",
        "Satır ortasından kesilmiş.", "A line is cut in the middle.",
        spoil(1, _half_of_its_cells), layouts=CSV, text_only=True, at=At.LINE, also=_INCOMPLETE,
    ),
    LinesFault(
        "quote-never-closed", "row.unreadable",
        "Açılan tırnak kapanmamış.", "A quote opens and never closes.",
        _one_quote_open, layouts=frozenset({"columns25"}), line=_OPEN, also=_INCOMPLETE,
    ),
    EntryFault(
        "line-too-long", "drop.line_too_long",
        "Satır bir milyon karakterden uzun.", "A line has more than a million characters.",
        spoil(1, _very_long), layouts=_TEXTS, text_only=True, at=At.LINE,
    ),
    LinesFault(
        "last-line-cut", "row.columns",
        "Dosyanın sonu kesik.", "The file ends in the middle of a line.",
        _without_last_line, layouts=frozenset({"columns25"}), also=_INCOMPLETE,
    ),
    LinesFault(
        "column-missing", "layout.columns_missing",
        "Gerekli bir sütun yok.", "A column that is needed is missing.",
        _header_without_needed, layouts=CSV,
    ),
    LinesFault(
        "another-table", "layout.unknown",
        "Dosya yevmiye kayıtları değil, stok listesi.", "The file is no journal, but a list of goods.",
        _another_table, layouts=frozenset({"columns25"}),
    ),
    BytesFault(
        "file-empty", "drop.empty",
        "ZIP içindeki dosya boş.", "The file in the ZIP is empty.",
        lambda _pieces: iter(()), layouts=frozenset({"columns25", "xml", "report"}), at=At.DROP,
    ),
    PlanFault(
        "no-records", "drop.no_rows",
        "Dosyada hiç kayıt yok.", "There are no records in the file.",
        plan=lambda plan: replace(plan, lines=0), layouts=ALL - {"report"}, at=At.DROP,
    ),
)  # fmt: skip

# ---- texts -----------------------------------------------------------------------------------------------------------

TEXTS: Final = (
    EntryFault(
        "control-character", "text.cleaned",
        "Metinde denetim karakteri var.", "A text holds a control character.",
        put(1, detailcomment="Nakit\x07 tahsilat"), layouts=_TEXTS, text_only=True,
    ),
    EntryFault(
        "html-in-text", "text.cleaned",
        "Metinde HTML var.", "A text holds HTML.",
        put(1, detailcomment="<b>Nakit</b> tahsilat<br/>"),
    ),
    EntryFault(
        "broken-letter", "text.cleaned",
        "Metinde bozulmuş harf var.", "A letter in a text is broken.",
        put(1, detailcomment="Nakit tahs\ufffdlat"), layouts=ALL - _HEADS,
    ),
)  # fmt: skip

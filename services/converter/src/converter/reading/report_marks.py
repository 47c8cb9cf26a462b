"""By which words the rows of a report of vouchers are known."""

import re
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Final

from converter.reading.layout import plain

_DASHES: Final = re.compile(r"-{3,}")
"""Between a voucher's number, its other number, its kind and its day: `04050-----04050-----MAHSUP-----01/04/2025`."""
_VOUCHER_LENGTH: Final = 300
_COLUMNS: Final[dict[str, str]] = {
    "hesapkodu": "code",
    "hesapno": "code",
    "hesapadi": "name",
    "aciklama": "comment",
    "detay": "detail",
    "borc": "debit",
    "alacak": "credit",
}
"""What the column row calls them (bare letters) → what they are."""
_NEEDED: Final = frozenset({"code", "name", "debit", "credit"})
_COMMENT: Final = re.compile(r"\s*F[İIiı][ŞSşs]\s+A[ÇCçc][Iıİi]KLAMA(?:S[Iıİi])?\s*:?\s*", re.IGNORECASE)
_TOTAL: Final = frozenset({"toplam", "toplamlar", "fistoplami"})
_GRAND_TOTAL: Final = frozenset({"geneltoplam", "raportoplami"})
_PAGE_TOTAL: Final = frozenset({"sayfatoplami", "nakliyekun", "devredentoplam"})
_CODE: Final = re.compile(r"\d{3}", re.ASCII)
_DIGIT: Final = re.compile(r"\d", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Za-z]{2,3}|₺")


class Mark(Enum):
    """What a row is."""

    VOUCHER = auto()
    COLUMNS = auto()
    LINE = auto()
    COMMENT = auto()
    TOTAL = auto()
    GRAND_TOTAL = auto()
    """Over all vouchers so far."""
    OTHER = auto()
    """A title, a page's head, a signature."""
    STRAY = auto()
    """None of these, where only lines should be; or a line where no voucher is."""
    UNREADABLE = auto()


def mark_of(row: Sequence[str], columns: Mapping[str, int]) -> Mark:
    """What a row is; `columns` say what stands where, as far as a column row has come."""
    first = next((cell for cell in row if cell.strip()), "")
    told = _mark_by_words(first)
    if told is not None:
        return told
    if not any(map(_DIGIT.search, row)) and columns_of(row) is not None:
        return Mark.COLUMNS
    cells = [_cell(row, columns, name) for name in ("detail", "debit", "credit")]
    is_line = any(map(_DIGIT.search, cells)) or _CODE.match(_cell(row, columns, "code"))
    return Mark.LINE if is_line else Mark.OTHER


def _mark_by_words(first: str) -> Mark | None:
    """What a row is by its first cell that is filled."""
    if _COMMENT.match(first):
        return Mark.COMMENT
    bare = plain(first) if len(first) < _VOUCHER_LENGTH else ""
    if bare in _TOTAL:
        return Mark.TOTAL
    if bare in _GRAND_TOTAL:
        return Mark.GRAND_TOTAL
    if not bare or bare in _PAGE_TOTAL:
        return Mark.OTHER
    return Mark.VOUCHER if _voucher(first) is not None else None


def _cell(row: Sequence[str], columns: Mapping[str, int], name: str) -> str:
    position = columns.get(name, len(row))
    return row[position].strip() if position < len(row) else ""


def columns_of(row: Sequence[str]) -> dict[str, int] | None:
    """What stands where, if this is a column row."""
    found: dict[str, int] = {}
    for position, cell in enumerate(row):
        name = _COLUMNS.get(plain(cell)) if len(cell) < _VOUCHER_LENGTH else None
        if name is not None:
            found.setdefault(name, position)
    return found if found.keys() >= _NEEDED else None


def voucher_of(row: Sequence[str]) -> tuple[str, str, str, str, str]:
    """Number, voucher's number, kind, day and currency, out of a voucher's first row."""
    filled = [cell.strip() for cell in row if cell.strip()]
    number, voucher, kind, day = _voucher(filled[0]) or ("", "", "", "")
    return number, voucher, kind, day, next((cell for cell in filled[1:] if _CURRENCY.fullmatch(cell)), "")


def words_of(row: Sequence[str]) -> str:
    """What a comment row says: behind its mark, or in the cells after it."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return " ".join(filter(None, (_COMMENT.sub("", filled[0], count=1).strip(), *filled[1:])))


def total_of(row: Sequence[str], columns: Mapping[str, int]) -> tuple[str, str]:
    """Debit and credit of a total row: under their columns, else the last two cells that are filled."""
    under = [_cell(row, columns, name) for name in ("debit", "credit")]
    if all(under):
        return under[0], under[1]
    filled = [cell.strip() for cell in row if _DIGIT.search(cell)]
    return (filled[-2], filled[-1]) if len(filled) > 1 else ("", "")


def is_report(rows: Sequence[Sequence[str]]) -> bool:
    """Whether among these rows are a voucher's first one and a column row."""
    marks = {mark_of(row, {}) for row in rows}
    return {Mark.VOUCHER, Mark.COLUMNS} <= marks


def _voucher(cell: str) -> tuple[str, str, str, str] | None:
    """Number, voucher's number, kind and day, if with this cell a voucher begins."""
    if "---" not in cell or len(cell) >= _VOUCHER_LENGTH:
        return None
    parts = [part.strip() for part in _DASHES.split(cell)]
    if len(parts) < 3 or not _DIGIT.search(parts[0]):
        return None
    day = parts[-1] if len(parts) > 3 else ""  # a day that is none is told, so that its lines go to no other voucher
    return parts[0], parts[1], parts[2], day

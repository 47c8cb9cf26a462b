"""Vouchers and lines of a report, as they are being read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from converter.reading.joined import says_nothing, side_of


@dataclass(slots=True)
class Voucher:
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
class Line:
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
class Group:
    """A main account's line whose sub-accounts may follow with their details."""

    main: Line
    details: int = 0
    found: bool = False


def line_of(line: int, row: Sequence[str], columns: Mapping[str, int]) -> Line:
    """An account's row; `columns` say what stands where."""
    debit, credit, detail = (cell_of(row, columns, name) for name in ("debit", "credit", "detail"))
    nothing = says_nothing(debit) and says_nothing(credit)
    amount, side = ("", "") if nothing and not says_nothing(detail) else side_of(debit, credit)
    code, name, comment = (cell_of(row, columns, name) for name in ("code", "name", "comment"))
    return Line(line, code, name, comment, amount, side, detail if not amount else "")


def cell_of(row: Sequence[str], columns: Mapping[str, int], name: str) -> str:
    """What a row has under a column; empty where there is none."""
    position = columns.get(name, len(row))
    return row[position].strip() if position < len(row) else ""

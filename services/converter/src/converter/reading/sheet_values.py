"""What a spreadsheet's cell says, as a text."""

from decimal import Context, Decimal, InvalidOperation
from typing import Final

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

_EXACT: Final = 15
"""Decimal digits that a spreadsheet's binary numbers hold exactly."""
_ROUND: Final = Context(prec=_EXACT)
_DAMAGED_FROM: Final = Decimal(10) ** _EXACT
_TINY: Final = -30
_LAST_DAY: Final = 2_958_465
"""31.12.9999."""


class Number(str):
    """A number that was typed as one: a decimal point, no groups."""

    __slots__ = ()


def number_text(raw: str) -> Number:
    """A binary number by its fifteen exact digits. Where more were cut off, it shows: `1.23456789012346E+18`.

    Raises:
        ValueError: not a number.
    """
    try:
        value = _ROUND.plus(Decimal(raw))
    except InvalidOperation:
        raise ValueError(f"{raw[:50]!r} is not a number") from None
    if not value.is_finite():
        raise ValueError(f"{raw[:50]!r} is not a number")
    if not value:
        return Number("0")
    if abs(value) >= _DAMAGED_FROM or value.adjusted() < _TINY:
        return Number(f"{value.normalize(_ROUND):E}")
    text = format(value, "f")
    return Number(text.rstrip("0").rstrip(".") if "." in text else text)


def day_text(raw: str, *, counts_from_1904: bool) -> str | None:
    """A day by its number, as ISO text; None where it is none."""
    try:
        days = int(Decimal(raw))
    except (InvalidOperation, ValueError, OverflowError):
        return None
    if not 1 <= days <= _LAST_DAY:
        return None
    day = from_excel(days, MAC_EPOCH if counts_from_1904 else WINDOWS_EPOCH)
    return str(day.date().isoformat()) if hasattr(day, "date") else None


def column_of(reference: str) -> int | None:
    """0 for `A7`, 27 for `AB7`; None where the reference is none."""
    number = 0
    letters = reference.rstrip("0123456789")
    if not 1 <= len(letters) <= 3 or len(letters) == len(reference):
        return None
    for letter in letters:
        if not "A" <= letter <= "Z":
            return None
        number = number * 26 + ord(letter) - 64
    return number - 1

"""Numbers as they stand in documents, and as GİB's tests read them.

Rules judge texts that may be anything, so amounts are exact decimals here, not kuruş: `100.005` has to be seen as it
is. Only the comparisons are not exact: GİB's tests compare a text with a number as xs:double does, that is, as binary
floating-point numbers. What they find equal, we find equal, so floats appear here, for the verdict alone; no amount
is ever made from one.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Context, Decimal
from math import copysign, isnan, nan
from typing import Final, TypeAlias

from validator.node import Undecidable

Number: TypeAlias = int | float
"""A counter's value: whole where it is written in up to 15 digits, else as xs:double reads it."""

_SPACE: Final = " \t\r\n"
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,1000}(?:\.[0-9]{0,1000})?|\.[0-9]{1,1000})")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]{1,1000}(?:\.[0-9]{0,1000})?|\.[0-9]{1,1000})(?:[eE][+-]?[0-9]{1,100})?")
_SPECIAL: Final = {"INF": float("inf"), "+INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan")}
_AMOUNT = re.compile(r"[0-9]+(\.[0-9]{1,2})?")
_WHOLE_DIGITS: Final = 15
_EXACT: Final = Context(prec=2100)
"""Sums of amounts of up to 1,000 digits before the point and after it stay exact in it."""
ZERO: Final = Decimal(0)


def decimal(text: str | None) -> Decimal | None:
    """A text as xs:decimal reads it; None where it is none."""
    if text is None:
        return None
    text = text.strip(_SPACE)
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def double(text: str) -> float | None:
    """A text as xs:double reads it; None where it is none, which stops a test that compares it with a number."""
    text = text.strip(_SPACE)
    return float(text) if _DOUBLE.fullmatch(text) else _SPECIAL.get(text)


def number(text: str) -> Number | None:
    """A counter; None where it is no number (and not NaN, which is a number to no rule)."""
    text = text.strip(_SPACE)
    if text.isascii() and text.isdigit() and len(text) <= _WHOLE_DIGITS:
        return int(text)
    found = double(text)
    return None if found is None or isnan(found) else found


def number_or_nan(text: str) -> float:
    """number(): what is no number equals nothing."""
    found = double(text)
    return nan if found is None else found


def is_above_zero(found: float) -> bool:
    """`text > 0`: Saxon orders numbers as Java does, with NaN above all others."""
    return isnan(found) or found > 0


def is_not_below_zero(found: float) -> bool:
    """`text >= 0`: as Java orders them, -0 is below 0."""
    return isnan(found) or copysign(1, found) > 0


def is_same(one: float, other: float) -> bool:
    """`text = number`: -0 is not 0."""
    return one == other and copysign(1, one) == copysign(1, other)


def some_number(texts: Iterable[str], test: Callable[[float], bool]) -> bool:
    """`texts = 0`, `texts > 0`, …: whether some text passes as a number.

    Raises:
        Undecidable: a text before the first that passes is no number.
    """
    for text in texts:
        found = double(text)
        if found is None:
            raise Undecidable
        if test(found):
            return True
    return False


def one_double(texts: list[str]) -> float | None:
    """An operand of an addition or the like: a number, or None where there is none.

    Raises:
        Undecidable: several texts, or no number.
    """
    if not texts:
        return None
    found = double(texts[0])
    if len(texts) > 1 or found is None:
        raise Undecidable
    return found


def is_amount(text: str) -> bool:
    """Digits with at most two decimals, as the rules on amounts want them (Y084, Y114, …)."""
    return _AMOUNT.fullmatch(text) is not None


def plus(one: Decimal, other: Decimal) -> Decimal:
    """An exact sum."""
    return _EXACT.add(one, other)


def minus(one: Decimal, other: Decimal) -> Decimal:
    """An exact difference."""
    return _EXACT.subtract(one, other)

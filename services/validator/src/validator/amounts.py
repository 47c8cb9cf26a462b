"""Numbers as they stand in documents.

Rules judge texts that may be anything, so amounts are exact decimals here, not kuruş: `100.005` has to be seen as it
is. GİB's tests compare as binary floating-point numbers in places; exact decimals give the same verdict for every
amount below 90 trillion lira, and no false alarm where a product such as 3 x 0.10 is not representable.
"""

import re
from decimal import Context, Decimal
from typing import Final

_DECIMAL = re.compile(r"[ \t\r\n]*([+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40}))[ \t\r\n]*")
_AMOUNT = re.compile(r"[0-9]+(\.[0-9]{1,2})?")
EXACT: Final = Context(prec=200)
"""Sums and products of a whole ledger's amounts stay exact in it."""
ZERO: Final = Decimal(0)


def decimal(text: str | None) -> Decimal | None:
    """A text as xs:decimal reads it; None where it is none."""
    match = _DECIMAL.fullmatch(text) if text is not None else None
    return Decimal(match[1]) if match else None


def is_amount(text: str) -> bool:
    """Digits with at most two decimals, as the rules on amounts want them (Y084, Y114, …)."""
    return _AMOUNT.fullmatch(text) is not None


def plus(one: Decimal, other: Decimal) -> Decimal:
    """An exact sum."""
    return EXACT.add(one, other)

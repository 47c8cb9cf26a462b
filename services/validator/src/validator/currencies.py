"""The currencies that GİB's rules know: those of ISO 4217, as its list had them when the rules were written."""

from typing import Final

from defterhane.edefter.currencies import CURRENCIES
from validator.node import normalize

_LATER: Final = frozenset({"XCG", "ZWG"})
"""Younger than the rules: no document is let through with them as long as nobody has seen them in GİB's list."""
ISO: Final = "iso4217:"
CURRENCY_LIST: Final = "," + ",".join(sorted(CURRENCIES - _LATER)) + ","
"""Between commas, as the rules search it with contains()."""


def is_currency(code: str) -> bool:
    """contains($currencyCodeList, concat(',', code, ','))"""
    return f",{code}," in CURRENCY_LIST


def is_of_iso_4217(measure: str) -> bool:
    """starts-with(normalize-space(.), 'iso4217:')"""
    return normalize(measure).startswith(ISO)


def may_be_currency(unit_id: str) -> bool:
    """contains($currencyCodeList, @id): the rules on units look for the id anywhere in the list."""
    return unit_id in CURRENCY_LIST

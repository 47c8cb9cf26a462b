"""Values of a document as messages show them.

Texts name a value as `{value}` (as it stands in the document) or say how it is to be written: `{value:amount}`,
`{start:day}`, `{value:count}`.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from defterhane.edefter.money import format_kurus, parse_kurus
from defterhane.figures import day, money
from defterhane.texts import Language

NOTHING: Final = "–"
"""Stands for a value that is not there."""
_LENGTH: Final = 200
_SPACE: Final = " \t\r\n"
_BREAKS: Final = re.compile(r"[\t\r\n]+")


def shown(text: str) -> str:
    """As much of a name or number as findings show."""
    return text[:_LENGTH].strip()


def as_it_stands(text: str) -> str:
    """As much of a value as findings show, on one line: white space around it may be what is wrong with it."""
    cut = text[:_LENGTH]
    return _BREAKS.sub(" ", cut) if cut.strip(_SPACE) else ""


def amount_text(amount: Decimal | None) -> str:
    """A reckoned amount as documents write it: with two decimals, or more where it has more."""
    if amount is None:
        return NOTHING
    exponent = amount.as_tuple().exponent
    return f"{amount:.2f}" if isinstance(exponent, int) and exponent >= -2 else f"{amount:f}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A value for a message in one language."""

    text: str
    language: Language

    def __format__(self, how: str) -> str:
        match how:
            case "amount":
                return _amount(self.text, self.language) or NOTHING
            case "day":
                return day(self.text, self.language) or NOTHING
            case "count":
                return _count(self.text, self.language)
        return self.text


def _amount(text: str, language: Language) -> str:
    """As the language writes it; where it is not written as documents should (`1200.0`), as it stands."""
    try:
        kurus = parse_kurus(text)
    except ValueError:
        return text
    return money(kurus, language) if format_kurus(kurus) == text else text


def _count(text: str, language: Language) -> str:
    if text == "0":
        return "hiç yok" if language == "tr" else "there is none"
    if language == "tr":
        return f"{text} tane var"
    return f"there {'is' if text == '1' else 'are'} {text}"

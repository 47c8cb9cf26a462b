"""Numbers and days as readers write them: `139.425,73` and `05.03.2025` in Turkish, `139,425.73` and `2025-03-05` in
English.
"""

import re
from typing import Final

from defterhane.texts import Language

_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def grouped(number: int, language: Language) -> str:
    """A whole number, its digits in groups of three."""
    text = f"{number:,}"
    return text.replace(",", ".") if language == "tr" else text


def money(kurus: int, language: Language) -> str:
    """An amount in kuruş, always with two decimals."""
    whole, rest = divmod(abs(kurus), 100)
    return f"{'-' if kurus < 0 else ''}{grouped(whole, language)}{',' if language == 'tr' else '.'}{rest:02}"


def day(text: str, language: Language) -> str:
    """A day (YYYY-MM-DD) as readers write it; anything else as it stands."""
    match = _DAY.fullmatch(text)
    return f"{match[3]}.{match[2]}.{match[1]}" if match and language == "tr" else text

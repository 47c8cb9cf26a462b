"""Amounts as ERPs write them: `1000`, `1000.50`, `1000,50`, `1.000,50`, `1,000.50`, `1 000,50`, `1.000,50 TL`."""

import re
from collections.abc import Sequence
from typing import Final

_PLAIN: Final = re.compile(r"([+-]?)(\d{1,16})(?:([.,])(\d{1,2}))?", re.ASCII)
_GROUPED: Final = re.compile(
    r"([+-]?)(\d{1,3}(?:([.,'\u2019 \u00a0\u2009\u202f])\d{3})(?:\3\d{3}){0,4})(?:([.,])(\d{1,2}))?", re.ASCII
)
_NO_WHOLE: Final = re.compile(r"([+-]?)([.,]\d{1,2})", re.ASCII)
"""`,50`: what database tools make of amounts below one."""
_LIRA: Final = re.compile(r"(?:₺|TL|TRY) ?(?=[+\-\d])|(?<=\d) ?(?:₺|TL|TRY)", re.ASCII)
_DECIMALS: Final = re.compile(
    r"[+-]?(?:\d{1,16}|\d{1,3}(?:\.\d{3})+(?=,)|\d{1,3}(?:,\d{3})+(?=\.))([.,])\d{3,}", re.ASCII
)
_LONGEST: Final = 40
_NOT_DIGIT: Final = re.compile(r"\D")
SCIENTIFIC: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?[Ee][+-]?\d{1,3}", re.ASCII)
"""`1,00E+15`: what a spreadsheet makes of a long number."""


class AmountProblem(ValueError):
    """An amount that cannot be read; `key` says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Amounts:
    """Reads one file's amounts. The decimal mark is learnt from the first amount that shows it, and then holds."""

    def __init__(self) -> None:
        self.mark: str | None = None
        """The decimal mark, as far as it is known."""
        self.is_in_lira = False
        """Amounts may stand beside a sign of the lira."""

    def learn(self, texts: Sequence[str]) -> None:
        """Look at some amounts beforehand, so that `1.000` is understood in the first line too.

        Signs of the lira are read past in a file whose first amounts have them, and nowhere else.
        """
        self.is_in_lira = self.is_in_lira or any(map(_LIRA.search, texts))
        for text in texts:
            if self.mark is not None:
                return
            try:
                self.read(text)
            except AmountProblem:
                continue

    def read(self, text: str) -> int:
        """Kuruş.

        Raises:
            AmountProblem: `amount.unreadable`, `amount.damaged`, `amount.too_many_decimals` or `amount.ambiguous`
                (`1.000` where nothing tells whether that is one or a thousand).
        """
        plain = _PLAIN.fullmatch(text)
        if plain is not None:
            sign, whole, mark, decimals = plain.groups()
            if mark is not None:
                self._settle(mark)
            return _kurus(sign, whole, decimals)
        grouped = _GROUPED.fullmatch(text)
        if grouped is not None:
            return self._read_grouped(grouped)
        bare = _bare(text, in_lira=self.is_in_lira)
        if bare != text:
            return self.read(bare)
        if SCIENTIFIC.fullmatch(text):
            raise AmountProblem("amount.damaged")
        many = _DECIMALS.fullmatch(text)
        if many is not None and self.mark in (None, many[1]):
            raise AmountProblem("amount.too_many_decimals")
        raise AmountProblem("amount.unreadable")

    def _read_grouped(self, match: re.Match[str]) -> int:
        sign, whole, group, mark, decimals = match.groups()
        if mark == group:
            raise AmountProblem("amount.unreadable")
        if mark is not None:
            self._settle(mark)
        elif group in ".,":
            if whole.count(group) > 1:
                self._settle("," if group == "." else ".")
            elif self.mark is None:
                raise AmountProblem("amount.ambiguous")
            elif self.mark == group:
                raise AmountProblem("amount.too_many_decimals")
        return _kurus(sign, _NOT_DIGIT.sub("", whole), decimals)

    def _settle(self, mark: str) -> None:
        if self.mark is None:
            self.mark = mark
        elif self.mark != mark:
            raise AmountProblem("amount.unreadable")


def _bare(text: str, *, in_lira: bool) -> str:
    """The amount with a sign and digits alone, where it is written with more."""
    if len(text) > _LONGEST:
        return text
    bare = _LIRA.sub("", text) if in_lira and len(_LIRA.findall(text)) == 1 else text
    without = _NO_WHOLE.fullmatch(bare)
    return f"{without[1]}0{without[2]}" if without is not None else bare


def _kurus(sign: str, whole: str, decimals: str | None) -> int:
    kurus = int(whole) * 100 + (int(decimals.ljust(2, "0")) if decimals else 0)
    return -kurus if sign == "-" else kurus

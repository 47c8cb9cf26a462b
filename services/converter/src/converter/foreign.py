"""Amounts in the currency of the document: what a row says of them (rules Y099-Y101)."""

import re
from decimal import Decimal
from typing import Final

from converter.cell_values import CellValues
from converter.kinds import FIELDS
from converter.problems import Kurus
from converter.reading.amounts import AmountProblem, Amounts
from converter.reading.cells import Cells
from converter.row_findings import RowFindings
from defterhane.edefter.currencies import currency_code
from defterhane.edefter.money import format_kurus

_RATE: Final = re.compile(r"(\d{1,9})(?:[.,](\d{1,12}))?", re.ASCII)
_TOLERANCE: Final = Decimal("0.05")
"""By how much original amount × rate may miss the amount: rates are rounded, and more than one is in use a day."""

_FEW_KURUS: Final = Decimal(100)

_NEEDED: Final = ("originalcurrency", "exchangerate", "exchangeratedate")


class OriginalAmounts:
    """Reads the amounts in other currencies of one file's rows."""

    def __init__(self, book_currency: str, amounts: Amounts, findings: RowFindings, values: CellValues) -> None:
        self._book_currency = book_currency
        self._amounts = amounts
        self._findings = findings
        self._values = values

    def read(self, cells: Cells, amount: int) -> str | None:
        """`amount␟currency␟rate␟rate date` (␟ = U+001F), as documents tell them, of a row that has an original amount.

        None where that is of the books' own currency, or something is wrong with it, which is told.
        Args:
            amount: the row's amount, in kuruş of the books' currency.
        """
        original = self._original(cells.originalamount)
        if not original:
            return None
        code = currency_code(cells.originalcurrency)
        if code == self._book_currency or (not cells.originalcurrency and original == amount):
            return None  # many exports repeat the amount in the books' own currency
        self._check_completeness(cells)
        if cells.originalcurrency and code is None:
            about = cells.originalcurrency
            self._findings.say("currency.unknown", cells.originalcurrency, "originalcurrency", about=about)
        rate = self._rate(cells.exchangerate, cells.entryref) if cells.exchangerate else None
        day = self._values.day(cells.exchangeratedate, "exchangeratedate") if cells.exchangeratedate else ""
        if code is None or rate is None or not day:
            return None
        self._compare(original, code, rate, amount, cells.entryref)
        return "\x1f".join((format_kurus(original), code, rate, day))

    def _original(self, text: str) -> int | None:
        try:
            original = self._amounts.read(text)
        except AmountProblem as error:
            self._findings.say(error.key, text, "originalamount")
            return None
        if original < 0:
            self._findings.say("amount.not_positive", Kurus(original), "originalamount")
        return original if original > 0 else None

    def _check_completeness(self, cells: Cells) -> None:
        missing = [FIELDS[name] for name in _NEEDED if not getattr(cells, name)]
        if missing:
            self._findings.say(
                "currency.incomplete",
                cells.originalamount,
                "originalamount",
                about=(cells.entryref, cells.originalamount),
                missing_tr=", ".join(name.tr for name in missing),
                missing_en=", ".join(name.en for name in missing),
            )

    def _rate(self, text: str, entry: str) -> str | None:
        match = _RATE.fullmatch(text)
        if match is None or not text.strip("0.,"):
            self._findings.say("currency.rate_unreadable", text, "exchangerate", about=(entry, text))
            return None
        whole, decimals = match.groups()
        return f"{int(whole)}.{decimals}" if decimals else str(int(whole))

    def _compare(self, original: int, code: str, rate: str, amount: int, entry: str) -> None:
        """Rates are told either way: so many lira for a dollar, or so many dollars for a lira."""
        product, inverse = original * Decimal(rate), original / Decimal(rate)
        most = max(_TOLERANCE * amount, _FEW_KURUS)
        if abs(product - amount) > most and abs(inverse - amount) > most:
            self._findings.say(
                "currency.rate_unlikely",
                rate,
                "exchangerate",
                about=(entry, rate),
                original=Kurus(original),
                currency=code,
                product=Kurus(round(product)),
                amount=Kurus(amount),
            )

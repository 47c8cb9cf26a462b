"""Items: the elements that tell facts, each with the name of its document's context."""

from typing import Final

from converter.writing.canonical import escape
from defterhane.edefter.money import format_kurus
from defterhane.edefter.vocabulary import BOOK_CURRENCY

COUNTABLE: Final = "countable"
"""The id of the unit of numbers."""


def unit_of(currency: str) -> str:
    """The id of the unit of a book's amounts: a currency's own code, in small letters for lira."""
    return "try" if currency == BOOK_CURRENCY else currency


def measure_of(currency: str) -> str:
    """A currency as units and defaultCurrency name it."""
    return f"iso4217:{currency}"


class Items:
    """Writes items of one document, each on a line of its own. Attributes stand in canonical order."""

    def __init__(self, context: str, currency: str) -> None:
        self.currency = currency
        self._item = f' contextRef="{context}">'
        self._money = f' contextRef="{context}" decimals="INF" unitRef="{unit_of(currency)}">'
        self._count = f' contextRef="{context}" decimals="INF" unitRef="{COUNTABLE}">'
        self._quantity = f' contextRef="{context}" unitRef="{COUNTABLE}">'

    def text(self, name: str, value: str) -> str:
        """A text."""
        return f"<{name}{self._item}{escape(value)}</{name}>\n"

    def money(self, name: str, kurus: int) -> str:
        """An amount in the books' currency; hundredths of it are given."""
        return f"<{name}{self._money}{format_kurus(kurus)}</{name}>\n"

    def count(self, name: str, number: int | str) -> str:
        """A counter or exact number."""
        return f"<{name}{self._count}{number}</{name}>\n"

    def quantity(self, name: str, value: str) -> str:
        """A number of the context's segment."""
        return f"<{name}{self._quantity}{value}</{name}>\n"

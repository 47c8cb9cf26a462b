"""What pages are made of: entries or accounts, with their rows and sums."""

from dataclasses import dataclass, field
from typing import Final

from defterhane.figures import money
from defterhane.findings import Finding
from defterhane.texts import Language
from defterhane_cli.view import words as say
from defterhane_cli.view.rows import Part, Row

_DIGITS: Final = 15


@dataclass(slots=True)
class Sums:
    """Both sides in kuruş; None where an amount in them is none, so that nobody takes a part for the whole."""

    debit: int | None = 0
    credit: int | None = 0

    def add(self, debit: int | None, credit: int | None) -> None:
        """Add to both sides."""
        self.debit = None if self.debit is None or debit is None else self.debit + debit
        self.credit = None if self.credit is None or credit is None else self.credit + credit

    @property
    def difference(self) -> int | None:
        """Debit less credit."""
        return None if self.debit is None or self.credit is None else self.debit - self.credit

    def texts(self, language: Language) -> dict[str, str]:
        """Both sides and the balance, ready to be read."""
        sides = {"debit": self.debit, "credit": self.credit}
        shown = {side: "—" if kurus is None else money(kurus, language) for side, kurus in sides.items()}
        return {**shown, "balance": self.balance(language)}

    def balance(self, language: Language) -> str:
        """The balance with its side, ready to be read."""
        return say.balance(self.difference, say.words(language), language)


@dataclass(slots=True)
class Range:
    """From the least to the greatest of some numbers."""

    least: int | None = None
    greatest: int | None = None

    def take(self, text: str) -> None:
        """Widen it; what is no number, or a longer one than scripts can count with, is left away."""
        if text.isascii() and text.isdigit() and len(text) <= _DIGITS:
            number = int(text)
            if self.least is None or number < self.least:
                self.least = number
            if self.greatest is None or number > self.greatest:
                self.greatest = number


@dataclass(slots=True)
class Block:
    """An entry of a journal, an account of a ledger, or the lines of a summary; or what of it stands on one page."""

    id: str
    """Empty where it goes on from the page before."""
    number: str
    """entryNumberCounter of a journal's entry."""
    title: list[Part] = field(default_factory=list)
    facts: list[Part] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    brought: dict[str, str] | None = None
    """Sums of the pages before."""
    total: dict[str, str] | None = None
    total_word: str = "carried_forward"
    """What the sums are called: those of the whole, of what is carried forward, or of what could be read."""


@dataclass(slots=True)
class Page:
    """One page, and where it begins."""

    number: int
    first_entry: int
    """Ordinals of the first entry and line that begin on it, 1 = the document's first."""
    first_line: int
    blocks: list[Block] = field(default_factory=list)
    lines: int = 0
    weight: int = 0
    total: Sums = field(default_factory=Sums)
    so_far: dict[str, str] = field(default_factory=dict)
    entries: Range = field(default_factory=Range)
    """Its entry numbers, and below its line numbers: where a number may be found."""
    numbers: Range = field(default_factory=Range)


@dataclass(slots=True)
class Account:
    """A main account's figures."""

    id: str
    name: str
    anchor: str
    """Where it first stands."""
    sums: Sums = field(default_factory=Sums)
    lines: int = 0

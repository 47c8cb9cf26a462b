"""What is added up over the lines of a book, whichever way they are read."""

from typing import Final
from zlib import crc32

from defterhane.edefter.money import parse_kurus
from validator.node import Node
from validator.summary import AccountSum

SIDE: Final = (b"D", b"C")
SIDES: Final = {"D": 0, "debit": 0, "C": 1, "credit": 1}
_ACCOUNTS: Final = 100_000
_DIGITS: Final = 12

_WRAP: Final = 1 << 64


class Sums:
    """Sums by main account, and a digest of all lines that does not depend on their order."""

    def __init__(self) -> None:
        self.accounts: dict[str, list[int]] = {}
        """Main account → debit, credit (kuruş), lines on each side."""
        self.digest = 0
        self.first_line: int | None = None
        self.last_line: int | None = None
        self.complete = True
        """False once a line could not be added."""

    def account(self, main: str) -> list[int]:
        """The sums of one main account, to be added to."""
        found = self.accounts.get(main)
        if found is None:
            if len(self.accounts) >= _ACCOUNTS:
                self.complete = False
                return [0, 0, 0, 0]
            found = self.accounts[main] = [0, 0, 0, 0]
        return found

    def add(self, line: Node, *, of_report: bool = False) -> None:
        """Add a line of a book or berat, or one of a report, which tells how many lines it sums up."""
        number, counter = line.normal("gl-cor:lineNumber"), line.normal("gl-cor:lineNumberCounter")
        main = line.normal("gl-cor:account/gl-cor:accountMainID")
        side = SIDES.get(line.normal("gl-cor:debitCreditCode"))
        day = line.normal("gl-cor:postingDate")
        kurus = _kurus(line.normal("gl-cor:amount"))
        if kurus is None or side is None or not (number.isascii() and number.isdigit() and len(number) <= _DIGITS):
            self.complete = False
            return
        lines = line.normal("gl-cor:documentApplyToNumber") if of_report else "1"
        if not (lines.isascii() and lines.isdigit() and len(lines) <= _DIGITS):
            self.complete = False
            return
        sums = self.account(main)
        sums[side] += kurus
        sums[2 + side] += int(lines)
        self.digest += line_digest(number.encode(), counter.encode(), main.encode(), kurus, side, day.encode())
        self.seen(int(number), int(number))

    def seen(self, first: int, last: int) -> None:
        """Lines with these numbers, and none outside, have been read."""
        self.first_line = first if self.first_line is None else min(first, self.first_line)
        self.last_line = last if self.last_line is None else max(last, self.last_line)

    def figures(self) -> dict[str, AccountSum] | None:
        """By main account; None where a line could not be added."""
        if not self.complete:
            return None
        return {main: AccountSum(*sums) for main, sums in sorted(self.accounts.items())}

    def lines_digest(self) -> int | None:
        """The digest; None where a line could not be added."""
        return self.digest % _WRAP if self.complete else None


def _kurus(text: str) -> int | None:
    try:
        return parse_kurus(text)
    except ValueError:
        return None


def line_digest(number: bytes, counter: bytes, main: bytes, kurus: int, side: int, day: bytes) -> int:
    """One line's share of the digest."""
    return crc32(b"|".join((number, counter, main, b"%d.%02d" % divmod(kurus, 100), SIDE[side], day)))

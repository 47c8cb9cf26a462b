"""Lines and entries of a book that are surely right, told from their texts alone.

A piece whose shape is known (`validator.shapes`) is tested here by the few things that can still be wrong with it:
counters, dates, accounts, amounts, sums. Every test is at least as strict as the rules: what passes breaks none of
them, and what does not pass is examined by schema and rules, which then say what is wrong. What has passed is told to
the watches, sums and facts before the next piece is examined, as if it had been examined too.
"""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias
from zlib import crc32

from validator.facts import Facts, Tally
from validator.shapes import Shape, Shapes
from validator.shown import shown
from validator.sums import SIDE

LINE: Final = (
    "gl-cor:lineNumber",
    "gl-cor:lineNumberCounter",
    "gl-cor:account/gl-cor:accountMainID",
    "gl-cor:amount",
    "gl-cor:debitCreditCode",
    "gl-cor:postingDate",
    "gl-cor:account/gl-cor:accountSub/gl-cor:accountSubID",
    "gl-cor:documentReference",
)
LINE_REQUIRED: Final = 6
_SIDES: Final = {b"D": 0, b"debit": 0, b"C": 1, b"credit": 1}
_AMOUNT: Final = re.compile(rb"([0-9]{1,13})(?:\.([0-9]{1,2}))?")
_NUMBER: Final = re.compile(rb"[0-9]{1,18}(?:\.[0-9]{1,18})?")
_MAIN: Final = re.compile(rb"[!-%'-;=?-~]{3,4}")
"""Three or four characters of ASCII, none of them white space, `&`, `<` or `>`."""
_DAY: Final = re.compile(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_POINT, _ZERO = ord("."), ord("0")
_SHORTEST, _LONGEST = 4, 16
"""Bytes of an amount as it is usually written, such as `0.05`."""
_DAYS_KEPT: Final = 5000
LONGEST_NUMBER: Final = 12
"""Digits of a line's number, as `Sums` takes it."""
_ACCOUNTS_KEPT: Final = 30_000
_LONGEST_SUB: Final = 100


Values: TypeAlias = tuple[bytes, ...]
Place: TypeAlias = tuple[bytes, int, int]
"""A buffer, a position in it, and that position's line in the file."""
Seen: TypeAlias = tuple[Values, Shape, Place, int]
"""A piece's values, its shape, a place before it, and its position."""
Key: TypeAlias = tuple[bytes, bytes | None]
"""An account as it stands in a line: main, sub."""


@dataclass(slots=True)
class Account:
    """An account whose codes are right."""

    main: str
    sub: str | None
    sums: list[int]
    """Of its main account: see `Sums`."""


class Clean(ABC):
    """Tells right pieces of one book, and keeps account of them."""

    def __init__(self, facts: Facts, heads: Shapes) -> None:
        self.heads = heads
        self.lines = Shapes(LINE, LINE_REQUIRED)
        self._facts = facts
        [start], [end] = facts.globals.starts, facts.globals.ends  # else there is nothing that is surely right
        self._start, self._end = start.encode(), end.encode()
        self._days: set[bytes] = set()  # that are right
        self._accounts: dict[Key, Account] = {}
        self._tally = Tally()
        # of the header that is being read
        self._debit = self._credit = 0
        self._count = 0
        # since the last `settle`
        self._settled_debit = self._settled_credit = self._settled_count = 0
        self._headers = self._lines = self._digest = 0
        self._first: Account | None = None  # of the header
        self._last: Seen | None = None

    # What the sieve asks

    def begin(self, tally: Tally) -> None:
        """A header begins; its lines are counted there."""
        self._lines += self._count - self._settled_count
        self._tally, self._first = tally, None
        self._debit = self._credit = self._count = 0
        self._settled_debit = self._settled_credit = self._settled_count = 0

    @abstractmethod
    def enter(self, head: Seen) -> bool:
        """Take in a header's values; False where its lines have to be examined all the same."""

    @abstractmethod
    def head_is_right(self) -> bool:
        """Whether what stands in the header before its lines is right."""

    @abstractmethod
    def close(self) -> bool:
        """Whether the header's sums are those of its lines, all of which have been right; if so, it is counted."""

    def line(self, shape: Shape, values: Values, place: Place, at: int) -> bool:
        """Whether a line is right; if so, it is counted."""
        number, counter, main, amount, side, day, sub, _ = plan = shape.plan
        said = values[amount]
        digits = said.replace(b".", b"", 1)
        if not (_SHORTEST <= len(said) <= _LONGEST and said[-3] == _POINT and said[0] != _ZERO and digits.isdigit()):
            if (found := kurus_of(said)) is None:
                return False
            said = b"%d.%02d" % divmod(found, 100)
            digits = said.replace(b".", b"", 1)
        kurus = int(digits)
        which = _SIDES.get(values[side])
        if kurus == 0 or which is None:
            return False
        key = values[main], values[sub] if sub >= 0 else None
        account = self._accounts.get(key)
        if account is None and (account := self._new_account(key)) is None:
            return False
        if not self._others_are_right(shape, values) or not self._fits(plan, values, key, account):
            return False
        if which:
            self._credit += kurus
        else:
            self._debit += kurus
        sums = account.sums
        sums[which] += kurus
        sums[2 + which] += 1
        # as `line_digest`
        self._digest += crc32(
            b"|".join((values[number], values[counter], values[main], said, SIDE[which], values[day]))
        )
        if not self._count:
            self._first = account
        self._count += 1
        self._last = values, shape, place, at
        return True

    def settle(self) -> None:
        """Tell facts and watches of what has been counted: something is about to be examined."""
        facts, tally = self._facts, self._tally
        count = self._count - self._settled_count
        if count:
            if not tally.details and self._first is not None:
                tally.account = self._first.sub or self._first.main
            tally.run(count, self._debit - self._settled_debit, self._credit - self._settled_credit)
            self._settled_debit, self._settled_credit, self._settled_count = self._debit, self._credit, self._count
        facts.headers += self._headers
        facts.lines += self._lines + count
        facts.sums.digest += self._digest
        self._headers = self._lines = self._digest = 0
        self._tell()

    @abstractmethod
    def settle_before(self) -> None:
        """As `settle`, but without the lines of the header that is being read: it is about to be examined."""

    @abstractmethod
    def resume(self) -> None:
        """Something has been examined: go on from there."""

    # What the books do their own way

    @abstractmethod
    def _fits(self, plan: tuple[int, ...], values: Values, key: Key, account: Account) -> bool:
        """Whether a line fits its header and the line before it; if so, it is remembered."""

    @abstractmethod
    def _tell(self) -> None:
        """Tell the watches."""

    # What they have in common

    def _others_are_right(self, shape: Shape, values: Values) -> bool:
        for position, known in shape.chosen:
            if values[position] not in known:
                return False
        for position in shape.days:
            if values[position] not in self._days and not self._is_day(values[position]):
                return False
        return not shape.numbers or all(_NUMBER.fullmatch(values[position]) for position in shape.numbers)

    def _is_day(self, text: bytes) -> bool:
        if text in self._days:
            return True
        if not _is_date(text):
            return False
        if len(self._days) < _DAYS_KEPT:
            self._days.add(text)
        return True

    def _in_period(self, day: bytes) -> bool:
        return self._start <= day <= self._end and self._is_day(day)

    def _new_account(self, key: Key) -> Account | None:
        main, sub = key
        if _MAIN.fullmatch(main) is None:
            return None
        if sub is not None and (
            len(sub) > _LONGEST_SUB or not sub.startswith(main) or b"&" in sub or b" ".join(sub.split()) != sub
        ):
            return None
        if len(self._accounts) >= _ACCOUNTS_KEPT:
            self._accounts.clear()
        text = main.decode("ascii")
        account = Account(text, None if sub is None else sub.decode(), self._facts.sums.account(text))
        self._accounts[key] = account
        return account


def kurus_of(amount: bytes) -> int | None:
    """Kuruş of an amount such as `1000.50`; None where it is none."""
    match = _AMOUNT.fullmatch(amount)
    return int(match[1] + (match[2] or b"").ljust(2, b"0")) if match else None


def line_in_file(place: Place, at: int, name: bytes) -> int:
    """The line of the file on which an element of the piece at that position begins."""
    buffer, known, line = place
    return line + buffer.count(b"\n", known, buffer.find(b"<" + name, at))


def text_of(raw: bytes) -> str:
    """What a text of a plain piece says, as far as findings show it."""
    text = raw.decode()
    return shown(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _is_date(text: bytes) -> bool:
    if _DAY.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text.decode("ascii"))
    except ValueError:
        return False
    return True

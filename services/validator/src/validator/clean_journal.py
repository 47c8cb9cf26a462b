"""Entries and lines of a journal that are surely right."""

from typing import Final

from validator.clean import LONGEST_NUMBER, Account, Clean, Key, Seen, Values, kurus_of, line_in_file, text_of
from validator.facts import Facts, Tally
from validator.rules.journal_watch import JournalWatch
from validator.rules.sequence import Spot
from validator.shapes import Shapes

_COUNTER, _DATE = "gl-cor:entryNumberCounter", "gl-cor:enteredDate"
_HEAD: Final = (
    _COUNTER,
    _DATE,
    "gl-bus:totalDebit",
    "gl-bus:totalCredit",
    "gl-cor:entryNumber",
)
_HEAD_REQUIRED: Final = 4
_FEWEST_LINES = 2


class CleanJournal(Clean):
    """Counters go on by one, dates do not fall, each line is its entry's, entries balance (Y071-Y114)."""

    def __init__(self, facts: Facts, watch: JournalWatch) -> None:
        super().__init__(facts, Shapes(_HEAD, _HEAD_REQUIRED))
        self._watch = watch
        self._head: Seen | None = None
        self._counter = self._day = b""
        self._voucher: bytes | None = None
        self._next_line = self._next_entry = 0
        self._lines_before = 0  # the last line before the header
        self._line_text: bytes | None = None
        self._entry_text: bytes | None = None
        self._last_day = b""
        self._line_of: tuple[bytes, bytes | None] = b"", None  # the last line's entry: counter, voucher
        # since the last `settle`
        self._first_line: int | None = None
        self._first_entry: int | None = None
        self._last_entry: Seen | None = None

    def begin(self, tally: Tally) -> None:
        super().begin(tally)
        self._lines_before = self._next_line - 1

    def settle_before(self) -> None:
        self._tell_lines(self._lines_before)

    def enter(self, head: Seen) -> bool:
        values, shape, _, _ = self._head = head
        counter, day, _, _, voucher = shape.plan
        self._counter, self._day = values[counter], values[day]
        self._voucher = values[voucher] if voucher >= 0 else None
        return self._is_day(self._day)

    def head_is_right(self) -> bool:
        assert self._head is not None
        values, shape, _, _ = self._head
        _, _, debit, credit, _ = shape.plan
        return (
            self._counter == self._entry_text
            and self._day >= self._last_day
            and self._in_period(self._day)
            and values[debit] == values[credit]
            and self._others_are_right(shape, values)
        )

    def close(self) -> bool:
        assert self._head is not None
        values, shape, _, _ = self._head
        if self._count < _FEWEST_LINES or not self._debit == self._credit == kurus_of(values[shape.plan[2]]):
            return False
        self._headers += 1
        self._last_day, self._last_entry = self._day, self._head
        if self._first_entry is None:
            self._first_entry = self._next_entry
        self._expect_entry(self._next_entry + 1)
        return True

    def resume(self) -> None:
        self._expect_line(self._watch.next_line)
        self._expect_entry(self._watch.next_entry)
        self._last_day = (self._watch.last_day or "").encode()

    def _fits(self, plan: tuple[int, ...], values: Values, key: Key, account: Account) -> bool:
        reference = plan[7]
        if (
            values[plan[0]] != self._line_text
            or len(values[plan[0]]) > LONGEST_NUMBER
            or values[plan[1]] != self._counter
            or values[plan[5]] != self._day
            or (reference >= 0 and self._voucher is not None and values[reference] != self._voucher)
        ):
            return False
        if self._first_line is None:
            self._first_line = self._next_line
        self._line_of = self._counter, self._voucher
        self._next_line += 1
        self._line_text = b"%d" % self._next_line
        return True

    def _tell(self) -> None:
        self._tell_lines(self._next_line - 1)
        if self._first_entry is not None:
            last = self._next_entry - 1
            self._facts.count_entry(str(self._first_entry))
            self._facts.count_entry(str(last))
            self._watch.entries_ran(self._first_entry, last, self._spot_of_entry(_COUNTER))
            self._watch.day(self._last_day.decode(), self._spot_of_entry(_DATE))
            self._first_entry = None

    def _tell_lines(self, last: int) -> None:
        """Tell of the lines up to this one."""
        first = self._first_line
        if first is None or first > last:
            return
        self._facts.sums.seen(first, last)
        is_last = last == self._next_line - 1
        self._watch.lines_ran(first, last, self._spot_of_line(last) if is_last else Spot(None, str(last)))
        self._first_line = None if is_last else last + 1

    def _spot_of_line(self, number: int) -> Spot:
        assert self._last is not None
        values, shape, place, at = self._last
        counter, voucher = self._line_of
        account = values[shape.plan[6]] if shape.plan[6] >= 0 else values[shape.plan[2]]
        return Spot(
            line_in_file(place, at, b"gl-cor:lineNumber"),
            str(number),
            counter.decode(),
            text_of(voucher) if voucher is not None else None,
            text_of(account),
        )

    def _spot_of_entry(self, name: str) -> Spot:
        assert self._last_entry is not None
        values, shape, place, at = self._last_entry
        counter, voucher = values[shape.plan[0]], values[shape.plan[4]] if shape.plan[4] >= 0 else None
        return Spot(
            line_in_file(place, at, name.encode()),
            text_of(values[shape.plan[_HEAD.index(name)]]),
            counter.decode(),
            text_of(voucher) if voucher is not None else None,
        )

    def _expect_line(self, number: int | None) -> None:
        self._next_line = number or 0
        self._line_text = None if number is None else b"%d" % number

    def _expect_entry(self, number: int | None) -> None:
        self._next_entry = number or 0
        self._entry_text = None if number is None else b"%d" % number

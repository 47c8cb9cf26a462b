"""A journal's rules over the order of entries and lines: Y071, Y072, Y087, and the strict duties beside them."""

from collections.abc import Iterable

from validator import entry_texts
from validator.amounts import double, number, number_or_nan
from validator.facts import Facts
from validator.node import Node
from validator.rules.ruleset import Reporter, Watch, spot_of
from validator.rules.sequence import NeverFalls, PlusOne, SomeLaterFollows, SomeLaterNotBefore, Spot

_DATE, _COUNTER, _LINE = "gl-cor:enteredDate", "gl-cor:entryNumberCounter", "gl-cor:lineNumber"


class JournalWatch(Watch):
    """Y071, Y072 and Y087 as GİB has them; counter.entry_gap, counter.line_gap and date.falls, strictly.

    GİB looks for the later number in whatever follows the entry or line, wherever it stands there.

    Args:
        sequences: with Y071 and Y087, which the newer file of rules no longer has.
    """

    def __init__(self, *, sequences: bool = True) -> None:
        self._sequences = sequences
        self._entries, self._dates, self._lines = SomeLaterFollows(), SomeLaterNotBefore(), SomeLaterFollows()
        self._entry_gap, self._line_gap, self._date_falls = PlusOne(), PlusOne(), NeverFalls()
        self._first_turn = 0  # of the entry's lines

    # Values, from whoever has read them

    @property
    def next_line(self) -> int | None:
        """The only right number for the next line; None where there is no one such."""
        return self._line_gap.next

    @property
    def next_entry(self) -> int | None:
        """The only right number for the next entry; None where there is no one such."""
        return self._entry_gap.next

    @property
    def last_day(self) -> str | None:
        """The last entry's date, which the next must not be before."""
        return self._date_falls.last

    def lines_ran(self, first: int, last: int, spot: Spot) -> None:
        """Lines with all these numbers have come in order, the first as `next_line` has it; the last stands there."""
        if self._sequences:
            self._lines.ran(first, last, spot)
        self._line_gap.ran(last)

    def entries_ran(self, first: int, last: int, spot: Spot) -> None:
        """Entries with all these numbers have come in order, the first as `next_entry` has it."""
        if self._sequences:
            self._entries.ran(first, last, spot)
        self._entry_gap.ran(last)

    def day(self, date: str, spot: Spot) -> None:
        """An entry's date has come, not before `last_day`."""
        self._dates.see(date, spot)
        self._date_falls.last = date

    # Elements

    def begin(self, facts: Facts) -> None:
        self._first_turn = self._lines.turn

    def item(self, item: Node, facts: Facts) -> None:
        """An element of an entry: counters and dates are told of by `header`; a line's number follows other lines."""
        if self._sequences and item.name == _LINE:
            self._lines.answer(number_or_nan(item.string), self._first_turn)

    def passing(self, nodes: Iterable[Node], facts: Facts) -> None:
        for node in nodes:
            name = node.name
            if name == _DATE:
                self._dates.answer(node.string)
            elif not self._sequences:
                continue
            elif name == _LINE:
                self._line_passes(node)
            elif name == _COUNTER:
                self._entry_passes(node.string)

    def detail(self, detail: Node, facts: Facts, reporter: Reporter) -> None:
        texts = detail.strings(_LINE)
        if not texts:
            return
        found = number(texts[0])
        expected = self._line_gap.expected(found)
        if expected is None and not self._sequences:
            return
        spot = spot_of(detail, _LINE, facts)
        if self._sequences:
            self._lines.wait(found if len(texts) == 1 else None, spot)
        if expected is not None:
            reporter.at("counter.line_gap", entry_texts.LINE_GAP, spot, _LINE, expected)

    def header(self, facts: Facts, reporter: Reporter) -> None:
        header = facts.header
        if header is None:
            return
        if texts := header.strings(_COUNTER):
            self._counted(texts, spot_of(header, _COUNTER, facts), reporter)
        if days := header.strings(_DATE):
            spot = spot_of(header, _DATE, facts)
            for day in days:
                self._dates.answer(day)
            self._dates.wait(min(days), spot)
            if (expected := self._date_falls.expected(days[0])) is not None:
                reporter.at("date.falls", entry_texts.DATE_FALLS, spot, _DATE, expected)

    def end(self, facts: Facts, reporter: Reporter) -> None:
        for spot in self._dates.unanswered():
            reporter.at("Y072", entry_texts.DATE_SEQUENCE, spot, _DATE)
        if not self._sequences:
            return
        for spot in self._entries.unanswered():
            reporter.at("Y071", entry_texts.ENTRY_NUMBER_SEQUENCE, spot, _COUNTER)
        for spot in self._lines.unanswered():
            reporter.at("Y087", entry_texts.LINE_NUMBER_SEQUENCE, spot, _LINE)

    def _counted(self, texts: list[str], spot: Spot, reporter: Reporter) -> None:
        found = number(texts[0])
        if self._sequences:
            for text in texts:
                self._entry_passes(text)
            self._entries.wait(found if len(texts) == 1 else None, spot)
        if (expected := self._entry_gap.expected(found)) is not None:
            reporter.at("counter.entry_gap", entry_texts.ENTRY_GAP, spot, _COUNTER, expected)

    def _entry_passes(self, text: str) -> None:
        """Y071 compares it with a number, and stops where it is none."""
        found = double(text)
        if found is None:
            self._entries.stop()
        else:
            self._entries.answer(found)

    def _line_passes(self, node: Node) -> None:
        """Y087 takes number() of it: what is no number equals nothing; two in one element stop it."""
        parent = node.element.getparent()
        if parent is not None and len(parent.findall(node.element.tag)) > 1:
            self._lines.stop()
        else:
            self._lines.answer(number_or_nan(node.string))

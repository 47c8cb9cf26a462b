"""Hands a document to schema and rules, but for what is surely right.

A book's lines and entries are looked at as bytes first (`validator.shapes`, `validator.clean`). What is surely right
is counted and passed over; all else goes to the parser, and from there to schema and rules. Line ends of what has been
passed over are fed in its place, so that the parser's line numbers stay the file's.

Only plain stretches are looked at: entries one after the other from the first `<gl-cor:entryHeader>` on, with nothing
but white space between them, each begun and ended once, and so its lines. From anything else on (an element that has
no business there, an entry without lines, comments, instructions or CDATA that do not end where they begin: in what
stands before an entry's lines, or in one of them) the parser gets the document as it is.
"""

import codecs
import re
from collections.abc import Callable
from typing import Final

from validator.clean import Clean, Place, Values
from validator.clean_journal import CleanJournal
from validator.clean_ledger import CleanLedger
from validator.examine import Examination
from validator.facts import Tally
from validator.node import Node
from validator.passage import Outlet, Passage
from validator.rules.journal_watch import JournalWatch
from validator.rules.ledger import LedgerWatch
from validator.shapes import LONGEST, Shape, cut, is_plain

_HEADER, _HEADER_END = b"<gl-cor:entryHeader>", b"</gl-cor:entryHeader>"
_DETAIL, _DETAIL_END = b"<gl-cor:entryDetail>", b"</gl-cor:entryDetail>"
_LONGEST_AWAITED: Final = 1 << 20
"""So many bytes are waited for until a line, or what stands before an entry's lines, is there."""
_PADDING: Final = 1 << 22
"""So many line ends may have been passed over before something is examined, which lets the parser forget them."""
_MARKED = max(map(len, (_HEADER, _HEADER_END, _DETAIL, _DETAIL_END)))
_ODD: Final = (b"<!", b"<?")
_OPENING = re.compile(rb"<!--|<!\[CDATA\[|<\?|<!")
_ENDS: Final = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
"""How comments, character data and instructions begin, and how they end."""
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^<>]*\?>\s*){0,3}<[A-Za-z]")
_UNWANTED: Final = (
    (b"\xc2", tuple(bytes([code]) for code in range(0x80, 0xA0))),
    (b"\xef", (b"\xbf\xbe", b"\xbf\xbf")),
)
"""How control characters of several bytes begin in UTF-8, and what is no character of XML; and how they go on."""
_AROUND = 2
"""Bytes of the last piece that may begin an unwanted character."""


class Sieve:
    """Takes a document's bytes; what is surely right in it does not reach `Outlet.examine`."""

    def __init__(self, examination: Examination, outlet: Outlet, *, skims: bool = True) -> None:
        """Without `skims`, all of the document is examined."""
        self._examination = examination
        self._facts = examination.facts
        self._findings = examination.reporter.findings
        self._bytes = Passage(outlet)
        self._clean: Clean | None = None
        self._step: Callable[[bytes, int], int] = self._wait if skims else self._flow
        self._done = 0  # up to there the buffer has been dealt with
        self._seen = 0  # bytes in all
        self._hungry = False
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._last_bytes = self._around = b""
        self._doubtful_until = 0
        # the entry that is being read
        self._head = b""  # what stands before its lines
        self._learns_head = False
        self._head_at: tuple[Place, int] = (b"", 0, 1), 0
        self._shape: Shape | None = None
        self._skims = False
        self._skimmed_last = False
        self._tally = Tally()
        self._before = 0
        self._stand_in = b""

    def feed(self, data: bytes) -> None:
        """Read on. Raises what `Outlet.examine` raises."""
        done, self._done = self._done, 0
        buffer = self._bytes.extend(done, data)
        is_doubtful = self._is_doubtful(data) or self._bytes.passed_over > _PADDING
        self._doubtful_until = len(buffer) if is_doubtful else max(0, self._doubtful_until - done)
        self._seen += len(data)
        self._hungry = False
        at = 0
        while not self._hungry and at < len(buffer):
            at = self._done = self._step(buffer, at)
        if len(buffer) - at > _LONGEST_AWAITED:  # what is being read is too long to be looked at
            self._go_over()
            self._done = self._step(buffer, at)

    def close(self) -> None:
        """The document ends."""
        if self._bytes.holds:
            self._let_head_go()
        self._settle()
        self._bytes.examine(self._done, len(self._bytes.buffer))

    # States: each takes what it can from `at` on, and says where it stopped; hungry where more bytes are needed.

    def _wait(self, buffer: bytes, at: int) -> int:
        """Before the first entry."""
        found = buffer.find(_HEADER, at)
        end = found if found >= 0 else max(at, len(buffer) - _MARKED)
        start = 0
        if self._seen == len(buffer) and at == 0:
            prolog = _PROLOG.match(buffer)
            start = prolog.end() if prolog is not None else 0
        odd = any(mark in (self._last_bytes + buffer[at:end])[start:] for mark in _ODD)
        self._last_bytes = buffer[max(end - 1, 0) : end]
        self._bytes.examine(at, end)
        if odd:
            self._step = self._flow
        elif found >= 0:
            self._step = self._between
        else:
            self._hungry = True
        return end

    def _flow(self, buffer: bytes, at: int) -> int:
        """All that is left is examined."""
        self._bytes.examine(at, len(buffer))
        return len(buffer)

    def _between(self, buffer: bytes, at: int) -> int:
        """An entry is expected."""
        mark = buffer.find(b"<", at)
        if mark < 0:
            self._hungry = True
            return at
        if not buffer.startswith(_HEADER, mark) or buffer[at:mark].strip(b" \t\n"):
            return self._unless_cut(buffer, at, mark)
        detail = buffer.find(_DETAIL, mark)
        end = buffer.find(_HEADER_END, mark, detail if detail >= 0 else len(buffer))
        if detail < 0 and end < 0:
            self._hungry = True
            return at
        if end >= 0:  # no lines
            self._go_over()
            return at
        begun = buffer.rfind(b">", mark, detail) + 1  # white space after it belongs to the first line
        if not self._begin(at, mark, begun):
            self._go_over()
            return at
        self._step = self._lines
        return begun

    def _lines(self, buffer: bytes, at: int) -> int:
        """Lines are expected, or the entry's end."""
        while True:
            if self._skims and at >= self._doubtful_until:
                at = self._skim(buffer, at)
            mark = buffer.find(b"<", at)
            if mark < 0:
                self._hungry = True
                return at
            if mark > at and buffer[at:mark].strip(b" \t\n"):
                return self._unless_cut(buffer, at, mark)
            if buffer.startswith(_DETAIL, mark):
                end = buffer.find(_DETAIL_END, mark)
                if end < 0:
                    self._hungry = True
                    return at
                end += len(_DETAIL_END)
                is_line = self._detail(at, mark, end)
                at = end
                if not is_line:
                    self._go_over()
                    return at
            elif buffer.startswith(_HEADER_END, mark):
                self._end(at, mark + len(_HEADER_END))
                self._step = self._between
                return mark + len(_HEADER_END)
            else:
                return self._unless_cut(buffer, at, mark)

    def _skim(self, buffer: bytes, at: int) -> int:
        """Pass over lines as long as they are right."""
        clean, place = self._clean, self._bytes.place
        assert clean is not None
        find, is_right = clean.lines.find, clean.line
        while (found := find(buffer, at)) is not None:
            shape, values, end = found
            if not is_right(shape, values, place, at):
                break
            self._skimmed_last = True
            at = end
        return at

    def _unless_cut(self, buffer: bytes, at: int, mark: int) -> int:
        """Something else than an entry or a line: all that is left is examined, unless there are too few bytes."""
        seen = buffer[mark : mark + _MARKED]
        if len(seen) < _MARKED and any(wanted.startswith(seen) for wanted in (_HEADER, _HEADER_END, _DETAIL)):
            self._hungry = True
        else:
            self._go_over()
        return at

    def _go_over(self) -> None:
        """From here on, all is examined."""
        if self._bytes.holds:
            self._let_head_go()
        self._settle()
        if self._skimmed_last:
            self._stand_a_line_in()
        self._step = self._flow

    # An entry

    def _begin(self, at: int, mark: int, end: int) -> bool:
        """What stands in an entry before its lines: white space from `at`, the entry from `mark`.

        False where it is more than that: nothing has been done then.
        """
        head = self._bytes.buffer[mark:end]
        is_doubtful = at < self._doubtful_until
        clean = None if is_doubtful else self._clean
        found = None if clean is None else clean.heads.find(head, 0)
        shape: Shape | None = None
        values: Values = ()
        if found is not None and found[2] == len(head):
            shape, values, _ = found
        elif not _is_alone(head, b"gl-cor:entryHeader", 1):
            return False
        else:
            self._learns_head = not is_doubtful and _may_pass(head)
            if clean is not None and self._learns_head:
                key, texts = cut(head)
                shape = clean.heads.of(key)
                values = shape.values(texts) if shape is not None else ()
        self._shape = shape
        self._head = head
        self._head_at = self._bytes.place, mark
        self._before = len(self._findings)
        self._tally = Tally()
        self._skims = self._skimmed_last = False
        if clean is not None and shape is not None:
            clean.begin(self._tally)
            self._skims = clean.enter((values, shape, *self._head_at))
            if self._skims and shape.trusted and clean.head_is_right():
                self._bytes.hold(at, end)
                return True
        self._settle()
        self._examination.expect(self._tally)
        self._bytes.examine(at, end)
        return True

    def _detail(self, at: int, mark: int, end: int) -> bool:
        """Look at what should be a line; False where it is none, or more than one."""
        piece = self._bytes.buffer[mark:end]
        clean = self._clean
        if self._skims and clean is not None and at >= self._doubtful_until:
            key, texts = cut(piece)
            shape = clean.lines.of(key)
            place = self._bytes.place
            if shape is not None and _may_pass(piece) and clean.line(shape, shape.values(texts), place, mark):
                self._skimmed_last = True
                return True
        if self._bytes.holds:
            self._let_head_go()
        self._settle()
        before = len(self._findings)
        self._examination.examined_line()
        self._bytes.examine(at, end)
        self._skimmed_last = False
        node = self._examination.examined_line()
        if node is not None and self._make_clean() is not None:
            if self._learns_head:
                self._learn_head()
            if len(self._findings) == before and at >= self._doubtful_until:
                self._learn_line(piece, self._bytes.buffer[at:mark], node)
        self._resume()
        return node is not None and _is_alone(piece, b"gl-cor:entryDetail", 2)

    def _learn_line(self, piece: bytes, space: bytes, node: Node) -> None:
        assert self._clean is not None
        shape = self._clean.lines.learn(piece, space, node)
        if shape is not None:
            shape.admit(shape.values(cut(piece)[1]))
            self._stand_in = piece.replace(b"\n", b" ")  # it stands on no line of its own

    def _end(self, at: int, end: int) -> None:
        if self._bytes.holds:
            if at >= self._doubtful_until and self._clean is not None and self._clean.close():
                self._skimmed_last = False
                self._bytes.pass_over_held(at, end)
                return
            self._let_head_go()
        self._settle()
        self._skimmed_last = False
        self._bytes.examine(at, end)
        if self._shape is not None and len(self._findings) == self._before:
            self._shape.admit(self._shape.values(cut(self._head)[1]))
        self._resume()

    def _let_head_go(self) -> None:
        """What stands before an entry's lines has to be examined."""
        if self._clean is not None:
            self._clean.settle_before()
        self._examination.expect(self._tally)
        self._settle()
        self._bytes.let_go()

    def _learn_head(self) -> None:
        """The entry's first line has been examined, and so has what stands before it."""
        self._learns_head = False
        if self._shape is not None or self._clean is None or self._facts.header is None:
            return
        self._shape = self._clean.heads.learn(self._head, b"", self._facts.header)
        if self._shape is not None:
            self._clean.begin(self._tally)
            values = self._shape.values(cut(self._head)[1])
            self._skims = self._clean.enter((values, self._shape, *self._head_at))

    def _stand_a_line_in(self) -> None:
        """Something comes after lines that have been passed over: the parser has to know that there were some."""
        self._skimmed_last = False
        self._examination.standing_in = True
        self._bytes.feed(self._stand_in)
        self._examination.standing_in = False

    def _make_clean(self) -> Clean | None:
        if self._clean is not None:
            return self._clean
        watch, known = self._examination.watch, self._facts.globals
        if len(known.starts) != 1 or len(known.ends) != 1:
            return None
        if isinstance(watch, JournalWatch):
            self._clean = CleanJournal(self._facts, watch)
        elif isinstance(watch, LedgerWatch):
            self._clean = CleanLedger(self._facts, watch)
        return self._clean

    def _settle(self) -> None:
        if self._clean is not None:
            self._clean.settle()

    def _resume(self) -> None:
        if self._clean is not None:
            self._clean.resume()

    def _is_doubtful(self, data: bytes) -> bool:
        """Whether there is anything in new bytes that keeps them from being passed over.

        Control characters of one byte do so themselves: no shape has any.
        """
        around = self._around + data
        self._around = around[-_AROUND:]
        try:
            self._decoder.decode(data)
        except UnicodeDecodeError:
            self._decoder.reset()
            return True
        return any(_holds(around, lead, following) for lead, following in _UNWANTED)


def _may_pass(piece: bytes) -> bool:
    return len(piece) <= LONGEST and is_plain(piece)


def _is_alone(piece: bytes, name: bytes, times: int) -> bool:
    """Whether a piece has no other element of this name than its own, and nothing in it that goes on after it."""
    found = at = 0
    while (opening := _OPENING.search(piece, at)) is not None:
        ending = _ENDS.get(opening[0])
        end = piece.find(ending, opening.end()) if ending is not None else -1
        if ending is None or end < 0:
            return False
        found += piece.count(name, at, opening.start())
        at = end + len(ending)
    return found + piece.count(name, at) == times


def _holds(data: bytes, lead: bytes, following: tuple[bytes, ...]) -> bool:
    at = data.find(lead)
    while at >= 0:
        if data.startswith(following, at + 1):
            return True
        at = data.find(lead, at + 1)
    return False

"""One pass over a document: reads it element by element and tests each by the rules of its place."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from validator.facts import Facts, NameParts, Tally
from validator.foreknown import Foreknown, Latecomers
from validator.node import Node, name_of
from validator.reporting import FindingReporter
from validator.rules.model import Place
from validator.rules.ruleset import Watch
from validator.strays import Strays
from validator.summarize import summarize
from validator.summary import Summary
from validator.surroundings import Surroundings
from validator.tester import Tester

_XBRL = ("xbrli:xbrl",)
_ENTRIES = ("gl-cor:accountingEntries", "xbrli:xbrl")
_DETAIL: Final = "gl-cor:entryDetail"
_KEPT: Final = 1000
"""So many items of an entry are kept; a document with more is wrong by the schema."""


def _clark(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local


class Examination:
    """What is found out about one document."""

    def __init__(
        self, name: str | None, foreknown: Foreknown | None = None, newer_journal_since: date | None = None
    ) -> None:
        """Begin to read.

        Args:
            name: the file's name, where it is known.
            foreknown: what a first reading has found out (see `again`).
            newer_journal_since: see `validator.kinds.rule_set`.
        """
        self.facts = Facts(name=name, name_parts=NameParts.parse(name) if name else None)
        self._foreknown = foreknown
        if foreknown is not None:
            self.facts.globals = foreknown.globals
        self._late = Latecomers()
        self._tester = Tester(self.facts, newer_journal_since)
        self._strays = Strays(self._tester)
        self._header_element: etree._Element | None = None  # the entry that is being read
        self._begun = self._line_seen = False  # of that entry
        self._next_tally: Tally | None = None
        self._has_begun = False  # the watch knows of the next entryHeader
        self._last_line: Node | None = None
        self.standing_in = False
        """True while a line is read that only stands for others before it."""
        around = Surroundings(self.facts, self._tester, takes_globals=foreknown is None)
        self._steps = {
            "xbrli:context": (_XBRL, around.context),
            "xbrli:unit": (_XBRL, around.unit),
            "gl-cor:documentInfo": (_ENTRIES, around.document_info),
            "gl-cor:entityInformation": (_ENTRIES, around.entity_information),
            _DETAIL: (("gl-cor:entryHeader", *_ENTRIES), self._detail),
            "gl-cor:entryHeader": (_ENTRIES, self._header),
            "gl-cor:accountingEntries": (_XBRL, self._accounting_entries),
            "xbrli:xbrl": ((), self._xbrl),
            "defterek:binaryObject": (("extension", "extensions"), around.attachment),
            "ds:SignatureValue": ((), around.signature_value),
            "ds:Signature": ((), around.signature),
            "HashValue": ((), around.hash_value),
        }

    @property
    def tags(self) -> list[str]:
        """The elements to hand in, in lxml's notation."""
        return [_clark(name) for name in self._steps]

    @property
    def watch(self) -> Watch | None:
        """What watches over the whole document; None until its kind is known."""
        return self._tester.watch

    @property
    def reporter(self) -> FindingReporter:
        """What has been found against the document."""
        return self._tester.reporter

    @property
    def rules(self) -> str | None:
        """The name of the rule set in use; None until the kind is known."""
        return self.facts.rules

    @property
    def again(self) -> Foreknown | None:
        """At the end: what has to be known in a second reading, where this one did not know it in time.

        Rules look at the period, say, wherever it stands; where it stands after entries, these were judged without.
        """
        if self._foreknown is not None:
            return None
        grown = self.facts.globals.size > self._tester.globals_at_open
        return Foreknown(self.facts.globals, self._late.found) if grown or self._late.found else None

    def examined_line(self) -> Node | None:
        """The last line that has been examined since this was asked before; None where there was none."""
        node, self._last_line = self._last_line, None
        return node

    def expect(self, tally: Tally) -> None:
        """An entryHeader begins. Its lines are counted there, some perhaps before it is examined itself."""
        self._next_tally = tally
        self._has_begun = self.watch is not None
        if self.watch is not None:
            self.watch.begin(self.facts)

    def summary(self, *, size: int, sha256: str) -> Summary | None:
        """What the document says, in figures; None where its kind is not known."""
        return summarize(self.facts, size, sha256) if self.facts.kind is not None else None

    def take(self, element: etree._Element) -> bool:
        """Test an element that is complete; True if it may be released.

        An element that stands where no rule looks is passed over: it may belong to one that is not complete yet.
        """
        path, step = self._steps[name_of(element)]
        parent = element.getparent()
        for expected in path:
            if parent is None or name_of(parent) != expected:
                return False
            parent = parent.getparent()
        if parent is None or parent.getparent() is not None:  # the path has to hang below the root
            return False
        step(element)
        self._strays.read_around(self._start_of_strays(element))
        self._strays.released(element)
        return True

    def finish(self, root: etree._Element) -> None:
        """Test what can be told at the end alone."""
        tester = self._tester
        tester.open(root)
        self._strays.check_rest(root)
        if tester.watch is not None:
            tester.watch.end(self.facts, tester.reporter)
        tester.test(Place.ROOT, Node.shell(root))
        tester.frame.finish(root, tester.rules)

    # Steps

    def _detail(self, element: etree._Element) -> None:
        header = element.getparent()
        if header is not None and header is not self._header_element:
            self._begin_header(header)
        self._add_items(reversed(list(element.itersiblings(preceding=True))))
        self._line_seen = True
        if self.standing_in:
            return
        facts = self.facts
        node = facts.detail = self._tester.read(element)
        facts.lines += 1
        facts.tally.add(node)
        facts.sums.add(node, of_report=facts.kind is DocumentKind.REPORT)
        if self.watch is not None:
            self.watch.detail(node, facts, self.reporter)
        self._tester.test(Place.DETAIL, node)
        for measurable in node.all("gl-bus:measurable"):
            self._tester.test(Place.MEASURABLE, measurable)
        facts.detail = None
        self._last_line = node

    def _header(self, element: etree._Element) -> None:
        if element is not self._header_element:
            self._begin_header(element)
        self._add_items(element)
        facts = self.facts
        facts.late = {}
        if self.watch is not None:
            self.watch.header(facts, self.reporter)
        if facts.header is not None:
            facts.count_entry(facts.header.value("gl-cor:entryNumberCounter"))
            self._tester.frame.check_decimals([facts.header])
            self._tester.test(Place.HEADER, facts.header)
        self._header_element = facts.header = None

    def _accounting_entries(self, element: etree._Element) -> None:
        self.facts.accounting_entries += 1
        self._open(element)
        self._strays.read_within(element)
        node = Node.shell(element)
        self._tester.frame.check_decimals([node])
        if self.watch is not None:
            self.watch.entries(self.facts, self.reporter)
        self._tester.test(Place.ACCOUNTING_ENTRIES, node)
        self.facts.end_entries()

    def _xbrl(self, element: etree._Element) -> None:
        self._open(element)
        self._strays.read_within(element)
        node = Node.shell(element)
        self._tester.frame.check_decimals([node])
        self._tester.test(Place.XBRL, node)
        self.facts.end_xbrl()

    # What steps have in common

    def _begin_header(self, element: etree._Element) -> None:
        self._open(element)
        self._header_element = element
        self.facts.header, self.facts.tally = Node.shell(element), self._next_tally or Tally()
        self._next_tally = None
        self.facts.headers += 1
        self._begun, self._line_seen = True, False
        if self._foreknown is not None:
            self.facts.late = self._foreknown.late.get(self.facts.headers, {})
        if self.watch is not None and not self._has_begun:
            self.watch.begin(self.facts)
        self._has_begun = False

    def _add_items(self, elements: Iterable[etree._Element]) -> None:
        facts = self.facts
        header = facts.header
        for element in elements:
            if header is None or not isinstance(element.tag, str) or name_of(element) == _DETAIL:
                continue
            item = self._tester.read_item(element)
            if sum(map(len, header.children.values())) < _KEPT:
                header.add(item)
            if self._line_seen:
                self._late.take(item, facts.headers)

    def _open(self, element: etree._Element) -> None:
        self._tester.open(element.getroottree().getroot())

    def _start_of_strays(self, element: etree._Element) -> etree._Element | None:
        """From where to look for strays; what stands beside a line has been read with its entry."""
        if name_of(element) != _DETAIL:
            return element
        begun, self._begun = self._begun, False
        return element.getparent() if begun else None

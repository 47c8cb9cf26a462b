"""One pass over a document: reads it element by element and tests each by the rules of its place."""

from collections.abc import Iterable
from datetime import date
from itertools import takewhile
from typing import Final

from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from validator.currencies import is_of_iso_4217, may_be_currency
from validator.facts import Facts, NameParts, Tally
from validator.foreknown import Foreknown
from validator.frame import Frame
from validator.kinds import rule_set, tell_kind
from validator.node import Node, Undecidable, name_of
from validator.reporting import FindingReporter
from validator.rules.model import Place
from validator.rules.ruleset import RuleSet, Watch
from validator.summarize import summarize
from validator.summary import Summary

_XBRL = ("xbrli:xbrl",)
_ENTRIES = ("gl-cor:accountingEntries", "xbrli:xbrl")
_DETAIL: Final = "gl-cor:entryDetail"
_KEPT = 1000
"""So many items of an entry are kept; a document with more is wrong by the schema."""
_ASKED_BY_LINES: Final = frozenset(
    {"gl-cor:entryNumber", "gl-cor:entryNumberCounter", "gl-cor:enteredDate", "gl-cor:qualifierEntry"}
)
"""Elements of an entry that rules on its lines ask for: they should come before the lines, and may come after."""
_LATE_KEPT = 20_000
"""So many of them are remembered where they come after."""


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
        self._newer_journal_since = newer_journal_since
        if foreknown is not None:
            self.facts.globals = foreknown.globals
        self._late: dict[int, dict[str, list[str]]] = {}
        self._late_count = self._known_at_open = 0
        self._begun = self._line_seen = False  # of the entry that is being read
        self._released: etree._Element | None = None  # the last element that has been let go of
        self.reporter = FindingReporter(self.facts)
        self._frame = Frame(self.facts, self.reporter)
        self._rules: RuleSet | None = None
        self._watch: Watch | None = None
        self._opened = False
        self._next_tally: Tally | None = None
        self._has_begun = False  # the watch knows of the next entryHeader
        self._last_line: Node | None = None
        self.standing_in = False
        """True while a line is read that only stands for others before it."""
        self._header_element: etree._Element | None = None
        self._held: list[tuple[Place, Node]] = []  # what came before the kind was known
        self._steps = {
            "xbrli:context": (_XBRL, self._context),
            "xbrli:unit": (_XBRL, self._unit),
            "gl-cor:documentInfo": (_ENTRIES, self._document_info),
            "gl-cor:entityInformation": (_ENTRIES, self._entity_information),
            _DETAIL: (("gl-cor:entryHeader", *_ENTRIES), self._detail),
            "gl-cor:entryHeader": (_ENTRIES, self._header),
            "gl-cor:accountingEntries": (_XBRL, self._accounting_entries),
            "xbrli:xbrl": ((), self._xbrl),
            "defterek:binaryObject": (("extension", "extensions"), self._attachment),
            "ds:SignatureValue": ((), self._signature_value),
            "ds:Signature": ((), self._signature),
            "HashValue": ((), self._hash_value),
        }

    @property
    def tags(self) -> list[str]:
        """The elements to hand in, in lxml's notation."""
        return [_clark(name) for name in self._steps]

    @property
    def watch(self) -> Watch | None:
        """What watches over the whole document; None until its kind is known."""
        return self._watch

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
        grown = self.facts.globals.size > self._known_at_open
        return Foreknown(self.facts.globals, self._late) if grown or self._late else None

    def examined_line(self) -> Node | None:
        """The last line that has been examined since this was asked before; None where there was none."""
        node, self._last_line = self._last_line, None
        return node

    def expect(self, tally: Tally) -> None:
        """An entryHeader begins. Its lines are counted there, some perhaps before it is examined itself."""
        self._next_tally = tally
        self._has_begun = self._watch is not None
        if self._watch is not None:
            self._watch.begin(self.facts)

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
        self._read_around(element)
        self._released = element
        return True

    def finish(self, root: etree._Element) -> None:
        """Test what can be told at the end alone."""
        self._open(root)
        facts = self.facts
        self._read_rest(root)
        if self._watch is not None:
            self._watch.end(facts, self.reporter)
        self._test(Place.ROOT, Node.shell(root))
        self._frame.finish(root, self._rules)

    # Steps, in the order in which elements come

    def _context(self, element: etree._Element) -> None:
        node = self._read(element)
        self.facts.contexts += 1
        if self.facts.context is None:
            self.facts.context = node
        if self._foreknown is None:
            self.facts.globals.of_context(node)
        for entity in node.all("xbrli:entity"):
            self._test_or_hold(Place.CONTEXT_ENTITY, entity)
        for identifier in node.all("xbrli:entity/xbrli:identifier"):
            self._test_or_hold(Place.IDENTIFIER, identifier)
            self._frame.check_tax_id(identifier)

    def _unit(self, element: etree._Element) -> None:
        node = self._read(element)
        facts = self.facts
        facts.units += 1
        facts.currency_units += may_be_currency(node.get("id") or "")
        for measure in node.all("xbrli:measure"):
            facts.measures += 1
            facts.currency_measures += is_of_iso_4217(measure.string)
            alone = Node.shell(element)
            alone.add(measure)
            self._test_or_hold(Place.MEASURE, alone)

    def _document_info(self, element: etree._Element) -> None:
        node = self._read(element)
        self.facts.document_infos += 1
        if self.facts.document_info is None:
            self.facts.document_info = node
        if self._foreknown is None:
            self.facts.globals.of_info(node)
        self._test_or_hold(Place.DOCUMENT_INFO, node)

    def _entity_information(self, element: etree._Element) -> None:
        node = self._read(element)
        self.facts.entity_informations += 1
        if self.facts.entity_information is None:
            self.facts.entity_information = node
        self._test_or_hold(Place.ENTITY_INFORMATION, node)
        for place, path in (
            (Place.ACCOUNTANT, "gl-bus:accountantInformation"),
            (Place.PHONE, "gl-bus:entityPhoneNumber"),
            (Place.EMAIL, "gl-bus:entityEmailAddressStructure"),
            (Place.WEB_SITE, "gl-bus:entityWebSite"),
        ):
            for below in node.all(path):
                self._test_or_hold(place, below)

    def _detail(self, element: etree._Element) -> None:
        header = element.getparent()
        if header is not None and header is not self._header_element:
            self._begin_header(header)
        self._add_items(reversed(list(element.itersiblings(preceding=True))))
        self._line_seen = True
        if self.standing_in:
            return
        facts = self.facts
        node = facts.detail = self._read(element)
        facts.lines += 1
        facts.tally.add(node)
        facts.sums.add(node, of_report=facts.kind is DocumentKind.REPORT)
        if self._watch is not None:
            self._watch.detail(node, facts, self.reporter)
        self._test(Place.DETAIL, node)
        for measurable in node.all("gl-bus:measurable"):
            self._test(Place.MEASURABLE, measurable)
        facts.detail = None
        self._last_line = node

    def _header(self, element: etree._Element) -> None:
        if element is not self._header_element:
            self._begin_header(element)
        self._add_items(element)
        facts = self.facts
        facts.late = {}
        if self._watch is not None:
            self._watch.header(facts, self.reporter)
        if facts.header is not None:
            facts.count_entry(facts.header.value("gl-cor:entryNumberCounter"))
            self._frame.check_decimals([facts.header])
            self._test(Place.HEADER, facts.header)
        self._header_element = facts.header = None

    def _accounting_entries(self, element: etree._Element) -> None:
        self.facts.accounting_entries += 1
        self._open(element)
        self._read_strays(element.iterchildren(reversed=True))
        node = Node.shell(element)
        self._frame.check_decimals([node])
        if self._watch is not None:
            self._watch.entries(self.facts, self.reporter)
        self._test(Place.ACCOUNTING_ENTRIES, node)
        self.facts.end_entries()

    def _xbrl(self, element: etree._Element) -> None:
        self._open(element)
        self._read_strays(element.iterchildren(reversed=True))
        node = Node.shell(element)
        self._frame.check_decimals([node])
        self._test(Place.XBRL, node)
        self.facts.end_xbrl()

    def _attachment(self, element: etree._Element) -> None:
        self.facts.attachments += 1
        self._test(Place.ATTACHMENT, self._read_unsearched(element))

    def _signature_value(self, element: etree._Element) -> None:
        node = self._read_unsearched(element)
        self.facts.has_bare_signature_value = True
        self.facts.bare_signature_value = "".join(node.text.split())

    def _signature(self, element: etree._Element) -> None:
        self.facts.signed = self.facts.has_signature = True
        node = self._read_unsearched(element)
        self.facts.signature_value = "".join((node.value("ds:SignatureValue") or "").split()) or None
        self._test(Place.SIGNATURE, node)
        for data in node.all("ds:KeyInfo/ds:X509Data"):
            self._test(Place.X509_DATA, data)
            for subject in data.all("ds:X509SubjectName"):
                self._test(Place.X509_SUBJECT, subject)

    def _hash_value(self, element: etree._Element) -> None:
        self._read_unsearched(element)
        self.facts.signed = True

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
        if self._watch is not None and not self._has_begun:
            self._watch.begin(self.facts)
        self._has_begun = False

    def _add_items(self, elements: Iterable[etree._Element]) -> None:
        facts = self.facts
        header = facts.header
        for element in elements:
            if header is None or not isinstance(element.tag, str) or name_of(element) == _DETAIL:
                continue
            flat: list[Node] = []
            item = Node(element, flat)
            self._frame.check_items(flat)
            if self._watch is not None:
                self._watch.item(item, facts)
                self._watch.passing(flat[1:], facts)
            if sum(map(len, header.children.values())) < _KEPT:
                header.add(item)
            if self._line_seen and item.name in _ASKED_BY_LINES and self._late_count < _LATE_KEPT:
                self._late.setdefault(facts.headers, {}).setdefault(item.name, []).append(item.string)
                self._late_count += 1

    def _read(self, element: etree._Element) -> Node:
        flat: list[Node] = []
        node = Node(element, flat)
        self._frame.check_items(flat)
        if self._watch is not None:
            self._watch.passing(flat, self.facts)
        return node

    def _read_unsearched(self, element: etree._Element) -> Node:
        """Read what may be long and is no ledger's text: its texts are not looked at."""
        flat: list[Node] = []
        node = Node(element, flat)
        self._frame.check_decimals(flat)
        if self._watch is not None:
            self._watch.passing(flat, self.facts)
        return node

    def _read_around(self, element: etree._Element) -> None:
        """Read what stands where no rule looks: it goes when the element does, and Y001 holds for it too."""
        around: etree._Element | None = element
        if name_of(element) == _DETAIL:  # what stands beside it has been read with its entry
            around = element.getparent() if self._begun else None
            self._begun = False
        while around is not None:
            self._read_strays(around.itersiblings(preceding=True))
            around = around.getparent()

    def _read_strays(self, backwards: Iterable[etree._Element]) -> None:
        """Read elements that come backwards, as far as the last that has been let go of."""
        strays = list(takewhile(lambda element: element is not self._released, backwards))
        for stray in reversed(strays):
            if isinstance(stray.tag, str):
                self._read(stray)

    def _read_rest(self, root: etree._Element) -> None:
        """Read what is left at the end."""
        left = [element for element in root.iter() if isinstance(element.tag, str) and element is not self._released]
        self._frame.check_decimals([Node.shell(element) for element in left])

    def _open(self, element: etree._Element) -> None:
        """The kind has to be known from here on."""
        if self._opened:
            return
        self._opened = True
        facts = self.facts
        facts.kind = tell_kind(element.getroottree().getroot(), facts)
        if facts.kind is not None:
            self._rules = rule_set(facts.kind, facts.start, self._newer_journal_since)
            self._watch = self._rules.watch()
            facts.rules = self._rules.name
        self._known_at_open = facts.globals.size
        self._frame.open()
        for place, node in self._held:
            self._test(place, node)
        self._held.clear()

    def _test_or_hold(self, place: Place, node: Node) -> None:
        if self._opened:
            self._test(place, node)
        elif len(self._held) < _KEPT:
            _ = node.line  # remembered: the element is released before the test
            self._held.append((place, node))

    def _test(self, place: Place, node: Node) -> None:
        if self._rules is None:
            return
        facts = self.facts
        for rule in self._rules.rules.get(place, ()):
            try:
                kept = rule.check.test(node, facts)
            except Undecidable:
                self.reporter.undecidable(rule, node)
            else:
                if not kept:
                    self.reporter.broken(rule, node)

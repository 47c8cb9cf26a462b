"""One pass over a document: reads it element by element and tests each by the rules of its place."""

from collections.abc import Iterable
from typing import Final

from lxml import etree

from defterhane.edefter.vocabulary import NAMESPACES
from validator.currencies import may_be_currency
from validator.facts import Facts, NameParts, Tally
from validator.frame import Frame
from validator.kinds import rule_set, tell_kind
from validator.node import Node, name_of
from validator.reporting import FindingReporter
from validator.rules.model import Place
from validator.rules.ruleset import RuleSet, Watch

_XBRL = ("xbrli:xbrl",)
_ENTRIES = ("gl-cor:accountingEntries", "xbrli:xbrl")
_DETAIL: Final = "gl-cor:entryDetail"
_KEPT = 1000
"""So many units, measures and items of an entry are kept; a document with more is wrong by the schema."""


def _clark(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local


class Examination:
    """What is found out about one document."""

    def __init__(self, name: str | None) -> None:
        """`name` is the file's name, where it is known."""
        self.facts = Facts(name=name, name_parts=NameParts.parse(name) if name else None)
        self.reporter = FindingReporter(self.facts)
        self._frame = Frame(self.facts, self.reporter)
        self._rules: RuleSet | None = None
        self._watch: Watch | None = None
        self._opened = False
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
        return True

    def finish(self, root: etree._Element) -> None:
        """Test what can be told at the end alone."""
        self._open(root)
        facts = self.facts
        if self._watch is not None:
            self._watch.end(facts, self.reporter)
        self._test(Place.ROOT, Node.shell(root))
        self._frame.finish(root)

    # Steps, in the order in which elements come

    def _context(self, element: etree._Element) -> None:
        node = self._read(element)
        self.facts.contexts += 1
        if self.facts.context is None:
            self.facts.context = node
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
            if len(facts.measures) < _KEPT:
                facts.measures.append(measure.text)
                alone = Node.shell(element)
                alone.add(measure)
                self._test_or_hold(Place.MEASURE, alone)

    def _document_info(self, element: etree._Element) -> None:
        node = self._read(element)
        if self.facts.document_info is None:
            self.facts.document_info = node
        self._test_or_hold(Place.DOCUMENT_INFO, node)

    def _entity_information(self, element: etree._Element) -> None:
        node = self._read(element)
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
        self._add_items(element.itersiblings(preceding=True))
        facts = self.facts
        node = facts.detail = self._read(element)
        facts.lines += 1
        facts.tally.add(node)
        if self._watch is not None:
            self._watch.detail(node, facts, self.reporter)
        self._test(Place.DETAIL, node)
        for measurable in node.all("gl-bus:measurable"):
            self._test(Place.MEASURABLE, measurable)
        facts.detail = None

    def _header(self, element: etree._Element) -> None:
        if element is not self._header_element:
            self._begin_header(element)
        self._add_items(element)
        facts = self.facts
        if self._watch is not None:
            self._watch.header(facts, self.reporter)
        if facts.header is not None:
            self._test(Place.HEADER, facts.header)
        self._header_element = facts.header = None

    def _accounting_entries(self, element: etree._Element) -> None:
        self.facts.accounting_entries += 1
        self._open(element)
        self._test(Place.ACCOUNTING_ENTRIES, Node.shell(element))

    def _xbrl(self, element: etree._Element) -> None:
        self._open(element)
        self._test(Place.XBRL, Node.shell(element))

    def _attachment(self, element: etree._Element) -> None:
        self.facts.attachments += 1
        self._test(Place.ATTACHMENT, Node(element))

    def _signature_value(self, _: etree._Element) -> None:
        self.facts.has_bare_signature_value = True

    def _signature(self, element: etree._Element) -> None:
        self.facts.signed = self.facts.has_signature = True
        node = Node(element)
        self._test(Place.SIGNATURE, node)
        for data in node.all("ds:KeyInfo/ds:X509Data"):
            self._test(Place.X509_DATA, data)
            for subject in data.all("ds:X509SubjectName"):
                self._test(Place.X509_SUBJECT, subject)

    def _hash_value(self, _: etree._Element) -> None:
        self.facts.signed = True

    # What steps have in common

    def _begin_header(self, element: etree._Element) -> None:
        self._open(element)
        self._header_element = element
        self.facts.header, self.facts.tally = Node.shell(element), Tally()
        self.facts.headers += 1

    def _add_items(self, elements: Iterable[etree._Element]) -> None:
        header = self.facts.header
        for element in elements:
            if header is None or not isinstance(element.tag, str) or name_of(element) == _DETAIL:
                continue
            if sum(map(len, header.children.values())) < _KEPT:
                header.add(self._read(element))

    def _read(self, element: etree._Element) -> Node:
        flat: list[Node] = []
        node = Node(element, flat)
        self._frame.check_items(flat)
        return node

    def _open(self, element: etree._Element) -> None:
        """The kind has to be known from here on."""
        if self._opened:
            return
        self._opened = True
        facts = self.facts
        facts.kind = tell_kind(element.getroottree().getroot(), facts)
        if facts.kind is not None:
            self._rules = rule_set(facts.kind, facts.start)
            self._watch = self._rules.watch()
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
            if not rule.check.test(node, facts):
                self.reporter.broken(rule, node)

"""Duties that hold for every document: references, ids, texts, tax number, and agreement with the file's name."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from lxml import etree

from defterhane.documents.safe_xml import line_of
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.taxid import tax_id
from defterhane.edefter.vocabulary import BRANCH_NUMBER
from validator import texts
from validator.facts import Facts
from validator.node import Node, name_of, normalize
from validator.reporting import FindingReporter
from validator.rules.ruleset import RuleSet, spot_of
from validator.rules.sequence import Spot

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_TAX_ID = re.compile(r"[0-9]{10,11}")
_KEPT = 1000
_DEFINING: Final = ("xbrli:context", "xbrli:unit")
DECIMALS: Final = {
    DocumentKind.JOURNAL: "Y001",
    DocumentKind.LEDGER: "K001",
    DocumentKind.JOURNAL_BERAT: "B001",
    DocumentKind.LEDGER_BERAT: "B001",
    DocumentKind.REPORT: "report.B001",
}
ROOT: Final = {
    DocumentKind.JOURNAL: "Y002",
    DocumentKind.LEDGER: "K002",
    DocumentKind.JOURNAL_BERAT: "B002",
    DocumentKind.LEDGER_BERAT: "B002",
    DocumentKind.REPORT: "report.B002",
}


class Frame:
    """Tests what does not depend on the document's kind."""

    def __init__(self, facts: Facts, reporter: FindingReporter) -> None:
        self._facts = facts
        self._reporter = reporter
        self._open = False
        self._decimals: list[Node] = []
        self._references: list[tuple[Node, str]] = []  # what could not be judged before the entries began

    def check_items(self, nodes: Collection[Node]) -> None:
        """`check_decimals`; reference.unknown, id.repeated, text.control_character."""
        self.check_decimals(nodes)
        ids = self._facts.ids
        for node in nodes:
            get = node.element.get
            if node.name in _DEFINING:
                self._define(node, get("id"))
            context, unit = get("contextRef"), get("unitRef")
            if context is not None and context not in ids:
                self._check_reference(node, context)
            if unit is not None and unit not in ids:
                self._check_reference(node, unit)
            if node.text and _CONTROL.search(node.text):
                self._say("text.control_character", texts.CONTROL_CHARACTER, node, node.text)

    def check_decimals(self, nodes: Iterable[Node]) -> None:
        """Y001, K001, B001: of every element, wherever it stands."""
        for node in nodes:
            decimals = node.element.get("decimals")
            if decimals is not None and decimals != "INF":
                self._say_decimals(node)

    def check_tax_id(self, identifier: Node) -> None:
        """taxid.check_digits: the identifier's check digits; its shape is Y021, K021, B024."""
        text = normalize(identifier.text)
        if _TAX_ID.fullmatch(text):
            try:
                tax_id(text)
            except ValueError:
                self._say("taxid.check_digits", texts.TAX_ID_DIGITS, identifier, text)

    def open(self) -> None:
        """The document's kind is known, and its contexts and units: say what had to wait for them."""
        self._open = True
        for node in self._decimals:
            self._say_decimals(node)
        for node, reference in self._references:
            if reference not in self._facts.ids:
                self._check_reference(node, reference)
        self._decimals.clear()
        self._references.clear()

    def finish(self, root: etree._Element, rules: RuleSet | None) -> None:
        """Y002, K002, B002 (the root); document.unknown; name.mismatch and name.unknown."""
        facts, reporter = self._facts, self._reporter
        parts = facts.name_parts
        found = name_of(root)
        wanted = f"edefter:{parts.kind.traits.root}" if parts is not None else None
        if parts is not None and wanted is not None and found != wanted:
            spot = Spot(line_of(root), found)
            reporter.at(ROOT[parts.kind], texts.ROOT, spot, found, wanted)
        elif facts.kind is None:
            reporter.note("document.unknown", texts.KIND_UNKNOWN, found)
        if parts is None:
            if facts.name is not None:
                reporter.note("name.unknown", texts.NAME_UNKNOWN, facts.name, warning=True)
            return
        if facts.kind is not None and facts.kind is not parts.kind:
            reporter.note("name.mismatch", texts.NAME_KIND, facts.kind, parts.kind)
        if rules is None or not rules.tests_names:
            if facts.context is not None and normalize(facts.tax_id) != parts.tax_id:
                reporter.note("name.mismatch", texts.NAME_TAX_ID, normalize(facts.tax_id), parts.tax_id)
            if facts.start is not None and facts.month != parts.month:
                reporter.note("name.mismatch", texts.NAME_MONTH, facts.start, parts.month)
        branch = next(iter(facts.organization(BRANCH_NUMBER)), None)
        if facts.entity_information is not None and branch != parts.branch:
            reporter.note("name.mismatch", texts.NAME_BRANCH, branch or "–", parts.branch or "–")

    def _define(self, node: Node, defined: str | None) -> None:
        ids = self._facts.ids
        if defined is None:
            return
        if defined in ids:
            self._say("id.repeated", texts.ID_TWICE, node, defined)
        elif len(ids) < _KEPT:
            ids.add(defined)

    def _say(self, rule_id: str, said: texts.Said, node: Node, value: str) -> None:
        spot = spot_of(node, "", self._facts).with_value(value)
        self._reporter.at(rule_id, said, spot, node.name)

    def _say_decimals(self, node: Node) -> None:
        """Where a document cannot be told by its root, it is judged as what its name says it is."""
        kind, parts = self._facts.kind, self._facts.name_parts
        if kind is None and self._open and parts is not None:
            kind = parts.kind
        if kind is not None:
            self._say(DECIMALS[kind], texts.DECIMALS, node, node.get("decimals") or "")
        elif not self._open and len(self._decimals) < _KEPT:
            _ = node.line  # remembered: the element is released before it is said
            self._decimals.append(node)

    def _check_reference(self, node: Node, reference: str) -> None:
        if self._open:
            self._say("reference.unknown", texts.REFERENCE, node, reference)
        elif len(self._references) < _KEPT:
            _ = node.line
            self._references.append((node, reference))

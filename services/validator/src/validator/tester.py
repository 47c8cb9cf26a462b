"""Reads a document's elements, and tests them by the rules of its kind, once that can be told."""

from collections.abc import Sequence
from datetime import date
from typing import Final, TypeAlias

from lxml import etree

from validator.facts import Facts
from validator.frame import Frame
from validator.kinds import rule_set, tell_kind
from validator.node import Node, Undecidable
from validator.reporting import FindingReporter
from validator.rules.model import Place, Rule, Test
from validator.rules.ruleset import RuleSet, Watch

_HELD: Final = 1000
"""So many elements wait for the document's kind; a document with more is wrong by the schema."""
_Tests: TypeAlias = Sequence[tuple[Test, Rule]]


class Tester:
    """Tests elements as they are handed in.

    The kind has to be known when the entries begin. What has to be tested before is held until then.
    """

    def __init__(self, facts: Facts, newer_journal_since: date | None) -> None:
        self._facts = facts
        self._newer_journal_since = newer_journal_since
        self._opened = False
        self._held: list[tuple[Place, Node]] = []
        self._tests: dict[Place, _Tests] = {}
        self.reporter = FindingReporter(facts)
        self.frame = Frame(facts, self.reporter)
        self.rules: RuleSet | None = None
        """None until the kind is known."""
        self.watch: Watch | None = None
        """What watches over the whole document; None until its kind is known."""
        self.globals_at_open = 0
        """How many of the rules' global variables were known then."""

    def open(self, root: etree._Element) -> None:
        """The entries begin, or the document ends without: from here on the kind has to be known."""
        if self._opened:
            return
        self._opened = True
        facts = self._facts
        facts.kind = tell_kind(root, facts)
        if facts.kind is not None:
            self.rules = rule_set(facts.kind, facts.start, self._newer_journal_since)
            self.watch = self.rules.watch()
            self._tests = {
                place: [(rule.check.test, rule) for rule in rules] for place, rules in self.rules.rules.items()
            }
            facts.rules = self.rules.name
        self.globals_at_open = facts.globals.size
        self.frame.open()
        for place, node in self._held:
            self.test(place, node)
        self._held.clear()

    def read(self, element: etree._Element) -> Node:
        """Read an element and all in it; the duties that hold for every element are tested."""
        flat: list[Node] = []
        node = Node(element, flat)
        self.frame.check_items(flat)
        if self.watch is not None:
            self.watch.passing(flat, self._facts)
        return node

    def read_unsearched(self, element: etree._Element) -> Node:
        """Read what may be long and is no ledger's text: its texts are not looked at."""
        flat: list[Node] = []
        node = Node(element, flat)
        self.frame.check_decimals(flat)
        if self.watch is not None:
            self.watch.passing(flat, self._facts)
        return node

    def read_item(self, element: etree._Element) -> Node:
        """Read an element of an entry that is no line."""
        flat: list[Node] = []
        item = Node(element, flat)
        self.frame.check_items(flat)
        if self.watch is not None:
            self.watch.item(item, self._facts)
            self.watch.passing(flat[1:], self._facts)
        return item

    def test(self, place: Place, node: Node) -> None:
        """Try the rules of a place."""
        facts, reporter = self._facts, self.reporter
        for test, rule in self._tests.get(place, ()):
            try:
                if not test(node, facts):
                    reporter.broken(rule, node)
            except Undecidable:
                reporter.undecidable(rule, node)

    def test_or_hold(self, place: Place, node: Node) -> None:
        """Try the rules of a place that may come before the kind is known."""
        if self._opened:
            self.test(place, node)
        elif len(self._held) < _HELD:
            _ = node.line  # remembered: the element is released before the test
            self._held.append((place, node))

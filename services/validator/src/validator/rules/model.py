"""What a rule is, and how rows of rules that several documents share become each document's own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal, TypeAlias

from defterhane.texts import Text
from validator.facts import Facts
from validator.node import Node
from validator.texts import BLANK, MISSING, Said, Value

Test: TypeAlias = Callable[[Node, Facts], object]
"""True (or anything true) where the rule is kept."""
Tell: TypeAlias = Callable[[Node, Facts], Value]
"""Tells a value for the message about a rule that is broken there."""
Document: TypeAlias = Literal["journal", "ledger", "berat", "report"]


class Place(Enum):
    """Where rules are tested: the Schematron's contexts."""

    ROOT = auto()
    CONTEXT_ENTITY = auto()
    IDENTIFIER = auto()
    SIGNATURE = auto()
    X509_DATA = auto()
    X509_SUBJECT = auto()
    XBRL = auto()
    MEASURE = auto()
    ACCOUNTING_ENTRIES = auto()
    DOCUMENT_INFO = auto()
    ENTITY_INFORMATION = auto()
    ACCOUNTANT = auto()
    PHONE = auto()
    EMAIL = auto()
    WEB_SITE = auto()
    HEADER = auto()
    DETAIL = auto()
    MEASURABLE = auto()
    ATTACHMENT = auto()


@dataclass(frozen=True, slots=True)
class Check:
    """A test, what to say where it fails, and where below the node the fault lies."""

    test: Test
    said: Said
    at: str = ""
    value: Tell | None = None
    """The value found, where it is not the text of the element at fault."""
    expected: Tell | None = None
    """What it is held against."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A check under its id."""

    id: str
    check: Check


@dataclass(frozen=True, slots=True)
class Row:
    """One check with its id in each document's rules; None where a document has no such rule."""

    journal: str | None
    ledger: str | None
    berat: str | None
    check: Check

    def rule_for(self, document: Document) -> Rule | None:
        """The rule as a document has it.

        Nothing official exists for the report: it keeps what a berat must keep, under ids such as `report.B058`.
        """
        if document == "report":
            return Rule(f"report.{self.berat}", self.check) if self.berat else None
        found = {"journal": self.journal, "ledger": self.ledger, "berat": self.berat}[document]
        return Rule(found, self.check) if found else None


def rules_for(document: Document, rows: Iterable[Row]) -> tuple[Rule, ...]:
    """A document's rules of those rows, in their order."""
    return tuple(rule for row in rows if (rule := row.rule_for(document)) is not None)


def required(path: str, cure: Text, *, within: str | None = None) -> Check:
    """There is an element at a path; with `within`, only where there is one at that path."""

    def test(node: Node, _: Facts) -> bool:
        return node.has(path) or (within is not None and not node.has(within))

    return Check(test, Said(MISSING, cure), path)


def filled(path: str, cure: Text) -> Check:
    """string-length(normalize-space(…)) > 0: there is one element at a path, and it is not blank."""
    return Check(lambda node, _: node.exact(path) != "", Said(BLANK, cure), path)

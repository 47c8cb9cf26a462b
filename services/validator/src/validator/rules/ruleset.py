"""A document's rules together: tests by place, and what watches over the whole document."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from validator.facts import Facts, account_of
from validator.node import Node
from validator.rules import common, entity
from validator.rules.model import Document, Place, Rule, rules_for
from validator.rules.sequence import Spot
from validator.shown import as_it_stands, shown
from validator.texts import Said, Value

FIRST_DAY: Final = date(2020, 1, 1)
"""The first set of each document holds since then: e-Defter as it is now, with the berats that these rules test."""


class Reporter(ABC):
    """Takes findings."""

    @abstractmethod
    def broken(self, rule: Rule, node: Node) -> None:
        """A rule is broken at a node."""

    @abstractmethod
    def at(self, rule_id: str, said: Said, spot: Spot, where: str, expected: Value = "") -> None:
        """A rule is broken at a spot."""


class Watch:
    """Rules over several entries or lines: sees each as it comes, and the end. This one has nothing to watch."""

    def begin(self, facts: Facts) -> None:
        """An entry begins."""

    def item(self, item: Node, facts: Facts) -> None:
        """An element of an entry has been read that is no line."""

    def passing(self, nodes: Iterable[Node], facts: Facts) -> None:
        """Elements have been read, in the document's order: a line with all in it, or whatever else is read."""

    def detail(self, detail: Node, facts: Facts, reporter: Reporter) -> None:
        """A line has been read; `passing` has had it before."""

    def header(self, facts: Facts, reporter: Reporter) -> None:
        """An entry has been read, all of it."""

    def entries(self, facts: Facts, reporter: Reporter) -> None:
        """All entries of a gl-cor:accountingEntries have been read."""

    def end(self, facts: Facts, reporter: Reporter) -> None:
        """The document has been read."""


@dataclass(frozen=True)
class RuleSet:
    """The rules of one kind of document, as they hold from a day on."""

    document: Document
    rules: Mapping[Place, tuple[Rule, ...]]
    watch: Callable[[], Watch]
    """Makes a watch for one document."""
    watched: tuple[str, ...]
    """The ids that the watch tells of."""
    tests_names: bool = False
    """Whether it has rules of its own that hold the document against its file's name."""
    since: date = FIRST_DAY
    """Holds for periods that begin on this day or later, until a later set begins."""
    note: str = ""
    """What its name says beside document and day."""

    @property
    def name(self) -> str:
        """Such as `journal/2020-01-01`: the document, the day since when, and the note."""
        return f"{self.document}/{self.since.isoformat()}{'/' if self.note else ''}{self.note}"

    @property
    def ids(self) -> list[str]:
        """The ids of all rules in the set."""
        return [*(rule.id for rules in self.rules.values() for rule in rules), *self.watched]


def shared_rules(document: Document) -> dict[Place, tuple[Rule, ...]]:
    """The rules by place that all documents share."""
    return {
        Place.ROOT: rules_for(document, common.ROOT),
        Place.CONTEXT_ENTITY: rules_for(document, common.SEGMENT),
        Place.SIGNATURE: rules_for(document, common.SIGNATURE),
        Place.X509_DATA: rules_for(document, common.X509_DATA),
        Place.X509_SUBJECT: rules_for(document, common.X509_SUBJECT),
        Place.XBRL: (*rules_for(document, common.XBRL), common.ONE_CURRENCY),
        Place.IDENTIFIER: rules_for(document, common.IDENTIFIER),
        Place.MEASURE: rules_for(document, common.MEASURE),
        Place.ACCOUNTING_ENTRIES: rules_for(document, common.ACCOUNTING_ENTRIES),
        Place.ENTITY_INFORMATION: rules_for(document, entity.ENTITY_INFORMATION),
        Place.ACCOUNTANT: rules_for(document, entity.ACCOUNTANT),
        Place.PHONE: rules_for(document, entity.PHONE),
        Place.EMAIL: rules_for(document, entity.EMAIL),
        Place.WEB_SITE: rules_for(document, entity.WEB_SITE),
    }


def spot_of(node: Node, path: str, facts: Facts) -> Spot:
    """Where a node's element at a path stands, with the entry and account around it.

    Only a journal numbers its entries; in the other documents an entry is known by its account.
    """
    target = node.first(path) if path else None
    if target is None:
        target = node
    header = facts.header
    if header is None:
        return Spot(target.line, as_it_stands(target.text))
    account = None if node is header and facts.kind is DocumentKind.JOURNAL else facts.tally.account
    if facts.detail is not None:
        account = account_of(facts.detail)
    return Spot(
        line=target.line,
        value=as_it_stands(target.text),
        entry=_shown_if_there(header.value("gl-cor:entryNumberCounter") or account),
        voucher=_shown_if_there(header.value("gl-cor:entryNumber")),
        account=_shown_if_there(account),
    )


def _shown_if_there(text: str | None) -> str | None:
    return None if text is None else shown(text)


def in_order(*groups: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules of one place, from several tables, in the order of their ids."""
    return tuple(sorted((rule for group in groups for rule in group), key=lambda rule: rule.id))

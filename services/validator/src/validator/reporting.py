"""From broken rules to findings, with a bound on how many are worked out in words."""

from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.findings import LISTED, Finding, Findings, Severity
from defterhane.texts import Text
from validator.facts import Facts
from validator.labels import label
from validator.node import Node, Undecidable
from validator.rules.model import Check, Rule, Tell
from validator.rules.ruleset import Reporter, spot_of
from validator.rules.sequence import Spot
from validator.shown import NOTHING, as_it_stands, shown
from validator.texts import ERP, MAKER, NUMBERS, UNDECIDABLE, Said, Value

_OF_ERP: Final = (ERP, NUMBERS)


class FindingReporter(Reporter):
    """Writes findings about one document."""

    def __init__(self, facts: Facts) -> None:
        self.findings = Findings()
        self._facts = facts

    def broken(self, rule: Rule, node: Node) -> None:
        """A rule is broken at a node."""
        if self._only_counted(rule.id):
            return
        check = rule.check
        spot = spot_of(node, check.at, self._facts)
        if check.value is not None:
            spot = spot.with_value(_plain(self._tell(check.value, node)))
        expected = self._tell(check.expected, node) if check.expected is not None else ""
        self._add(rule.id, check.said, spot, _where(node, check), expected)

    def undecidable(self, rule: Rule, node: Node) -> None:
        """A rule's test stops at a node."""
        if not self._only_counted(rule.id):
            spot = spot_of(node, rule.check.at, self._facts)
            self._add(rule.id, UNDECIDABLE, spot, _where(node, rule.check), "")

    def at(self, rule_id: str, said: Said, spot: Spot, where: str, expected: Value = "") -> None:
        """A rule is broken at a spot."""
        if not self._only_counted(rule_id):
            self._add(rule_id, said, spot, where, expected)

    def note(self, rule_id: str, said: Said, value: str, expected: str = "", *, warning: bool = False) -> None:
        """Something is wrong with the document or its name as a whole."""
        severity = Severity.WARNING if warning else Severity.ERROR
        self._add(rule_id, said, Spot(None, value), None, expected, severity=severity)

    def _only_counted(self, rule_id: str) -> bool:
        if len(self.findings.items) < LISTED:
            return False
        self.findings.counts[rule_id] += 1
        self.findings.errors += 1
        return True

    def _tell(self, tell: Tell, node: Node) -> Value:
        try:
            return tell(node, self._facts)
        except Undecidable:  # the test came to its verdict without this value
            return NOTHING

    def _add(
        self,
        rule_id: str,
        said: Said,
        spot: Spot,
        where: str | None,
        expected: Value,
        *,
        severity: Severity = Severity.ERROR,
    ) -> None:
        facts = self._facts
        value = as_it_stands(spot.value)
        message = said.fill(
            {
                "value": value,
                "expected": expected if isinstance(expected, Text) else as_it_stands(expected),
                "element": shown((where or "").rpartition("/")[2]),
                "label": label(where or ""),
                "start": as_it_stands(facts.start or NOTHING),
                "end": as_it_stands(facts.end or NOTHING),
                "header_counter": _of_header(facts, "gl-cor:entryNumberCounter"),
                "header_date": _of_header(facts, "gl-cor:enteredDate"),
                "header_voucher": _of_header(facts, "gl-cor:entryNumber"),
            }
        )
        self.findings.add(
            Finding(
                rule=rule_id,
                severity=severity,
                message=message,
                cure=_cure(said, facts.kind),
                line=spot.line,
                entry=spot.entry,
                voucher=spot.voucher,
                account=spot.account,
                value=value or None,
                where=shown(where) if where else None,
            )
        )


def _where(node: Node, check: Check) -> str:
    return f"{node.name}/{check.at}" if check.at else node.name


def _plain(value: Value) -> str:
    return value.tr if isinstance(value, Text) else value


def _cure(said: Said, kind: DocumentKind | None) -> Text:
    """Berats and reports are made of ledgers: nobody can mend them in the ERP."""
    made_of_ledgers = kind is DocumentKind.REPORT or (kind is not None and kind.is_berat)
    return MAKER if made_of_ledgers and said.cure in _OF_ERP else said.cure


def _of_header(facts: Facts, path: str) -> str:
    return as_it_stands((facts.header.value(path) if facts.header is not None else None) or NOTHING)

"""From broken rules to findings, with a bound on how many are worked out in words."""

from defterhane.findings import LISTED, Finding, Findings, Severity
from validator.facts import Facts
from validator.labels import label
from validator.node import Node
from validator.rules.model import Rule
from validator.rules.ruleset import Reporter, shown, spot_of
from validator.rules.sequence import Spot
from validator.texts import UNDECIDABLE, Said


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
        where = f"{node.name}/{check.at}" if check.at else node.name
        self._add(rule.id, check.said, spot, where, "")

    def undecidable(self, rule: Rule, node: Node) -> None:
        """A rule's test stops at a node."""
        if not self._only_counted(rule.id):
            where = f"{node.name}/{rule.check.at}" if rule.check.at else node.name
            self._add(rule.id, UNDECIDABLE, spot_of(node, rule.check.at, self._facts), where, "")

    def at(self, rule_id: str, said: Said, spot: Spot, where: str, expected: str = "") -> None:
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

    def _add(
        self,
        rule_id: str,
        said: Said,
        spot: Spot,
        where: str | None,
        expected: str,
        *,
        severity: Severity = Severity.ERROR,
    ) -> None:
        facts = self._facts
        element = shown((where or "").rpartition("/")[2])
        value = shown(spot.value)
        values = {
            "value": value,
            "expected": shown(expected),
            "element": element,
            "start": shown(facts.start or "–"),
            "end": shown(facts.end or "–"),
            "identifier": shown(facts.tax_id),
            "header_counter": _of_header(facts, "gl-cor:entryNumberCounter"),
            "header_date": _of_header(facts, "gl-cor:enteredDate"),
            "header_voucher": _of_header(facts, "gl-cor:entryNumber"),
        }
        named = label(element)
        tr, en = said.fill({**values, "label": named.tr}), said.fill({**values, "label": named.en})
        self.findings.add(
            Finding(
                rule=rule_id,
                severity=severity,
                message=tr.model_copy(update={"en": en.en}),
                cure=said.cure,
                line=spot.line,
                entry=spot.entry,
                voucher=spot.voucher,
                account=spot.account,
                value=value or None,
                where=shown(where) if where else None,
            )
        )


def _of_header(facts: Facts, path: str) -> str:
    return shown((facts.header.value(path) if facts.header is not None else None) or "–")

"""Rules that GİB's words quote, told as findings."""

from collections.abc import Iterable

from defterhane.findings import Finding
from defterhane.rulebook.book import find


def as_findings(rules: Iterable[str], file: str | None = None) -> tuple[Finding, ...]:
    """What each rule demands, with its cure, about a file; ids that this rulebook does not have are left out."""
    known = (rule for rule_id in rules if (rule := find(rule_id)) is not None)
    return tuple(Finding(rule=rule.id, message=rule.demand, cure=rule.cure, file=file) for rule in known)

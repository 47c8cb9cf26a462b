"""Findings: what is wrong in an export or a document, said so that an accountant can mend it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from defterhane.texts import Text

LISTED = 1000
"""So many findings are listed; beyond them they are only counted."""


class Severity(StrEnum):
    """Errors stop a month, warnings never do."""

    ERROR = "error"
    WARNING = "warning"


class Finding(BaseModel):
    """One problem at one place.

    `rule` is a GİB rule's id (Y001…), `XSD`, or a stable key of ours such as `entry.unbalanced`.
    """

    model_config = ConfigDict(frozen=True)

    rule: str
    severity: Severity = Severity.ERROR
    message: Text
    cure: Text | None = None
    file: str | None = None
    line: int | None = None
    """Line in the file, 1 = the first."""
    entry: str | None = None
    """entryNumberCounter or voucher number, as it stands there."""
    voucher: str | None = None
    account: str | None = None
    value: str | None = None
    """The value found, at most 200 characters of it."""
    where: str | None = None
    """Where else: an element's path, a column's name."""


class Findings:
    """Collects findings with a bound: the first `LISTED` are kept, all are counted by rule."""

    def __init__(self, listed: int = LISTED) -> None:
        self._listed = listed
        self.items: list[Finding] = []
        self.counts: Counter[str] = Counter()
        self.errors = 0

    def add(self, finding: Finding) -> None:
        """Count a finding, and list it while there is room."""
        self.counts[finding.rule] += 1
        if finding.severity is Severity.ERROR:
            self.errors += 1
        if len(self.items) < self._listed:
            self.items.append(finding)

    def extend(self, findings: Iterable[Finding]) -> None:
        """Add several."""
        for finding in findings:
            self.add(finding)

    def join(self, others: "Findings") -> None:
        """Add all that another collection has counted, and list what there is room for."""
        self.counts += others.counts
        self.errors += others.errors
        self.items.extend(others.items[: max(0, self._listed - len(self.items))])

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    def __len__(self) -> int:
        return sum(self.counts.values())

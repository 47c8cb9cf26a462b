"""Whether a document is the one that its event names: nothing written for one firm may be judged as another's. Pure."""

from collections.abc import Iterator

from defterhane.events import Document
from defterhane.findings import Finding
from validator.agreement_findings import Value, made
from validator.agreement_texts import IDENTITY, KINDS, branch_text
from validator.summary import Summary


def identity(document: Document, summary: Summary) -> Iterator[Finding]:
    """`document.identity`: kind, taxpayer, month, branch and uniqueID of an event, against what the document says."""
    filing = document.filing
    pairs: tuple[tuple[str, Value, Value], ...] = (
        ("kind", KINDS[summary.kind], KINDS[document.kind]),
        ("tenant", summary.tax_id, filing.tenant),
        ("period", summary.start[:7], filing.period),
        ("branch", branch_text(summary.branch), branch_text(filing.branch)),
        ("unique_id", summary.unique_id, document.unique_id),
    )
    for what, found, expected in pairs:
        if found != expected:
            yield made("document.identity", summary, found=found, expected=expected, what=IDENTITY[what])

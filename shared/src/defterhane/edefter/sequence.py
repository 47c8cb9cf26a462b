"""What comes next: the one table that says in which order a month's documents are made and sent."""

from typing import Final

from defterhane.edefter.kinds import DocumentKind

AFTER_SIGNING: Final[dict[DocumentKind, DocumentKind | None]] = {
    DocumentKind.JOURNAL: DocumentKind.JOURNAL_BERAT,
    DocumentKind.JOURNAL_BERAT: DocumentKind.LEDGER,
    DocumentKind.LEDGER: DocumentKind.LEDGER_BERAT,
    DocumentKind.LEDGER_BERAT: DocumentKind.REPORT,  # once the month's last part has come so far
    DocumentKind.REPORT: None,
}
"""Once a document has been signed, write this one."""

SENDING: Final[tuple[DocumentKind, ...]] = (
    DocumentKind.JOURNAL_BERAT,
    DocumentKind.LEDGER_BERAT,
    DocumentKind.REPORT,
)
"""The order in which a part's documents go to GİB."""

"""The kinds of documents, and what is fixed for each."""

from dataclasses import dataclass
from enum import StrEnum


class DocumentKind(StrEnum):
    """One of the five documents of a month, by its name in file names."""

    JOURNAL = "Y"
    LEDGER = "K"
    JOURNAL_BERAT = "YB"
    LEDGER_BERAT = "KB"
    REPORT = "DR"

    @property
    def traits(self) -> "Traits":
        """What is fixed for documents of this kind."""
        return _TRAITS[self]

    @property
    def is_berat(self) -> bool:
        """True for YB and KB."""
        return self in (DocumentKind.JOURNAL_BERAT, DocumentKind.LEDGER_BERAT)

    @property
    def is_ledger(self) -> bool:
        """True for Y and K, the books themselves."""
        return self in (DocumentKind.JOURNAL, DocumentKind.LEDGER)

    @property
    def goes_to_gib(self) -> bool:
        """True for what is sent to GİB: berats and the report."""
        return not self.is_ledger

    @property
    def book(self) -> "DocumentKind":
        """The ledger that a berat speaks of; every other kind is its own book."""
        if self is DocumentKind.JOURNAL_BERAT:
            return DocumentKind.JOURNAL
        if self is DocumentKind.LEDGER_BERAT:
            return DocumentKind.LEDGER
        return self


@dataclass(frozen=True, slots=True)
class Traits:
    """The fixed bits of one kind (e-Defter's document guides)."""

    root: str
    """Local name of the root element, in the edefter namespace."""
    entries_type: str
    unique_id_prefix: str
    stylesheet: str
    context_id: str


_TRAITS = {
    DocumentKind.JOURNAL: Traits("defter", "journal", "YEV", "yevmiye.xslt", "journal_context"),
    DocumentKind.LEDGER: Traits("defter", "ledger", "KEB", "kebir.xslt", "ledger_context"),
    DocumentKind.JOURNAL_BERAT: Traits("berat", "journal", "YEV", "berat.xslt", "journal_context"),
    DocumentKind.LEDGER_BERAT: Traits("berat", "ledger", "KEB", "berat.xslt", "ledger_context"),
    DocumentKind.REPORT: Traits("defterraporu", "trialbalance", "EDR", "defterraporu.xslt", "now"),
}


def kind_of(root: str, entries_type: str) -> DocumentKind:
    """The kind of a document, by its root's local name and its entriesType.

    Raises:
        ValueError: no document is like that.
    """
    for kind, traits in _TRAITS.items():
        if (traits.root, traits.entries_type) == (root, entries_type):
            return kind
    raise ValueError(f"no e-Defter document has the root {root!r} and the entriesType {entries_type!r}")

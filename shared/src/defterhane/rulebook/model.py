"""What is known of one rule."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from defterhane.edefter.kinds import DocumentKind
from defterhane.texts import Text

Document: TypeAlias = Literal["journal", "ledger", "berat", "report"]
Applies: TypeAlias = Literal["always", "signed", "newer"]


@dataclass(frozen=True, slots=True)
class RuleText:
    """One rule in words."""

    id: str
    """The authority's (`Y001`, `K001`, `B001`, `N001`), `XSD`, or ours, which has a dot (`counter.line_gap`)."""
    document: Document | None
    """The kind of document that keeps it; None where several do."""
    applies: Applies
    """`always`; `signed`: once the document is signed; `newer`: only in the authority's newer file."""
    place: Text
    """Where in the document it looks."""
    demand: Text
    """What it demands, in a sentence."""
    cure: Text
    """What to do where it is broken."""
    official: str | None = None
    """The authority's own message, word for word, its misspellings too; `{…}` stands for a value that it puts in.
    None for a rule of ours."""


def document_of(kind: DocumentKind) -> Document:
    """Whose rules a kind of document keeps: both berats have the same."""
    if kind.is_berat:
        return "berat"
    match kind:
        case DocumentKind.JOURNAL:
            return "journal"
        case DocumentKind.LEDGER:
            return "ledger"
        case _:
            return "report"

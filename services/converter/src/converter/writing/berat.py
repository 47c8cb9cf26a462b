"""Berats (YB, KB): what GİB gets of a journal or ledger."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from converter.writing.canonical import element
from converter.writing.details import Details
from converter.writing.head import Heading, Items
from converter.writing.summary import Summary, total_line, write_summary
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.money import mebibytes
from defterhane.edefter.totals import Totals

_BASE64_LINE: Final = 76


@dataclass(frozen=True, slots=True)
class SignedBook:
    """What a berat has to know of its signed ledger."""

    size: int
    """Bytes of the signed file (measurableQuantity tells them in MiB)."""
    signature_value: str
    """Base64 of its signature, in one line."""


def write_berat(
    kind: DocumentKind, unique_id: str, identity: UUID, heading: Heading, *, totals: Totals, book: SignedBook
) -> Summary:
    """A berat of a part's totals, the same in YB and KB. `unique_id` is its ledger's (rules B003-B007, B031-B063)."""
    items = Items(kind)
    entries = items.count("gl-bus:numberOfEntries", str(totals.entries))
    segment = (
        (entries if kind is DocumentKind.JOURNAL_BERAT else "")
        + items.text("gl-cor:uniqueID", str(identity))
        + items.count("gl-bus:measurableQuantity", mebibytes(book.size))
    )
    details = Details(items.context)
    lines = (
        total_line(details, number, main_id, description, kurus, debit=debit)
        for number, (main_id, description, debit, kurus) in enumerate(totals.tax_lines(), 1)
    )
    value = book.signature_value
    wrapped = "\n".join(value[at : at + _BASE64_LINE] for at in range(0, len(value), _BASE64_LINE))
    after = element("ds:SignatureValue", wrapped)
    return write_summary(kind, unique_id, heading, segment=segment, lines=lines, after=after)

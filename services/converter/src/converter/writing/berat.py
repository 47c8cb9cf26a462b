"""Berats (YB, KB): what GİB gets of a journal or ledger."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from converter.writing.canonical import element
from converter.writing.head import Heading
from converter.writing.items import Items
from converter.writing.summary import Summary, total_line, write_summary
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.money import mebibytes
from defterhane.edefter.totals import Totals
from defterhane.edefter.vocabulary import NO_TAX_DETAIL

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
    tenant = heading.tenant
    items = Items(kind.traits.context_id, tenant.currency)
    entries = items.quantity("gl-bus:numberOfEntries", str(totals.entries))
    segment = (
        (entries if kind is DocumentKind.JOURNAL_BERAT else "")
        + items.text("gl-cor:uniqueID", str(identity))
        + items.quantity("gl-bus:measurableQuantity", mebibytes(book.size))
        + ("" if tenant.tax_detail else items.text("gl-cor:identifierAuthorityCode", NO_TAX_DETAIL))
    )
    lines = (
        total_line(items, number, main_id, description, kurus, debit=debit)
        for number, (main_id, description, debit, kurus) in enumerate(totals.tax_lines(), 1)
    )
    value = book.signature_value
    wrapped = "\n".join(value[at : at + _BASE64_LINE] for at in range(0, len(value), _BASE64_LINE))
    after = element("ds:SignatureValue", wrapped)
    told = lines if tenant.tax_detail else None
    return write_summary(kind, unique_id, heading, segment=segment, lines=told, after=after)

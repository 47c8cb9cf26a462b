"""What berats and the report have in common: small documents of one entryHeader that tells totals."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from converter.writing.canonical import CanonicalWriter, Written, close_root
from converter.writing.head import CLOSING, Heading, opening
from converter.writing.items import Items
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import DocumentName

_OURS: Final = UUID("6d5d2f0a-8f0e-5b57-9a5c-7c1f3f0b6b1e")
"""The namespace of these documents' UUIDs: never changed."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A berat or report, made."""

    data: bytes
    written: Written


def summary_id(name: DocumentName, revision: int) -> UUID:
    """The UUID in the context's segment: the same for the same document, always (rule B006)."""
    return uuid5(_OURS, f"{name}/{revision}")


def write_summary(
    kind: DocumentKind,
    unique_id: str,
    heading: Heading,
    *,
    segment: str,
    lines: Iterable[str] | None,
    after: str = "",
) -> Summary:
    """Write such a document. `lines` are its entryDetails (None: it has no entryHeader at all), `after` what follows
    `xbrli:xbrl`; both canonical."""
    sink = io.BytesIO()
    out = CanonicalWriter(sink)
    header = ""
    if lines is not None:
        items = Items(kind.traits.context_id, heading.tenant.currency)
        qualifier = items.text("gl-cor:qualifierEntry", "standard")
        header = "<gl-cor:entryHeader>\n" + qualifier + "".join(lines) + "</gl-cor:entryHeader>\n"
    document = opening(kind, unique_id, heading, segment) + header + CLOSING + after + close_root(kind)
    out.write(document.encode())
    written = out.finish()
    return Summary(sink.getvalue(), written)


def total_line(
    items: Items,
    number: int,
    main_id: str,
    description: str,
    kurus: int,
    *,
    debit: bool,
    lines: int | None = None,
) -> str:
    """One entryDetail that tells one side of one account; `lines` is how many lines it sums up."""
    applied = items.text("gl-cor:documentApplyToNumber", str(lines)) if lines is not None else ""
    return (
        "<gl-cor:entryDetail>\n"
        + items.text("gl-cor:lineNumber", str(number))
        + "<gl-cor:account>\n"
        + items.text("gl-cor:accountMainID", main_id)
        + items.text("gl-cor:accountMainDescription", description)
        + "</gl-cor:account>\n"
        + items.money("gl-cor:amount", kurus)
        + items.text("gl-cor:debitCreditCode", "D" if debit else "C")
        + applied
        + "<gl-cor:xbrlInfo>\n"
        + items.text("gl-cor:xbrlInclude", "period_change")
        + "</gl-cor:xbrlInfo>\n"
        + "</gl-cor:entryDetail>\n"
    )

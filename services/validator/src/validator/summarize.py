"""From what has been read of a document to its `Summary`."""

from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import BRANCH_NUMBER
from validator.facts import Facts
from validator.node import Node
from validator.summary import Summary

_BOOKS: Final = (DocumentKind.JOURNAL, DocumentKind.LEDGER)
_SEGMENT = "xbrli:entity/xbrli:segment"
_DIGITS = 18


def summarize(facts: Facts, size: int, sha256: str) -> Summary:
    """The figures of a document whose kind is known."""
    assert facts.kind is not None
    is_book = facts.kind in _BOOKS
    entity, context = facts.entity_information, facts.context
    return Summary(
        kind=facts.kind,
        name=facts.name,
        size=size,
        sha256=sha256,
        tax_id=facts.tax_id.strip(),
        branch=next(iter(facts.organization(BRANCH_NUMBER)), None),
        start=(facts.start or "").strip(),
        end=(facts.end or "").strip(),
        created=_of(facts.document_info, "gl-cor:creationDate"),
        unique_id=(facts.unique_id or "").strip(),
        year_start=_of(entity, "gl-bus:fiscalYearStart"),
        year_end=_of(entity, "gl-bus:fiscalYearEnd"),
        currency=(facts.default_currency or "").strip() or None,
        entries=facts.headers,
        lines=facts.lines,
        accounts=facts.sums.figures(),
        lines_digest=facts.sums.lines_digest() if is_book else None,
        first_entry=_whole(facts.first_entry),
        last_entry=_whole(facts.last_entry),
        first_line=facts.sums.first_line if is_book else None,
        last_line=facts.sums.last_line if is_book else None,
        signature_value=facts.signature_value,
        bare_signature_value=facts.bare_signature_value,
        told_entries=_whole(_of(context, f"{_SEGMENT}/gl-bus:numberOfEntries")),
        told_size=_of(context, f"{_SEGMENT}/gl-bus:measurableQuantity") or None,
        no_tax_detail=facts.no_tax_detail,
    )


def _of(node: Node | None, path: str) -> str:
    return "" if node is None else node.normal(path)


def _whole(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None

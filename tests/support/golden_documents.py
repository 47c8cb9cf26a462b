"""The small valid documents of tests/golden/validator, ways to spoil them one bit at a time, and what is found then."""

from pathlib import Path

from support.document_changes import (
    FIRM,
    FOLDER,
    Change,
    after,
    all_texts,
    at,
    attribute,
    before,
    changed,
    clark,
    golden,
    inside,
    moved_before,
    name_of,
    signature_xml,
    signed,
    text,
    twice,
    without,
)
from validator.check import Verdict, check_document

__all__ = [
    "FIRM",
    "FOLDER",
    "Change",
    "after",
    "all_texts",
    "at",
    "attribute",
    "before",
    "changed",
    "clark",
    "golden",
    "inside",
    "moved_before",
    "name_of",
    "rules_of",
    "signature_xml",
    "signed",
    "text",
    "twice",
    "verdict",
    "without",
]


def verdict(data: bytes, folder: Path, name: str | None = None) -> Verdict:
    """Check bytes as a file."""
    path = folder / "document.xml"
    path.write_bytes(data)
    return check_document(path, name)


def rules_of(found: Verdict, *, without_schema: bool = True) -> set[str]:
    """The rules that a verdict names."""
    return {rule for rule in found.findings.counts if not (without_schema and rule == "XSD")}

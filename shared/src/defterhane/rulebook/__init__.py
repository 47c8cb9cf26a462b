"""The rulebook: every rule that documents are checked by, in words, and what GİB's rejections mean by it."""

from defterhane.rulebook.book import OWN_RULES, RULES, find
from defterhane.rulebook.folding import LIMIT
from defterhane.rulebook.model import Applies, Document, RuleText, document_of
from defterhane.rulebook.telling import as_findings
from defterhane.rulebook.tracing import trace

__all__ = [
    "LIMIT",
    "OWN_RULES",
    "RULES",
    "Applies",
    "Document",
    "RuleText",
    "as_findings",
    "document_of",
    "find",
    "trace",
]

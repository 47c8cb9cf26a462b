"""Which document a file is, told by several signs, so that one wrong sign is a finding and no confusion."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Final

from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from validator.facts import Facts
from validator.rules.berat import BERAT
from validator.rules.journal import EITHER_JOURNAL, JOURNAL, NEWER_JOURNAL
from validator.rules.ledger import LEDGER
from validator.rules.report import REPORT
from validator.rules.ruleset import RuleSet

_HREF = re.compile(r"""href=["']([^"']*)["']""")
_ROOT: Final = f"{{{NAMESPACES['edefter']}}}"
_NAME_WEIGHT = 2
_DAY_LENGTH: Final = len("YYYY-MM-DD")
"""xs:date may have a time zone behind it."""

RULE_SETS: Final[dict[DocumentKind, tuple[RuleSet, ...]]] = {
    DocumentKind.JOURNAL: (JOURNAL, NEWER_JOURNAL),
    DocumentKind.LEDGER: (LEDGER,),
    DocumentKind.JOURNAL_BERAT: (BERAT,),
    DocumentKind.LEDGER_BERAT: (BERAT,),
    DocumentKind.REPORT: (REPORT,),
}
"""Each kind's sets, the newest last. A set holds for periods from its `since` on."""


def rule_set(kind: DocumentKind, start: str | None, newer_journal_since: date | None = None) -> RuleSet:
    """The rules that hold for a document.

    Args:
        kind: the document's kind.
        start: the day on which its period starts, YYYY-MM-DD; the newest rules hold where it is not known.
        newer_journal_since: since when `NEWER_JOURNAL` holds; as long as that is not known, journals are checked by
            the rules of both files.
    """
    sets = RULE_SETS[kind]
    if kind is DocumentKind.JOURNAL:
        if newer_journal_since is None:
            return EITHER_JOURNAL
        sets = tuple(replace(rules, since=newer_journal_since) if rules is NEWER_JOURNAL else rules for rules in sets)
    try:
        day = date.fromisoformat((start or "").strip()[:_DAY_LENGTH])
    except ValueError:
        return sets[-1]
    holding = [rules for rules in sets if rules.since <= day]
    return (holding or sets[:1])[-1]


def tell_kind(root: etree._Element, facts: Facts) -> DocumentKind | None:
    """The kind that most signs tell of: file name, stylesheet, context id, entriesType, uniqueID.

    Only kinds with this root element are thought of; None where no kind has it.
    """
    tag = str(root.tag)
    if not tag.startswith(_ROOT):
        return None
    possible = [kind for kind in DocumentKind if kind.traits.root == tag.removeprefix(_ROOT)]
    votes: Counter[DocumentKind] = Counter()
    for kind in possible:
        traits = kind.traits
        named = facts.name_parts is not None and facts.name_parts.kind is kind
        votes[kind] = named * _NAME_WEIGHT + sum(
            (
                _stylesheet(root) == traits.stylesheet,
                facts.context is not None and facts.context.get("id") == traits.context_id,
                (facts.entries_type or "").strip() == traits.entries_type,
                (facts.unique_id or "").strip().startswith(traits.unique_id_prefix),
            )
        )
    return max(possible, key=lambda kind: votes[kind], default=None)


def _stylesheet(root: etree._Element) -> str | None:
    for node in root.itersiblings(preceding=True):
        if isinstance(node, etree._ProcessingInstruction) and node.target == "xml-stylesheet":
            match = _HREF.search(node.text or "")
            return match[1] if match else None
    return None

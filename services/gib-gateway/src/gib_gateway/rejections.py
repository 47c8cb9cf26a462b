"""A rejection in words: GİB's own, and what the rules that they quote demand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.errors import Problem
from defterhane.rulebook import RULES, document_of, trace
from defterhane.texts import Language, Text
from gib_gateway.errors import Rejected, words

REJECTION: Final = re.compile(r"Paket işlenirken hata oluştu\.?\s*(?:Hata\s*:\s*(?P<reason>.*))?", re.DOTALL)
"""The documented text of a rejection."""

_EXPLAINED: Final = 3
"""So many broken rules are explained; the others are only counted."""
_MEANT: Final = Text(
    tr="GİB paketi reddetti: {demands} GİB'in sözleri: «{reason}»",
    en="GİB has rejected the package: {demands} GİB's words: «{reason}»",
)
_MORE: Final = Text(tr="… ve {count} kural daha.", en="… and {count} more.")


@dataclass(frozen=True, slots=True)
class Rejection:
    """What GİB has against a package."""

    problem: Problem
    rules: tuple[str, ...]
    """The ids of the authority's rules that its words quote, the surest first."""


def rejection(text: str, kind: DocumentKind) -> Rejection:
    """A rejection's text explained, as far as it quotes the authority's rules."""
    found = REJECTION.search(text)
    reason = words(found["reason"] if found else text) or words(text)
    rules = trace(text, document_of(kind))
    problem = _explained(reason, rules) if rules else Rejected(reason=reason).problem
    return Rejection(problem, rules)


def _explained(reason: str, rules: Sequence[str]) -> Problem:
    broken = [RULES[rule] for rule in rules[:_EXPLAINED]]
    demands = [Text(tr=f"{rule.demand.tr} ({rule.id})", en=f"{rule.demand.en} ({rule.id})") for rule in broken]
    if more := len(rules) - len(broken):
        demands.append(_MORE.format(count=more))
    cures = list(dict.fromkeys(rule.cure for rule in broken))

    def said(language: Language) -> str:
        return _MEANT.to(language).format(demands=_joined(demands, language), reason=reason)

    def cured(language: Language) -> str:
        return _joined(cures, language)

    return Problem(key=Rejected.key, text=Text(tr=said("tr"), en=said("en")), cure=Text(tr=cured("tr"), en=cured("en")))


def _joined(texts: Sequence[Text], language: Language) -> str:
    return " ".join(text.to(language) for text in texts)

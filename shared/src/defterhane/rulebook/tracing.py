"""From the words of a rejection to the rules that it means.

GİB quotes the official messages: wrapped in words of its own, several at once, cut, escaped, with values put in. They
are looked for word for word first, then in other spellings; a message that is cut counts where no other begins so.
Where nothing fits, nothing is said. The work grows with the text, which is bounded.
"""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from defterhane.rulebook.book import RULES
from defterhane.rulebook.folding import Word, loosened, words_of
from defterhane.rulebook.model import Document
from defterhane.rulebook.patterns import Pattern, PatternIndex, patterns_of, runs_between_cuts

Run: TypeAlias = Sequence[Word]
_LONGEST_CUT: Final = 160
"""So many words before a cut are looked at."""

_exact, _loose = patterns_of(RULES)
_EXACT: Final = PatternIndex(_exact)
_LOOSE: Final = PatternIndex(_loose)
_SIBLINGS: Final = {rule_id: pattern.rules for pattern in _loose for rule_id in pattern.rules}
"""The rules whose messages mean the same."""


def trace(text: str, document: Document | None = None) -> tuple[str, ...]:
    """The ids of the authority's rules that a rejection's text means, the surest first; none where nothing fits.

    Of a message that several documents' rules share, only the document's own are given where it is known; a report,
    for which nothing official exists, takes the berat's.
    """
    found = [rule_id for pattern in _patterns_in(text) for rule_id in _concerned(pattern, document)]
    return tuple(dict.fromkeys(found))


def _patterns_in(text: str) -> Iterator[Pattern]:
    runs: list[Run] = [words_of(text)]
    for index, prepare in ((_EXACT, list), (_LOOSE, _loosen)):
        found, runs = _whole_ones(index, [prepare(run) for run in runs])
        yield from found
    for run in runs:
        yield from _cut_ones(run)


def _loosen(run: Run) -> Run:
    return list(loosened(run))


def _whole_ones(index: PatternIndex, runs: Sequence[Run]) -> tuple[list[Pattern], list[Run]]:
    """The messages that stand whole in runs of words, and the words around them."""
    found: list[Pattern] = []
    rest: list[Run] = []
    for run in runs:
        at = start = 0
        while at < len(run):
            match = index.whole(run, at)
            if match is None:
                at += 1
                continue
            found.append(match.pattern)
            rest.append(run[start:at])
            at = start = match.end
        rest.append(run[start:])
    return found, rest


def _cut_ones(run: Run) -> Iterator[Pattern]:
    """The messages that begin in a run and are cut: the longest before each cut, if only one thing can be meant."""
    for start, end in runs_between_cuts(run):
        for at in range(max(start, end - _LONGEST_CUT), end):
            patterns = _LOOSE.cut(run, at, end)
            if patterns and len({RULES[one.rules[0]].demand.tr for one in patterns}) == 1:
                yield from patterns
            if patterns:
                break


def _concerned(pattern: Pattern, document: Document | None) -> Sequence[str]:
    if document is None:
        return pattern.rules
    wanted = "berat" if document == "report" else document
    siblings = [sibling for rule_id in pattern.rules for sibling in _SIBLINGS[rule_id]]
    for choice in (pattern.rules, siblings):
        if own := [rule_id for rule_id in choice if RULES[rule_id].document == wanted]:
            return own
    return pattern.rules

"""The authority's messages as patterns: runs of fixed words with room for values between them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from defterhane.rulebook.folding import CUT, Word, loosened, may_be_filling, words_of
from defterhane.rulebook.model import RuleText

Piece: TypeAlias = tuple[str, ...]
Key: TypeAlias = tuple[str, str, str]

_VALUE: Final = re.compile(r"\{[^{}]*\}")
_ROOM: Final = 40
"""A value has at most so many words."""
_FEWEST: Final = 4
"""A message that is cut is known by so many of its words at least."""
_BINDING: Final = frozenset(("icerisinde", "icerisindeki", "icersindeki", "icinde", "icindeki"))
"""`… içerisindeki X zorunlu` does not say that X is wanted everywhere."""
_GOES_ON: Final = "ve"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One message. Its first piece has three words at least."""

    pieces: tuple[Piece, ...]
    name: int
    """So many words at its beginning are a name, of an element mostly."""
    rules: tuple[str, ...] = ()
    """The ids that it is the message of."""

    @property
    def key(self) -> Key:
        """What a text must have at its beginning."""
        first, second, third = self.pieces[0][:3]
        return first, second, third

    @property
    def length(self) -> int:
        """How many fixed words there are."""
        return sum(map(len, self.pieces))

    @property
    def enough(self) -> float:
        """By so many of its words it is known where it is cut: half of them, and more than the name."""
        return max(_FEWEST, self.length / 2, self.name + 1)


@dataclass(frozen=True, slots=True)
class Match:
    """A message found in a run of words."""

    pattern: Pattern
    end: int
    skipped: int
    """Words of values."""


class PatternIndex:
    """Patterns by their first three words."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._by_key: dict[Key, list[Pattern]] = {}
        for pattern in patterns:
            self._by_key.setdefault(pattern.key, []).append(pattern)

    def _candidates(self, words: Sequence[Word], at: int) -> Sequence[Pattern]:
        key = tuple(word.text for word in words[at : at + 3])
        return self._by_key.get(key, ()) if len(key) == 3 else ()

    def begins(self, words: Sequence[Word], at: int) -> bool:
        """A message may begin at a word: none goes on there, and it is no name on a path."""
        before = words[at - 1].text if at else ""
        return bool(self._candidates(words, at)) and not words[at].glued and before not in _BINDING

    def whole(self, words: Sequence[Word], at: int) -> Match | None:
        """The message that begins at a word: the one with least skipped, then the longest."""
        if not self.begins(words, at):
            return None
        found = [match for one in self._candidates(words, at) if (match := self._match(one, words, at)) is not None]
        return min(found, key=lambda match: (match.skipped, -match.pattern.length), default=None)

    def cut(self, words: Sequence[Word], at: int, end: int) -> list[Pattern]:
        """The messages that begin with all that stands between two places, where that is enough to know one by."""
        if not self.begins(words, at):
            return []
        known = {one: self._known(one, words, at, end) for one in self._candidates(words, at)}
        if not any(number >= one.enough for one, number in known.items()):
            return []
        return [one for one, number in known.items() if number > 0]

    def _match(self, pattern: Pattern, words: Sequence[Word], at: int) -> Match | None:
        skipped = 0
        for number, piece in enumerate(pattern.pieces):
            found = self._find(piece, words, at, len(words), _ROOM if number else 0)
            if found is None:
                return None
            skipped += found - at
            at = found + len(piece)
        if at < len(words) and words[at].text == _GOES_ON:
            return None
        return Match(pattern, at, skipped)

    def _find(self, piece: Piece, words: Sequence[Word], start: int, end: int, room: int) -> int | None:
        """Where a piece stands, at a place or after a value; no value holds the beginning of another message."""
        for at in range(start, min(start + room, end - len(piece)) + 1):
            if _stands(piece, words, at):
                return at
            if at > start and self._candidates(words, at):
                return None
        return None

    def _known(self, pattern: Pattern, words: Sequence[Word], at: int, end: int) -> float:
        """How many of a message's words are all that stands between two places; below 0 where they are not."""
        known = 0.0
        for number, piece in enumerate(pattern.pieces):
            room = _ROOM if number else 0
            found = self._find(piece, words, at, end, room)
            if found is None:
                return known + _known_of_cut(piece, words[at:end], room)
            at = found + len(piece)
            known += len(piece)
        return -1  # it stands whole, and something goes on


def _stands(piece: Piece, words: Sequence[Word], at: int) -> bool:
    if words[at].text != piece[0]:
        return False
    return all(word.text == text for word, text in zip(words[at : at + len(piece)], piece, strict=True))


def _known_of_cut(piece: Piece, words: Sequence[Word], room: int) -> float:
    """How many of a piece's words end a text, at a place or after a value; minus infinity where they do not."""
    for skipped in range(max(0, len(words) - len(piece)), min(room + 1, len(words))):
        *whole, last = words[skipped:]
        if any(word.text != text for word, text in zip(whole, piece, strict=False)):
            continue
        wanted = piece[len(whole)]
        if wanted.startswith(last.text) or may_be_filling(last.text):
            return len(whole) + (wanted == last.text)
    return float("-inf")


def patterns_of(rules: Mapping[str, RuleText]) -> tuple[list[Pattern], list[Pattern]]:
    """The official messages word for word, and by what they mean. Rules with the same words share a pattern."""
    exact: dict[tuple[Piece, ...], Pattern] = {}
    loose: dict[tuple[Piece, ...], Pattern] = {}
    for rule in rules.values():
        message = rule.official or ""
        pieces = [words_of(piece) for piece in _VALUE.split(message)]
        name = len(words_of(message.partition(" ")[0]))
        _add(exact, pieces, name, rule.id)
        _add(loose, [list(loosened(piece)) for piece in pieces], name, rule.id)
    return list(exact.values()), list(loose.values())


def _add(patterns: dict[tuple[Piece, ...], Pattern], pieces: Sequence[Sequence[Word]], name: int, rule_id: str) -> None:
    key = tuple(tuple(word.text for word in piece) for piece in pieces if piece)
    if key:
        known = patterns.get(key, Pattern(key, name))
        patterns[key] = replace(known, rules=(*known.rules, rule_id))


def runs_between_cuts(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """The stretches of words that end in a cut: before each `…`, and at the end."""
    start = 0
    for at, word in enumerate(words):
        if word.text == CUT:
            yield start, at
            start = at + 1
    yield start, len(words)

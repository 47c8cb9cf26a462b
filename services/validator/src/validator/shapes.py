"""The shape of a piece of a document: its markup without its texts.

A book has a hundred thousand lines and a handful of shapes. What schema and rules say of a line depends on its
shape, on a few of its texts, and on counters; so a line whose shape has been found right once, by schema and rules,
needs only its texts looked at. `cut` takes markup and texts apart at the speed of one regular expression; `Shapes`
keeps what has been learned.

Sound because:
- a key holds all bytes but the texts, with a mark (NUL, which no XML holds) where each was, so equal keys are equal
  markup, with equal white space, comments and attributes;
- a shape is learned only where its markup is whole tags, simply written, with white space between them, and so can
  mean nothing else wherever it stands; and where the texts that `cut` found are those that the parser found, each in
  an element of its own that stands once, with no attributes but `contextRef`, `unitRef` and `decimals`;
- texts without `<`, `>` and control characters, in good UTF-8 (to which the caller sees), and with `&` only in
  `&amp;`, `&lt;`, `&gt;` cannot change what the markup means, and are canonical.

One pattern for the first few shapes finds a piece and takes its values out at once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final

from validator.node import Node

_TEXT = re.compile(rb">([^<>\s][^<>]*)<")
_ANY_TEXT: Final = rb"[^<>\x00-\x20\x7f][^<>\x00-\x1f\x7f]*+"
_MARK: Final = b">\0<"
_MARKUP: Final = re.compile(rb"""(?:</?[\w-]+:\w+(?: \w+="[^<>"]*")*>[\s\0]*+)+""")
"""A key: no tag ends as a comment, an instruction or CDATA would."""
_UNWANTED: Final = bytes({*range(0x20), 0x7F} - set(b"\t\n"))
"""Control characters; also the carriage return, which no canonical text holds."""
_ENTITY: Final = re.compile(rb"&(?!amp;|lt;|gt;)")
_ATTRIBUTES: Final = frozenset({"contextRef", "unitRef", "decimals"})
LONGEST: Final = 1 << 16
"""Bytes of a piece; what is longer is examined: the parser's bounds have to see it."""
_LONGEST_KEY: Final = 1 << 14
_KEPT: Final = 200
"""So many shapes of a document are kept; the rest is examined each time."""
_IN_PATTERN: Final = 40
_LONGEST_PATTERN: Final = 1 << 17
"""So many of them are looked for at once, with so many bytes of markup."""
_VALUES: Final = 1000
_LONGEST_VALUE: Final = 100
"""So many values of one text are kept, each of so many bytes."""

TEXTS: Final = frozenset(
    {
        "gl-cor:entryNumber",
        "gl-cor:entryComment",
        "gl-cor:accountMainDescription",
        "gl-cor:accountSubDescription",
        "gl-cor:documentTypeDescription",
        "gl-cor:documentNumber",
        "gl-cor:documentReference",
        "gl-cor:detailComment",
        "gl-bus:batchID",
        "gl-bus:batchDescription",
        "gl-muc:amountOriginalExchangeRateSource",
        "gl-muc:amountOriginalExchangeRateComment",
    }
)
"""Elements that take any text that is not blank, as far as schema and rules see one alone."""
CHOSEN: Final = frozenset(
    {
        "gl-cor:enteredBy",
        "gl-cor:documentType",
        "gl-bus:paymentMethod",
        "gl-muc:amountCurrency",
        "gl-muc:amountOriginalCurrency",
    }
)
"""Elements that take few values: whether one is right depends on itself and on the shape alone."""
DAYS: Final = frozenset({"gl-cor:documentDate", "gl-muc:amountOriginalExchangeRateDate"})
NUMBERS: Final = frozenset({"gl-muc:amountOriginalAmount", "gl-muc:amountOriginalExchangeRate"})
_HOLDING: Final = frozenset({"gl-cor:entryHeader", "gl-cor:entryDetail", "gl-cor:account", "gl-cor:accountSub"})
_ANY: Final = TEXTS | CHOSEN | DAYS | NUMBERS | _HOLDING


@dataclass(slots=True)
class Shape:
    """What is known of a piece's texts. Its values are those texts that have to be looked at, in their order."""

    markup: list[bytes]
    """What stands around the texts, with the white space before the piece."""
    taken: tuple[int, ...]
    """Which of a piece's texts are values, in their order."""
    plan: tuple[int, ...]
    """Where among the values those stand that the caller looks at itself; -1 where there is none."""
    days: tuple[int, ...]
    numbers: tuple[int, ...]
    chosen: tuple[tuple[int, set[bytes]], ...]
    """Values that are known to be right."""
    trusted: bool = False
    """Whether a piece of this shape has been found right as a whole."""
    groups: tuple[int, ...] = ()
    """The values' groups in the pattern of all shapes."""

    def values(self, texts: list[bytes]) -> tuple[bytes, ...]:
        """The values among a piece's texts."""
        return tuple([texts[number] for number in self.taken])

    def admit(self, values: tuple[bytes, ...]) -> None:
        """Remember the values of a piece that has been found right."""
        self.trusted = True
        for number, known in self.chosen:
            if len(known) < _VALUES and len(values[number]) <= _LONGEST_VALUE:
                known.add(values[number])


class Shapes:
    """The shapes that one document's pieces of one kind have had so far."""

    def __init__(self, watched: tuple[str, ...], required: int) -> None:
        """`watched` are paths of the elements whose texts the caller looks at; the first `required` must be there."""
        self._watched = watched
        self._required = required
        self._names = frozenset(path.rpartition("/")[2] for path in watched)
        self._known: dict[bytes, Shape | None] = {}
        self._looked_for: list[Shape] = []
        self._length = 0  # of their markup
        self._pattern: re.Pattern[bytes] | None = None
        self._by_group: dict[int, Shape] = {}

    def find(self, buffer: bytes, at: int) -> tuple[Shape, tuple[bytes, ...], int] | None:
        """The piece at that position, its values, and where it ends; None where no text-wise plain piece is there."""
        if self._pattern is None or (match := self._pattern.match(buffer, at)) is None:
            return None
        end = match.end()
        if end - at > LONGEST:
            return None
        if buffer.find(b"&", at, end) >= 0 and _ENTITY.search(buffer, at, end):
            return None
        shape = self._by_group[match.lastindex or 0]
        return shape, match.group(*shape.groups), end

    def of(self, key: bytes) -> Shape | None:
        """What is known of a shape; None where nothing is, or nothing that helps."""
        return self._known.get(key)

    def learn(self, piece: bytes, space: bytes, node: Node) -> Shape | None:
        """Take a piece's shape in.

        Args:
            piece: its bytes.
            space: the white space before it.
            node: how the parser saw it.
        """
        key, texts = cut(piece)
        if key not in self._known and len(self._known) < _KEPT and len(key) <= _LONGEST_KEY:
            shape = self._known[key] = self._shape(key, texts, space, node)
            length = len(space) + len(key)
            if shape is not None and len(self._looked_for) < _IN_PATTERN and self._length + length < _LONGEST_PATTERN:
                self._looked_for.append(shape)
                self._length += length
                self._pattern, self._by_group = _pattern_of(self._looked_for)
        return self._known.get(key)

    def _shape(self, key: bytes, texts: list[bytes], space: bytes, node: Node) -> Shape | None:
        if _MARKUP.fullmatch(key) is None:
            return None
        leaves = list(_leaves(node))
        filled = [leaf for leaf in leaves if leaf.text.strip(" \t\r\n")]
        place = {leaf.name: number for number, leaf in enumerate(filled)}
        watched = [
            next((number for number, leaf in enumerate(filled) if leaf is node.first(path)), None)
            for path in self._watched
        ]
        if (
            len(place) != len(filled)
            or [_escaped(leaf.text) for leaf in filled] != texts
            or not _is_simple(node, _ANY | self._names)
            or None in watched[: self._required]
            or sum(leaf.name in self._names for leaf in leaves) != len(watched) - watched.count(None)
        ):
            return None
        taken = tuple(number for name, number in place.items() if name in CHOSEN | DAYS | NUMBERS | self._names)
        value = {number: position for position, number in enumerate(taken)}
        return Shape(
            markup=(space + key).split(_MARK),
            taken=taken,
            plan=tuple(-1 if number is None else value[number] for number in watched),
            days=tuple(value[number] for name, number in place.items() if name in DAYS),
            numbers=tuple(value[number] for name, number in place.items() if name in NUMBERS),
            chosen=tuple((value[number], set()) for name, number in place.items() if name in CHOSEN),
        )


def cut(piece: bytes) -> tuple[bytes, list[bytes]]:
    """Take markup and texts apart: the shape's key, and the texts that begin with no white space."""
    parts = _TEXT.split(piece)
    return _MARK.join(parts[::2]), parts[1::2]


def is_plain(data: bytes) -> bool:
    """Whether a piece has none but the entities of canonical XML, and no control characters."""
    return len(data.translate(None, _UNWANTED)) == len(data) and (b"&" not in data or _ENTITY.search(data) is None)


def _pattern_of(shapes: list[Shape]) -> tuple[re.Pattern[bytes], dict[int, Shape]]:
    """One pattern for pieces of all these shapes, whose last group tells which it is."""
    found: dict[int, Shape] = {}
    return re.compile(_ways(shapes, 0, {}, count(1), found)), found


def _ways(
    shapes: list[Shape], depth: int, groups: dict[int, int], numbers: Iterator[int], found: dict[int, Shape]
) -> bytes:
    """The pattern of what these shapes have after their first texts, whose number is `depth`.

    Markup goes on in one way at most, since behind it there is a text or none; and a text ends in one way: so the
    pattern never tries again what it has read.

    Args:
        shapes: they begin alike.
        depth: so many texts come before.
        groups: by the number of a text, those groups that take one.
        numbers: of the next groups.
        found: takes each shape under the number of its last group.
    """
    after: dict[bytes, list[Shape]] = {}
    for shape in shapes:
        after.setdefault(shape.markup[depth], []).append(shape)
    ways = []
    for markup, those in after.items():
        way = re.escape(markup)
        if depth == len(those[0].markup) - 1:
            [shape] = those
            shape.groups = tuple(groups[number] for number in shape.taken)
            found[next(numbers)] = shape
            ways.append(way + b"()")
        elif any(depth in shape.taken for shape in those):
            within = {**groups, depth: next(numbers)}
            ways.append(way + b">(" + _ANY_TEXT + b")<" + _ways(those, depth + 1, within, numbers, found))
        else:
            ways.append(way + b">" + _ANY_TEXT + b"<" + _ways(those, depth + 1, groups, numbers, found))
    return ways[0] if len(ways) == 1 else b"(?:" + b"|".join(ways) + b")"


def _leaves(node: Node) -> Iterator[Node]:
    if not node.children:
        yield node
    for children in node.children.values():
        for child in children:
            yield from _leaves(child)


def _is_simple(node: Node, names: frozenset[str], *, root: bool = True) -> bool:
    """Only elements of these names, each once below its parent; no attribute by which pieces could differ."""
    attributes = set(map(str, node.element.attrib))
    return (
        node.name in names
        and attributes <= (_ATTRIBUTES if not root and not node.children else frozenset())
        and all(len(children) == 1 for children in node.children.values())
        and all(_is_simple(child, names, root=False) for children in node.children.values() for child in children)
    )


def _escaped(text: str) -> bytes:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").encode()

"""The shape of a piece of a document: its markup without its texts.

A book has a hundred thousand lines and a handful of shapes. What schema and rules say of a line depends on its
shape, on a few of its texts, and on counters; so a line whose shape has been found right once, by schema and rules,
needs only its texts looked at. `cut` takes markup and texts apart at the speed of one regular expression; `Shapes`
keeps what has been learned.

Sound because:
- a key holds all bytes but the texts, with a mark (NUL, which no XML holds) where each was, so equal keys are equal
  markup, with equal white space, comments and attributes;
- a shape is learned only where the texts that `cut` found are those that the parser found, each in an element of its
  own that stands once, with no attributes but `contextRef`, `unitRef` and `decimals`;
- texts without `<`, `>`, NUL and other control characters, in good UTF-8 (the caller sees to the latter two), and with
  `&` only in `&amp;`, `&lt;`, `&gt;` (`is_plain`) cannot change what the markup means, and are canonical.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from validator.node import Node

_TEXT = re.compile(rb">([^<>\s][^<>]*)<")
_MARK: Final = b">\0<"
_ENTITY: Final = re.compile(rb"&(?!amp;|lt;|gt;)")
_ATTRIBUTES: Final = frozenset({"contextRef", "unitRef", "decimals"})
_KEPT: Final = 200
"""So many shapes of a document are kept; the rest is examined each time."""
_VALUES: Final = 1000
"""So many values of one text are kept."""

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
    """What is known of a piece's texts. Numbers are those of the texts, in their order in the piece."""

    place: dict[str, int]
    """Element's name → number of its text."""
    days: tuple[int, ...]
    numbers: tuple[int, ...]
    chosen: dict[int, set[bytes]]
    """Values that are known to be right."""
    plan: tuple[int, ...] = ()
    """Where the texts stand that the caller looks at itself; -1 where there is none."""
    trusted: bool = False
    """Whether a piece of this shape has been found right as a whole."""

    def admit(self, texts: list[bytes]) -> None:
        """Remember the values of a piece that has been found right."""
        self.trusted = True
        for number, values in self.chosen.items():
            if len(values) < _VALUES:
                values.add(texts[number])


class Shapes:
    """The shapes that one document's pieces of one kind have had so far."""

    def __init__(self, watched: tuple[str, ...], required: int) -> None:
        """`watched` are the elements whose texts the caller looks at itself; the first `required` must be there."""
        self._watched = watched
        self._required = required
        self._known: dict[bytes, Shape | None] = {}

    def of(self, key: bytes) -> Shape | None:
        """What is known of a shape; None where nothing is, or nothing that helps."""
        return self._known.get(key)

    def learn(self, key: bytes, texts: list[bytes], piece: bytes, node: Node) -> Shape | None:
        """Take a shape in; `node` is how the parser saw the piece."""
        if key not in self._known and len(self._known) < _KEPT:
            self._known[key] = self._shape(texts, piece, node)
        return self._known.get(key)

    def _shape(self, texts: list[bytes], piece: bytes, node: Node) -> Shape | None:
        leaves = list(_leaves(node))
        filled = [leaf for leaf in leaves if leaf.text.strip(" \t\r\n")]
        place = {leaf.name: number for number, leaf in enumerate(filled)}
        if (
            len(place) != len(filled)
            or [_escaped(leaf.text) for leaf in filled] != texts
            or not _is_simple(node, _ANY.union(self._watched))
            or b"<!" in piece
            or b"<?" in piece
            or any(name not in place for name in self._watched[: self._required])
            or any(leaf.name in self._watched for leaf in leaves if leaf.name not in place)
        ):
            return None
        return Shape(
            place=place,
            days=tuple(place[name] for name in place if name in DAYS),
            numbers=tuple(place[name] for name in place if name in NUMBERS),
            chosen={place[name]: set() for name in place if name in CHOSEN},
            plan=tuple(place.get(name, -1) for name in self._watched),
        )


def cut(piece: bytes) -> tuple[bytes, list[bytes]]:
    """Take markup and texts apart: the shape's key, and the texts that begin with no white space."""
    parts = _TEXT.split(piece)
    return _MARK.join(parts[::2]), parts[1::2]


def is_plain(piece: bytes) -> bool:
    """Whether entities in a piece are those that canonical XML has in texts."""
    return b"&" not in piece or _ENTITY.search(piece) is None


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

"""Elements taken apart: what stands in a line, an entry's header, a document's head, by the elements' usual names."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, cast

from lxml import etree

from defterhane.documents.safe_xml import line_of
from defterhane.edefter.vocabulary import NAMESPACES

_PREFIXES: Final = {uri: prefix for prefix, uri in NAMESPACES.items()}
_NAMES_KEPT: Final = 5000
_TEXT_LIMIT: Final = 4000
"""So many characters of one value are shown."""
_OTHERS_LIMIT: Final = 200
"""So many values without a place of their own are kept of one piece."""

LINE: Final = frozenset(
    {
        *(
            f"gl-cor:{name}"
            for name in (
                *("lineNumber", "lineNumberCounter", "accountMainID", "accountMainDescription", "accountSubID"),
                *("accountSubDescription", "amount", "debitCreditCode", "postingDate", "documentType"),
                *("documentTypeDescription", "documentNumber", "documentReference", "documentDate", "detailComment"),
                *("documentApplyToNumber", "xbrlInclude"),
            )
        ),
        "gl-bus:paymentMethod",
    }
)
"""The elements of a line that have a place of their own on the page."""
HEADER: Final = frozenset(
    {
        *(f"gl-cor:{name}" for name in ("enteredBy", "enteredDate", "entryNumber", "entryComment")),
        *("gl-cor:entryNumberCounter", "gl-bus:totalDebit", "gl-bus:totalCredit", "gl-cor:qualifierEntry"),
    }
)
"""The elements of an entry's header that have."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """An element without elements in it."""

    name: str
    """With the usual prefix: `gl-cor:amount`; foreign namespaces stay in braces."""
    value: str
    line: int
    """Where it starts in the file, 1 = the first; 0 = unknown."""


@dataclass(slots=True)
class Piece:
    """A line, or an entry's header: its values by name, and what else stands in it, in the document's order."""

    start: int
    """Its first line in the file; 0 = unknown."""
    end: int
    """Its last one, as far as it was asked for; else `start`."""
    values: dict[str, str] = field(default_factory=dict)
    others: list[tuple[str, str]] = field(default_factory=list)
    more: int = 0
    """So many others are not kept."""
    weight: int = 0
    """Characters in all values that are kept."""

    def get(self, name: str) -> str:
        """A value; empty where it is not there."""
        return self.values.get(name, "")

    def take(self, element: etree._Element, known: frozenset[str]) -> None:
        """Take in an element and all below it. What is there twice is kept, the second time among the others."""
        values, names = self.values, _names
        for node in element.iter("*"):
            if len(node):
                if node.find("*") is not None:
                    continue
                value = _text(node)  # there is a comment in it
            else:
                text = node.text
                value = "" if text is None else text.strip()
                if len(value) > _TEXT_LIMIT:
                    value = clipped(value)
            name = names.get(node.tag) or name_of(node)
            if name in known and name not in values:
                values[name] = value
            elif len(self.others) < _OTHERS_LIMIT:
                self.others.append((name, value))
            else:
                self.more += 1
                continue
            self.weight += len(value)


def leaves(element: etree._Element) -> Iterator[Leaf]:
    """All elements without elements in them, at any depth; the element itself where it is one."""
    for node in element.iter("*"):
        if not len(node) or node.find("*") is None:
            yield Leaf(name_of(node), _text(node), line_of(node) or 0)


def line_ends(element: etree._Element) -> int:
    """How many lines end within an element."""
    return etree.tostring(element, encoding="unicode", with_tail=False).count("\n")


def name_of(element: etree._Element) -> str:
    """An element's name with the usual prefix."""
    tag = element.tag
    name = _names.get(tag)
    if name is None:
        uri, closed, local = tag.removeprefix("{").rpartition("}")
        prefix = _PREFIXES.get(uri) if closed else None
        name = f"{prefix}:{local}" if prefix else tag
        if len(_names) < _NAMES_KEPT:
            _names[tag] = name
    return name


_names: dict[str, str] = {}


def clipped(text: str) -> str:
    """A text, shortened where it is too long to be shown."""
    if len(text) <= _TEXT_LIMIT:
        return text
    return f"{text[:_TEXT_LIMIT]}… (+{len(text) - _TEXT_LIMIT})"


def _text(node: etree._Element) -> str:
    """Its string value: comments in it are passed over."""
    whole = node.text if not len(node) else cast("str", node.xpath("string()"))
    return clipped((whole or "").strip())

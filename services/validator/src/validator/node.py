"""One element of a document, read once, as rules see it: children by name, string values, lines."""

import re
from collections.abc import Callable
from functools import cache
from typing import Final, cast

from lxml import etree

from defterhane.documents.safe_xml import line_of
from defterhane.edefter.vocabulary import NAMESPACES

_PREFIXES: Final = {uri: prefix for prefix, uri in NAMESPACES.items()}
_NAMES_KEPT: Final = 5000
_SPACES = re.compile(r"[ \t\r\n]+")

_names: dict[str, str] = {}


def name_of(element: etree._Element) -> str:
    """An element's name with the usual prefix: `gl-cor:amount`. Foreign namespaces stay in braces."""
    tag = element.tag
    name = _names.get(tag)
    if name is None:
        uri, closed, local = tag.removeprefix("{").rpartition("}")
        prefix = _PREFIXES.get(uri) if closed else None
        name = f"{prefix}:{local}" if prefix else tag
        if len(_names) < _NAMES_KEPT:
            _names[tag] = name
    return name


def normalize(text: str) -> str:
    """XPath's normalize-space(): XML's white space alone, which is less than Python's."""
    if " " not in text and text.isprintable():  # nothing to do, as mostly
        return text
    return _SPACES.sub(" ", text).strip(" ")


class Undecidable(Exception):
    """GİB's test stops here with a dynamic error: a text where a number is wanted, several items where one may be.

    The document is not valid, and the rule whose test stops is named.
    """


def one_of(strings: list[str]) -> str:
    """The one string of a sequence; empty where there is none.

    Raises:
        Undecidable: there are several.
    """
    if len(strings) > 1:
        raise Undecidable
    return strings[0] if strings else ""


def either(*operands: Callable[[], bool]) -> bool:
    """`… or …` as Saxon has it: an operand that stops does no harm where another one is true.

    Raises:
        Undecidable: an operand stops, and none is true.
    """
    stopped = False
    for operand in operands:
        try:
            if operand():
                return True
        except Undecidable:
            stopped = True
    if stopped:
        raise Undecidable
    return False


@cache
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("/"))


class Node:
    """An element with its children by name. Rules ask it as XPath asks: what is not there is an empty sequence."""

    __slots__ = ("_line", "children", "element", "name", "text")

    text: str
    """What stands in it; empty where elements do."""

    def __init__(self, element: etree._Element, flat: list["Node"] | None = None) -> None:
        """Read an element and all below it; `flat` takes them all, in document order."""
        self.element = element
        self.name = name_of(element)
        self._line: int | None = None
        if flat is not None:
            flat.append(self)
        children: dict[str, list[Node]] = {}
        self.children = children
        if not len(element):
            self.text = element.text or ""
            return
        self.text = ""
        for child in element:
            if isinstance(child.tag, str):  # not a comment, not a processing instruction
                node = Node(child, flat)
                known = children.get(node.name)
                if known is None:
                    children[node.name] = [node]
                else:
                    known.append(node)
        if not children:
            self.text = cast("str", element.xpath("string()"))

    @classmethod
    def shell(cls, element: etree._Element) -> "Node":
        """An element without what is in it: its children are added as they come."""
        node = cls.__new__(cls)
        node.element, node.name, node.text, node.children = element, name_of(element), "", {}
        node._line = line_of(element)
        return node

    def add(self, child: "Node") -> None:
        """Take in a child."""
        self.children.setdefault(child.name, []).append(child)

    def all(self, path: str) -> list["Node"]:
        """The elements at a path such as `gl-cor:account/gl-cor:accountMainID`."""
        here = self.children.get(path)  # a path of one step, as mostly; foreign names stand in braces
        if here is not None:
            return here.copy()
        if "/" not in path:
            return []
        nodes = [self]
        for name in _steps(path):
            nodes = [found for node in nodes for found in node.children.get(name, ())]
        return nodes

    def first(self, path: str) -> "Node | None":
        """The first element at a path, or None."""
        here = self.children.get(path)
        if here is not None:
            return here[0]
        if "/" not in path:
            return None
        node = self
        for name in _steps(path):
            found = node.children.get(name)
            if found is None:
                return None
            if len(found) > 1:  # the way may lead on from another of them
                return next(iter(self.all(path)), None)
            node = found[0]
        return node

    def has(self, path: str) -> bool:
        """Whether there is an element at a path."""
        return self.first(path) is not None

    def value(self, path: str) -> str | None:
        """The string value of the first element at a path, or None."""
        found = self.first(path)
        return None if found is None else found.text

    def normal(self, path: str) -> str:
        """normalize-space() of the first element at a path; empty where there is none."""
        found = self.first(path)
        return "" if found is None else normalize(found.text)

    def strings(self, path: str) -> list[str]:
        """The string values of all elements at a path."""
        return [node.string for node in self.all(path)]

    def only(self, path: str) -> str:
        """The string value of the one element at a path, as functions want it; empty where there is none.

        Raises:
            Undecidable: there are several.
        """
        if "/" not in path:
            here = self.children.get(path)
            return "" if here is None else here[0].string if len(here) == 1 else one_of(self.strings(path))
        node = self
        for name in _steps(path):
            found = node.children.get(name)
            if found is None:
                return ""
            if len(found) > 1:
                return one_of(self.strings(path))
            node = found[0]
        return node.string

    def exact(self, path: str) -> str:
        """normalize-space() of the one element at a path; empty where there is none.

        Raises:
            Undecidable: there are several.
        """
        return normalize(self.only(path))

    @property
    def string(self) -> str:
        """The string value: the text, and that of all elements within."""
        return self.text if not self.children else cast("str", self.element.xpath("string()"))

    def get(self, attribute: str) -> str | None:
        """An attribute's value, or None."""
        return self.element.get(attribute)

    @property
    def line(self) -> int | None:
        """The line in the file. Ask before the element is released: then it is remembered."""
        if self._line is None:
            self._line = line_of(self.element)
        return self._line

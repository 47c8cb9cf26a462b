"""A document as a stream of what it holds, as far as it can be read; nothing in it is passed over in silence.

Memory is bounded by one piece, as `safe_xml` says: elements that are handed out are let go of at once. Whatever
stands between them is found among the elements before them, and handed out as `Stray`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from defterhane.documents.errors import XmlRefused
from defterhane.documents.safe_xml import CHUNK, Reader, line_of
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from defterhane_cli.view.events import Attachment, Entry, EntryEnd, Event, Head, Line, Signature, Stopped, Stray
from defterhane_cli.view.fields import HEADER, LINE, Leaf, Piece, leaves, line_ends, name_of
from defterhane_cli.view.signatures import read_signed

_CONTAINERS: Final = frozenset({"xbrli:xbrl", "gl-cor:accountingEntries", "extensions", "extension"})
_ENTRIES: Final = ("gl-cor:accountingEntries", "xbrli:xbrl")
_ROOT: Final = f"{{{NAMESPACES['edefter']}}}"
_HEADS: Final = frozenset({"xbrli:context", "gl-cor:documentInfo", "gl-cor:entityInformation"})
_PLACES: Final[dict[str, tuple[str, ...]]] = {
    "xbrli:context": ("xbrli:xbrl",),
    "gl-cor:documentInfo": _ENTRIES,
    "gl-cor:entityInformation": _ENTRIES,
    "gl-cor:entryDetail": ("gl-cor:entryHeader", *_ENTRIES),
    "gl-cor:entryHeader": _ENTRIES,
    "defterek:binaryObject": ("extension", "extensions"),
    "ds:Signature": (),
}
"""What is handed out, and its ancestors below the root. An element of that name elsewhere is a stray."""
_SIGNS: Final = ("gl-cor:entriesType", "gl-cor:uniqueID")
_STYLESHEET: Final = re.compile(r"""href=["']([^"']*)["']""")
_WHITE_SPACE: Final = re.compile(r"\s+")


class Reading:
    """Reads one document. `kind` is known once the first entry begins."""

    def __init__(self, last_marked: int = 0) -> None:
        """`last_marked`: the last line of the file with a finding; only up to it ends of pieces are worked out."""
        self.kind: DocumentKind | None = None
        self._last_marked = last_marked
        self._reader = Reader(map(_clark, _PLACES))
        self._handled: dict[str, etree._Element] = {}  # what is left of the last of each name: shells
        self._header: etree._Element | None = None
        self._signs: dict[str, str] = {}
        self._context_id = ""
        self._end = 0

    def events(self, source: Path) -> Iterator[Event]:
        """Everything in it, in its order.

        Raises:
            OSError: the file cannot be read.
            XmlRefused: it is not XML that is read, and nothing in it says which document it is.
            ValueError: it is not one of the five documents.
        """
        try:
            with source.open("rb") as file:
                while data := file.read(CHUNK):
                    yield from self._feed(data)
            root = self._reader.close()
            yield from self._complete()
        except XmlRefused as refusal:
            if self.kind is None:
                raise
            yield Stopped(refusal)
        else:
            self._tell_kind(root)
            yield from self._strays_in(root)

    def _feed(self, data: bytes) -> Iterator[Event]:
        try:
            self._reader.feed(data)
        except XmlRefused:
            yield from self._complete()  # what has been complete before the place where it broke
            raise
        yield from self._complete()

    def _complete(self) -> Iterator[Event]:
        for element in self._reader.elements():
            name = name_of(element)
            if (self._header is None or element.getparent() is not self._header) and not _in_place(element, name):
                continue
            match name:
                case "gl-cor:entryDetail":
                    yield from self._detail(element)
                case "gl-cor:entryHeader":
                    yield from self._close(element)
                case _:
                    yield from self._strays_before(element)
                    yield self._single(name, element)
            self._handled[name] = element
            self._reader.release(element)

    def _single(self, name: str, element: etree._Element) -> Event:
        line = line_of(element) or 0
        if name == "ds:Signature":
            return Signature(read_signed(element), line)
        if name not in _HEADS:
            file, mime = element.get("filename") or "", element.get("mimeCode") or ""
            return Attachment(file[:255], mime[:255], _decoded_size(element.text or ""), line)
        found = [leaf for leaf in leaves(element) if leaf.name not in _HEADS]
        for leaf in found:
            if leaf.name in _SIGNS:
                self._signs.setdefault(leaf.name, leaf.value)
        if name == "xbrli:context":
            self._context_id = self._context_id or element.get("id") or ""
        else:
            self._tell_kind(element.getroottree().getroot())
        return Head(name, found)

    def _detail(self, element: etree._Element) -> Iterator[Event]:
        header = element.getparent()
        if header is not None and header is not self._header:
            yield from self._open(header)
        elif element.getprevious() is not self._handled["gl-cor:entryDetail"]:
            for item in self._before(element):  # between two lines
                yield from map(Stray, leaves(item))
        piece = self._piece(element)
        if len(element):
            piece.take(element, LINE)
        yield Line(piece)

    def _open(self, header: etree._Element) -> Iterator[Event]:
        if self.kind is None:
            self._tell_kind(header.getroottree().getroot())
        yield from self._strays_before(header)
        self._header = header
        start = line_of(header) or 0
        piece = Piece(start, start)
        for item in header.iterchildren("*"):
            if name_of(item) == "gl-cor:entryDetail":
                break
            piece.take(item, HEADER)
        yield Entry(piece)

    def _close(self, header: etree._Element) -> Iterator[Event]:
        piece = Piece(self._end, self._end)
        if header is not self._header:
            yield from self._open(header)
        else:
            last = self._handled["gl-cor:entryDetail"]
            piece.end += (last.tail or "").count("\n")
            for item in last.itersiblings("*"):
                piece.take(item, HEADER)
                piece.end += line_ends(item) + (item.tail or "").count("\n")
        self._header = None
        yield EntryEnd(piece)

    def _piece(self, element: etree._Element) -> Piece:
        start = end = line_of(element) or 0
        if start <= self._last_marked:
            end += line_ends(element)
        self._end = end
        return Piece(start, end)

    # Strays

    def _before(self, element: etree._Element) -> list[etree._Element]:
        """What stands before an element beside it and has not been handed out."""
        found = element.itersiblings("*", preceding=True)
        return [item for item in found if item is not self._handled.get(name_of(item))][::-1]

    def _strays_before(self, element: etree._Element) -> Iterator[Event]:
        around: list[etree._Element] = [element, *element.iterancestors()]
        for node in reversed(around[:-1]):  # the root has none beside it
            for item in self._before(node):
                yield from self._strays_in(item)

    def _strays_in(self, element: etree._Element) -> Iterator[Event]:
        waiting = [element]
        while waiting:
            node = waiting.pop()
            name = name_of(node)
            if node is self._handled.get(name):
                continue
            if name in _CONTAINERS or node.getparent() is None:
                waiting += reversed(list(node.iterchildren("*")))
            elif name == "link:schemaRef":
                href = node.get(f"{{{NAMESPACES['xlink']}}}href") or ""
                yield Stray(Leaf(name, href[:255], line_of(node) or 0))
            else:
                yield from map(Stray, leaves(node))

    # The kind

    def _tell_kind(self, root: etree._Element) -> None:
        """The kind that most signs tell of: stylesheet, context, entriesType, uniqueID; only the root must be right.

        Raises:
            ValueError: no document has this root.
        """
        tag = str(root.tag)
        possible = [kind for kind in DocumentKind if f"{_ROOT}{kind.traits.root}" == tag]
        if not possible:
            raise ValueError("not an e-Defter document")

        def votes(kind: DocumentKind) -> int:
            traits = kind.traits
            return sum(
                (
                    _stylesheet(root) == traits.stylesheet,
                    self._context_id == traits.context_id,
                    self._signs.get("gl-cor:entriesType") == traits.entries_type,
                    self._signs.get("gl-cor:uniqueID", "").startswith(traits.unique_id_prefix),
                )
            )

        self.kind = max(possible, key=votes)


def _stylesheet(root: etree._Element) -> str | None:
    for node in root.itersiblings(preceding=True):
        if isinstance(node, etree._ProcessingInstruction) and node.target == "xml-stylesheet":
            match = _STYLESHEET.search(node.text or "")
            return match[1] if match else None
    return None


def _in_place(element: etree._Element, name: str) -> bool:
    parent = element.getparent()
    for expected in _PLACES[name]:
        if parent is None or name_of(parent) != expected:
            return False
        parent = parent.getparent()
    return parent is not None and parent.getparent() is None


def _decoded_size(text: str) -> int | None:
    text = _WHITE_SPACE.sub("", text) if _WHITE_SPACE.search(text) else text
    return None if len(text) % 4 else len(text) // 4 * 3 - (len(text) - len(text.rstrip("=")))


def _clark(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"

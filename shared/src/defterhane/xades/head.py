"""A canonical document's head: declaration, processing instructions, and the root's start tag."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from defterhane.xades.errors import NotSignable
from defterhane.xades.markup import Scope

HEAD_LIMIT: Final = 64 * 1024
"""Bytes; a root's start tag ends within them."""

NAME: Final = rb"[A-Za-z_][A-Za-z0-9_.\-]*"
QNAME: Final = rb"(?:" + NAME + rb":)?" + NAME
_ATTRIBUTE: Final = rb" (?P<name>" + QNAME + rb')="(?P<value>[^"<\t\n\r]*)"'
ATTRIBUTE: Final = re.compile(_ATTRIBUTE)
START_TAG: Final = re.compile(
    rb"<(?P<tag>"
    + QNAME
    + rb")(?P<attributes>(?:"
    + _ATTRIBUTE.replace(b"?P<name>", b"?:").replace(b"?P<value>", b"?:")
    + rb")*)>"
)
_DECLARATION: Final = re.compile(
    rb"""<\?xml version=["']1\.0["'](?: encoding=["'](?P<encoding>[^"']*)["'])?"""
    rb"""(?: standalone=["'](?:yes|no)["'])? ?\?>\n"""
)
_INSTRUCTION: Final = re.compile(rb"<\?(?![Xx][Mm][Ll][ ?])" + NAME + rb"(?: [^\s?](?:[^?\r]|\?(?!>))*)?\?>\n")


@dataclass(frozen=True)
class Head:
    """What stands at a canonical document's beginning. Offsets are bytes from the file's first."""

    declaration: int
    """Length of the XML declaration with its line end; it is not part of the canonical form."""
    start_tag: bytes
    """The root's, as it stands there."""
    body: int
    """Where the root's content begins."""
    root: str
    """The root's name with its prefix."""
    scope: Scope

    @property
    def end_tag(self) -> bytes:
        """What the document must end with."""
        return f"</{self.root}>".encode()

    @property
    def qualified_root(self) -> tuple[str, str]:
        """Namespace and local name of the root."""
        prefix, _, local = self.root.rpartition(":")
        return dict(self.scope.namespaces).get(prefix, ""), local


def read_head(path: Path) -> Head:
    """Read a document's head from its file.

    Raises:
        OSError: the file cannot be read.
        NotSignable: what stands there is not the canonical beginning of a document.
    """
    with path.open("rb") as file:
        return parse_head(file.read(HEAD_LIMIT))


def parse_head(data: bytes) -> Head:
    """Read a head from a document's first bytes.

    Raises:
        NotSignable: what stands there is not the canonical beginning of a document: an optional XML declaration in a
            line of its own, processing instructions in a line each, the root's start tag.
    """
    position = 0
    if declaration := _DECLARATION.match(data):
        encoding = declaration["encoding"] or b"UTF-8"
        if encoding.upper() != b"UTF-8":
            raise NotSignable(why=encoding.decode("ascii", "replace"))
        position = declaration.end()
    declared = position
    while instruction := _INSTRUCTION.match(data, position):
        position = instruction.end()
    tag = START_TAG.match(data, position)
    if tag is None:
        raise NotSignable(why=data[position : position + 40].decode("utf-8", "replace"))
    namespaces = []
    for name, value in ATTRIBUTE.findall(tag["attributes"]):
        if name == b"xmlns" or name.startswith(b"xmlns:"):
            namespaces.append((name[6:].decode("ascii"), _text(value)))
        elif name.startswith(b"xml:"):
            # Canonical fragments would inherit it; no e-Defter document has one.
            raise NotSignable(why=name.decode("ascii"))
    if len(dict(namespaces)) != len(namespaces):
        raise NotSignable(why="xmlns")
    return Head(declared, tag[0], tag.end(), tag["tag"].decode("ascii"), Scope(tuple(namespaces)))


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotSignable(why="UTF-8") from error

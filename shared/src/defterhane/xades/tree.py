"""Documents as trees, for what cannot be told while streaming. A tree takes six times the file's size in memory."""

from pathlib import Path
from typing import IO, Final

from lxml import etree

from defterhane.xades.errors import NotSignable, TooLarge

TREE_LIMIT: Final = 256 * 1024 * 1024
"""Bytes; larger files are not read as trees."""
DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_CHUNK: Final = 1024 * 1024
_DOCTYPE: Final = b"<!DOCTYPE"


def read_tree(path: Path) -> "etree._ElementTree":
    """Parse a file: UTF-8, no DTD, no entities, no network.

    Raises:
        OSError: the file cannot be read.
        TooLarge: it has more than `TREE_LIMIT` bytes.
        NotSignable: it is not well-formed XML in UTF-8, or it has a DTD.
    """
    size = path.stat().st_size
    if size > TREE_LIMIT:
        raise TooLarge(size=size, limit=TREE_LIMIT)
    if _has_doctype(path):
        raise NotSignable(why="DOCTYPE")
    try:
        with path.open("rb") as file:
            return etree.parse(file, _parser())
    except etree.XMLSyntaxError as error:
        raise NotSignable(why=error.msg or "XML") from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise NotSignable(why="UTF-8") from error  # libxml2 counts bytes that it cannot decode as failed reading


def parse_bytes(data: bytes) -> "etree._Element":
    """Parse a small document that is in memory already; returns its root.

    Raises:
        NotSignable: as `read_tree`.
    """
    if _DOCTYPE in data:
        raise NotSignable(why="DOCTYPE")
    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        raise NotSignable(why=error.msg or "XML") from error


def write_canonical(source: Path, target: Path) -> None:
    """Write a document's canonical form (C14N 1.0 without comments), after an XML declaration.

    Raises:
        OSError, TooLarge, NotSignable: as `read_tree`.
    """
    tree = read_tree(source)
    with target.open("wb") as file:
        file.write(DECLARATION)
        write_canonical_tree(tree, file)


def write_canonical_tree(tree: "etree._ElementTree", file: IO[bytes]) -> None:
    """Write a tree's canonical form; of `file` only `write` is asked.

    Raises:
        OSError: writing failed.
        NotSignable: it has none (relative namespace URIs).
    """
    try:
        tree.write_c14n(file, with_comments=False)
    except etree.C14NError as error:
        raise NotSignable(why=str(error)) from error


def canonical(element: "etree._Element", *, with_comments: bool = False) -> bytes:
    """An element's canonical form in its place: with the namespaces of its ancestors (C14N 1.0, inclusive).

    Ancestors must have no attributes in the xml namespace.

    Raises:
        NotSignable: it has none (relative namespace URIs).
    """
    try:
        return etree.tostring(element, method="c14n", with_comments=with_comments)
    except etree.C14NError as error:
        raise NotSignable(why=str(error)) from error


def _parser() -> etree.XMLParser:
    # huge_tree only lifts libxml2's bound of 10 MB for one text (attachments); the file's size is bounded already.
    return etree.XMLParser(
        encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, dtd_validation=False, huge_tree=True
    )


def _has_doctype(path: Path) -> bool:
    before = b""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            if _DOCTYPE in before + piece:
                return True
            before = piece[-len(_DOCTYPE) :]
    return False

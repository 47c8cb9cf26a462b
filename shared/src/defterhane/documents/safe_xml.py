"""The one way in which XML is read: no entities, no document types, no network, bounds on everything.

`Reader` reads a document of any size in pieces, `parse_small` reads a small one whole. What is refused is an
`XmlRefused` with the line.

Memory is bounded by the largest piece between two elements that the caller lets go of with `Reader.release`. That
bounds every text, attribute, comment and subtree at once, however it is written.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

from lxml import etree

from defterhane.documents import errors

CHUNK: Final = 1 << 16
"""Bytes that are read at once."""
_PROLOG_LIMIT: Final = 1 << 16
_ENCODING = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]{1,40})["']""")
_UTF8_NAMES = frozenset({b"utf-8", b"utf8", b"us-ascii"})
_FOREIGN_STARTS = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")
"""How UTF-16 and UTF-32 begin, with and without a byte order mark."""
_FIRST_LOOK = 4
"""Bytes that tell one encoding from the other."""
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a document may take. The defaults fit the largest ledger: 200 MB and its signature."""

    size: int = 256_000_000
    """Bytes in all."""
    piece: int = 64_000_000
    """Bytes between two elements that are released; an attachment is such a piece."""
    elements: int = 100_000
    """Elements between two that are released; their attributes, and references in texts, count for half of one."""
    seconds: float = 900
    """Time that reading may take, the caller's own work included."""


class Reader:
    """Reads one document that is fed to it, and hands out the elements asked for, each once it is complete."""

    def __init__(
        self,
        tags: Iterable[str],
        bounds: Bounds | None = None,
        schema: etree.XMLSchema | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bounds = bounds or Bounds()
        self._parser = etree.XMLPullParser(
            events=("end",),
            tag=list(tags),
            schema=schema,
            encoding="utf-8",
            huge_tree=True,  # the bounds are ours; depth stays bounded by libxml2
            # No document type gets here, so none is declared. Where none was to be resolved, lxml would pass over
            # one that nobody declared, and begin anew with the next piece.
            resolve_entities="internal",  # type: ignore[arg-type] # the stubs lag behind
            load_dtd=False,
            no_network=True,
        )
        self._clock = clock
        self._deadline = clock() + self._bounds.seconds
        self._size = self._piece = self._elements = 0
        self._prolog: bytes | None = b""

    def feed(self, data: bytes) -> None:
        """Read on.

        With a schema, lxml may pass over what is not well-formed: another reader without one has to read it first.

        Raises:
            XmlRefused: the document is not well-formed, or takes more than it may.
            SchemaBroken: the schema does not know the root; there is nothing more to read.
        """
        if self._prolog is not None:
            data = self._prolog + data
            if len(data) < _FIRST_LOOK or not _prolog_is_harmless(data):
                self._prolog = data
                return
            self._prolog = None
        self._measure(data)
        try:
            self._parser.feed(data)
        except etree.XMLSyntaxError as error:
            raise self._failure(error) from None

    def check_bounds(self, size: int) -> None:
        """For a caller who does not feed all of a document: it has so many bytes so far.

        Raises:
            XmlRefused: these are more than it may have, or reading has taken too long.
        """
        if size > self._bounds.size:
            raise errors.XmlTooLarge(limit=self._bounds.size)
        if self._clock() > self._deadline:
            raise errors.XmlTooSlow(seconds=self._bounds.seconds)

    def elements(self) -> Iterator[etree._Element]:
        """The elements that have become complete since the last call."""
        for _, element in self._parser.read_events():
            yield cast("etree._Element", element)

    def release(self, element: etree._Element) -> None:
        """Let go of an element that has been dealt with, and of all that stands before it."""
        self._piece = self._elements = 0
        _release(element)

    def schema_errors(self, since: int = 0) -> list[etree._LogEntry]:
        """What the schema says, from the error number `since` on."""
        log = cast("Sequence[etree._LogEntry]", self._parser.feed_error_log)
        entries = (log[number] for number in range(since, len(log)))
        return [entry for entry in entries if entry.domain == etree.ErrorDomains.SCHEMASV]

    def close(self) -> etree._Element:
        """Read to the end; returns the root element.

        Raises:
            XmlRefused: as `feed`.
            SchemaBroken: well-formed, but not as the schema wants it.
        """
        try:
            if self._prolog is not None:
                rest, self._prolog = self._prolog, None
                self._parser.feed(rest or b" ")
            root = cast("etree._Element | None", self._parser.close())
        except etree.XMLSyntaxError as error:
            raise self._failure(error) from None
        if root is None:
            raise errors.XmlBroken(line=1, reason="there is no element")
        if root.getroottree().docinfo.internalDTD is not None:
            raise errors.XmlDoctype(line=1)
        return root

    def _measure(self, data: bytes) -> None:
        bounds = self._bounds
        self._size += len(data)
        self._piece += len(data)
        self._elements += _marks_in(data)
        if self._piece > bounds.piece:
            raise errors.XmlPieceTooLarge()
        if self._elements > 2 * bounds.elements:  # each has two marks, its start and its end
            raise errors.XmlTooManyElements()
        self.check_bounds(self._size)

    def _syntax_errors(self) -> list[etree._LogEntry]:
        return [entry for entry in self._log() if entry.domain != etree.ErrorDomains.SCHEMASV]

    def _log(self) -> Iterable[etree._LogEntry]:
        return cast("Iterable[etree._LogEntry]", self._parser.feed_error_log)

    def _failure(self, error: etree.XMLSyntaxError) -> Exception:
        wrong = self._syntax_errors()
        if not wrong and self.schema_errors():
            return SchemaBroken()
        return _refusal(wrong[0] if wrong else None, error)


class SchemaBroken(Exception):
    """The document is not as its schema wants it: `Reader.schema_errors` says why."""


def parse_small(data: bytes, limit: int = 10_000_000) -> etree._Element:
    """Read a small document whole: a berat, an answer from outside. Returns its root element.

    Args:
        limit: bytes that it may have at most.

    Raises:
        XmlRefused: it is not well-formed, or takes more than it may.
    """
    if len(data) > limit:
        raise errors.XmlTooLarge(limit=limit)
    if _marks_in(data) > 2 * Bounds().elements:
        raise errors.XmlTooManyElements()
    if not _prolog_is_harmless(data):
        raise errors.XmlCut(line=1)
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        entries = cast("Iterable[etree._LogEntry]", parser.error_log)
        raise _refusal(next(iter(entries), None), error) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise errors.XmlDoctype(line=1)
    return root


def _marks_in(data: bytes) -> int:
    """Beginnings and ends of elements, attributes, references.

    Attributes take a hundred times the memory of their bytes, and libxml2 takes quadratic time for references.
    """
    return data.count(b"<") + data.count(b"=") + data.count(b"&")


def _release(element: etree._Element) -> None:
    """Its attributes stay: it goes itself with the next element that is released."""
    del element[:]
    element.text = None
    node: etree._Element | None = element
    while node is not None and (parent := node.getparent()) is not None:
        while node.getprevious() is not None:
            del parent[0]
        node = parent


def line_of(element: etree._Element) -> int | None:
    """The line on which an element starts, 1 = the first; ask before it is released.

    libxml2 keeps no line above 65,534 for an element itself and gives that of the first text in it, which is the
    line on which that text ends: the line ends in the text are taken off again.
    """
    line = cast("int | None", element.sourceline)
    if line is None or line <= _LAST_KEPT_LINE:
        return line
    return line - (element.text or "").count("\n") if line > _LAST_KEPT_LINE + 1 else None


_LAST_KEPT_LINE = 65_534

_LIMIT_CODE = 114
"""XML_ERR_RESOURCE_LIMIT."""
_BY_CODE: dict[int, type[errors.XmlRefused]] = {
    9: errors.XmlControlCharacter,  # XML_ERR_INVALID_CHAR
    26: errors.XmlEntity,  # XML_ERR_UNDECLARED_ENTITY
    27: errors.XmlEntity,  # XML_WAR_UNDECLARED_ENTITY
    73: errors.XmlCut,  # XML_ERR_GT_REQUIRED
    77: errors.XmlCut,  # XML_ERR_TAG_NOT_FINISHED
    81: errors.XmlEncodingWrong,  # XML_ERR_INVALID_ENCODING
    110: errors.XmlPieceTooLarge,  # XML_ERR_NAME_TOO_LONG
}
"""libxml2's error codes that mean more than "not well-formed"."""


def _refusal(entry: etree._LogEntry | None, error: etree.XMLSyntaxError) -> errors.XmlRefused:
    code, line, message = 0, error.lineno, str(error.msg)
    if entry is not None:
        code, line, message = entry.type, entry.line, entry.message
    at = line or None
    if code == _LIMIT_CODE:
        return errors.XmlTooDeep(line=at) if "depth" in message else errors.XmlPieceTooLarge(line=at)
    kind = _BY_CODE.get(code)
    if kind is not None:
        return kind(line=at)
    return errors.XmlBroken(line=at or 1, reason=_first_line(message))


def _first_line(message: str) -> str:
    lines = message.strip().splitlines()
    return lines[0][:200] if lines else "no reason given"


def _prolog_is_harmless(data: bytes) -> bool:
    """True once the root element has been seen and nothing before it harms; False if more has to be read.

    Raises:
        XmlRefused: not UTF-8, a document type declaration, or a prolog without end.
    """
    if data.startswith(_FOREIGN_STARTS):
        raise errors.XmlEncodingWrong(line=1)
    at = len(_BOM) if data.startswith(_BOM) else 0
    while True:
        at += len(data[at:]) - len(data[at:].lstrip(b" \t\r\n"))
        rest = data[at : at + 9]
        if rest.startswith(b"<?"):
            end = data.find(b"?>", at)
            _check_encoding(data[at:end])
            after = end + 2
        elif rest.startswith(b"<!--"):
            end = data.find(b"-->", at + 4)
            after = end + 3
        elif rest == b"<!DOCTYPE":
            refusal = errors.XmlEntity if b"<!ENTITY" in data else errors.XmlDoctype
            raise refusal(line=data.count(b"\n", 0, at) + 1)
        elif b"<!DOCTYPE".startswith(rest) or b"<!--".startswith(rest):
            end = after = -1
        else:
            return True
        if end < 0:
            if len(data) > _PROLOG_LIMIT:
                raise errors.XmlPieceTooLarge(line=1)
            return False
        at = after


def _check_encoding(declaration: bytes) -> None:
    match = _ENCODING.match(declaration)
    if match is not None and match[1].lower() not in _UTF8_NAMES:
        raise errors.XmlEncodingWrong(line=1)

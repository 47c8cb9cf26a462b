"""Is a document canonical, byte by byte? Told while streaming, in constant memory.

`scan` recognises the canonical documents that this house writes. It is stricter than C14N: namespaces are plain and
declared in the root only, names are ASCII, `>` stands in no attribute, no instruction stands inside. What it accepts is
well-formed and its own C14N 1.0 form; what it does not accept may be canonical all the same, and can be made so by
`tree.write_canonical`, which takes memory.
"""

import codecs
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

from defterhane.xades.head import ATTRIBUTE, HEAD_LIMIT, START_TAG, Head, parse_head
from defterhane.xades.names import DS

CHUNK: Final = 1024 * 1024
SIGNATURE_LIMIT: Final = 256 * 1024
"""Bytes; a signature with all that may hang on it is smaller."""
_DEPTH: Final = 200
_CACHED: Final = 10_000
_IDS: Final = 10_000

_ENTITY: Final = re.compile(rb"&(?!amp;|lt;|gt;|#xD;)")
_ATTRIBUTE_ENTITY: Final = re.compile(rb"&(?!amp;|lt;|quot;|#x9;|#xA;|#xD;)")
_ENTITY_LENGTH: Final = 6
_ILLEGAL: Final = bytes(code for code in range(0x20) if code not in b"\t\n")
_NONCHARACTERS: Final = ("\ufffe", "\uffff")
_NAMESPACE: Final = re.compile(rb"(?:https?://[\w.\-]+(?:/[\w.\-/]*)?|urn:[\w.\-:/]+)#?")
_RESERVED: Final = (b"http://www.w3.org/XML/1998/namespace", b"http://www.w3.org/2000/xmlns/")


class NotCanonical(Exception):
    """The scan does not recognise a document as canonical; `args[0]` says why, for logs."""


@dataclass
class Layout:
    """Where things lie in a canonical document, and the digest that a signature over it refers to."""

    head: Head
    body_sha256: str = ""
    """Hex; of the canonical form without the signature."""
    signature: bytes | None = None
    """The root's last child, where that is a ds:Signature."""
    ids: list[str] = field(default_factory=list)
    """The values of all attributes named Id, in whatever spelling, outside the signature."""


def scan(path: Path) -> Layout:
    """Read a document once and say where things lie in it.

    Raises:
        OSError: the file cannot be read.
        NotSignable: it does not even begin like a canonical document.
        NotCanonical: it is not canonical as far as can be told this way.
    """
    scanner = Scanner()
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            scanner.feed(data)
    return scanner.finish()


class Digest(Protocol):
    """What a hash of hashlib does."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes in."""

    def hexdigest(self) -> str:
        """The digest of all bytes so far."""


class Scanner:
    """Scans a document that is fed to it."""

    def __init__(self, digest: Digest | None = None) -> None:
        """`digest` is an empty SHA-256 to be used for the body."""
        self._head: Head | None = None
        self._layout: Layout | None = None
        self._body: Digest = digest or sha256()
        self._names: dict[bytes, bytes] = {}  # what stands in a start tag → the element's name
        self._namespaces: dict[str, str] = {}
        self._open: list[bytes] = []
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._rest = b""
        self._signature = bytearray()

    def feed(self, data: bytes) -> None:
        """Read on.

        Raises:
            NotSignable: the document does not even begin like a canonical one.
            NotCanonical: it is not canonical as far as can be told this way.
        """
        if self._head is None:
            self._rest += data
            if len(self._rest) < HEAD_LIMIT:
                return
            data, self._rest = self._rest, b""
            data = self._begin(data)
        self._check_characters(data)
        self._go_on(data)

    def pass_over(self, data: bytes) -> None:
        """Read on over whole elements that the caller knows to be canonical; what has been fed must end in a tag.

        Raises:
            NotSignable: as `feed`.
            NotCanonical: as `feed`; also where these elements stand in no root.
        """
        if self._head is None or self._rest or self._signature or not self._open:
            self.feed(data)
        else:
            self._body.update(data)

    def finish(self) -> Layout:
        """The document has been read.

        Raises:
            NotSignable: as `feed`.
            NotCanonical: as `feed`, or the end is missing.
        """
        if self._head is None:
            data, self._rest = self._begin(self._rest), b""
            self._check_characters(data)
            self._go_on(data)
        assert self._head is not None
        assert self._layout is not None
        if self._signature:
            self._take_signature(self._head.end_tag)
        if self._open:
            raise NotCanonical("the end is missing")
        self._decoder.decode(b"", final=True)
        self._layout.body_sha256 = self._body.hexdigest()
        return self._layout

    def _begin(self, data: bytes) -> bytes:
        """Take the head; returns what follows it."""
        head = self._head = parse_head(data)
        self._layout = Layout(head)
        self._namespaces = dict(head.scope.namespaces)
        self._open = [head.root.encode("ascii")]
        _check_namespaces(head.start_tag)
        self._start_tag(head.start_tag[1:-1], root=True)
        first = data[head.declaration : head.body]
        self._check_characters(first)
        self._body.update(first)
        return data[head.body :]

    def _go_on(self, data: bytes) -> None:
        if self._signature:
            self._gather(data)
        elif not self._open:
            if data:
                raise NotCanonical("something stands after the root")
        else:
            self._rest = self._tokens(self._rest + data)
            if self._rest and not self._open:
                raise NotCanonical("something stands after the root")

    def _tokens(self, data: bytes) -> bytes:
        """Take what is whole; the rest comes again with the next piece."""
        whole = _whole(data)
        if len(data) - whole > HEAD_LIMIT:
            raise NotCanonical("a tag is too long")
        content, *tags = data[:whole].split(b"<")
        _check_text(content)
        position = len(content)
        for tag in tags:
            inner, closed, content = tag.partition(b">")
            if not closed:
                raise NotCanonical(f"<{inner[:40]!r} does not end")
            if b"&" in content or b">" in content:
                _check_text(content)
            name = self._names.get(inner)
            if name is not None:
                self._open.append(name)
            elif inner[:1] == b"/":
                if inner[1:] != self._open.pop():
                    raise NotCanonical(f"<{inner[:40]!r}> closes nothing")
                if not self._open:
                    position += len(inner) + 2
                    self._body.update(data[:position])
                    return data[position:]
            elif len(self._open) == 1 and self._is_signature(inner):
                self._body.update(data[:position])
                self._gather(data[position:])
                return b""
            else:
                self._open.append(self._start_tag(inner))
            position += len(tag) + 1
        if len(self._open) > _DEPTH:
            raise NotCanonical("too deep")
        self._body.update(data[:whole])
        return data[whole:]

    def _gather(self, data: bytes) -> None:
        self._signature += data
        if len(self._signature) > SIGNATURE_LIMIT + CHUNK:
            raise NotCanonical("the signature is too large")

    def _take_signature(self, end_tag: bytes) -> None:
        tail = bytes(self._signature)
        if len(tail) > SIGNATURE_LIMIT or not tail.endswith(end_tag):
            raise NotCanonical("the signature is too large, or not the last thing in the root")
        assert self._layout is not None
        self._layout.signature = tail[: -len(end_tag)]
        self._body.update(end_tag)
        self._open.clear()

    def _is_signature(self, inner: bytes) -> bool:
        prefix, _, local = inner.partition(b" ")[0].rpartition(b":")
        declared = f' xmlns:{prefix.decode("ascii", "replace")}="{DS}"'.encode()
        known = self._namespaces.get(prefix.decode("ascii", "replace")) == DS
        return local == b"Signature" and (known or declared in inner)

    def _start_tag(self, inner: bytes, *, root: bool = False) -> bytes:
        tag = START_TAG.fullmatch(b"<" + inner + b">")
        if tag is None:
            raise NotCanonical(f"<{inner[:60]!r}>")
        if self._expand(tag["tag"], "") == (DS, "Signature"):
            raise NotCanonical("a signature inside")
        attributes = []
        identified = False
        layout = self._layout
        assert layout is not None
        for name, value in ATTRIBUTE.findall(tag["attributes"]):
            if root and (name == b"xmlns" or name.startswith(b"xmlns:")):
                continue
            if _ATTRIBUTE_ENTITY.search(value):
                raise NotCanonical(f"{name!r} is not escaped canonically")
            attributes.append(self._expand(name, None))
            if attributes[-1][1].lower() == "id":
                identified = True
                layout.ids.append(value.decode("utf-8", "replace"))
        if attributes != sorted(set(attributes)):
            raise NotCanonical(f"the attributes of {tag['tag']!r} are not in canonical order")
        if len(layout.ids) > _IDS:
            raise NotCanonical("too many Ids")
        if not identified and len(self._names) < _CACHED:
            self._names[inner] = tag["tag"]
        return tag["tag"]

    def _expand(self, name: bytes, default: str | None) -> tuple[str, str]:
        """Namespace and local name; `default` is the prefix of a name that has none, None for no namespace."""
        prefix, _, local = name.decode("ascii").rpartition(":")
        if not prefix and default is None:
            if local == "xmlns":
                raise NotCanonical("a namespace is declared inside")
            return "", local
        if not prefix:
            return self._namespaces.get(default or "", ""), local
        if prefix not in self._namespaces:  # so also xml: and xmlns:
            raise NotCanonical(f"the prefix {prefix} is not declared in the root")
        return self._namespaces[prefix], local

    def _check_characters(self, piece: bytes) -> None:
        if len(piece.translate(None, _ILLEGAL)) != len(piece):
            raise NotCanonical("a control character")
        try:
            decoded = self._decoder.decode(piece)
        except UnicodeDecodeError as error:
            raise NotCanonical("not UTF-8") from error
        if any(character in decoded for character in _NONCHARACTERS):
            raise NotCanonical("not a character of XML")


def _whole(data: bytes) -> int:
    """So many of the bytes end neither in a tag nor in an entity."""
    whole = data.rfind(b"<")
    if whole < 0 or data.find(b">", whole) >= 0:
        whole = len(data)
    entity = data.rfind(b"&", max(0, whole - _ENTITY_LENGTH), whole)
    return entity if entity >= 0 and data.find(b";", entity, whole) < 0 else whole


def _check_text(content: bytes) -> None:
    if b">" in content or _ENTITY.search(content):
        raise NotCanonical("text is not escaped canonically")


def _check_namespaces(start_tag: bytes) -> None:
    """A root's declarations: before the attributes, in order, each once, with absolute URIs (C14N 1.0, 2.2)."""
    names = [name for name, _ in ATTRIBUTE.findall(start_tag)]
    declared = [name for name in names if name == b"xmlns" or name.startswith(b"xmlns:")]
    if names[: len(declared)] != declared or declared != sorted(set(declared)):
        raise NotCanonical("the root's namespaces are not in canonical order")
    for name, uri in ATTRIBUTE.findall(start_tag)[: len(declared)]:
        if name in (b"xmlns:xml", b"xmlns:xmlns") or uri in _RESERVED or not _NAMESPACE.fullmatch(uri):
            raise NotCanonical(f"{name!r} is declared in a way of its own")

"""The digest of a document's canonical form, taken from its bytes while they stream by.

A signature over a whole document refers to the document's canonical form (C14N 1.0, inclusive, without comments) with
the signature itself left away. Where a file *is* canonical after its XML declaration, that digest is the SHA-256 of
its bytes without the declaration and without the signature, and nobody has to build a tree.

`BodyDigest` believes no file: it checks, tag by tag, what makes bytes canonical. Where it is not sure it gives no
digest; it may refuse a canonical file that no writer of ours produces (attributes with escapes in them, `xml:`
attributes, namespaces declared below the root), never the other way round. That the file is well-formed is for the
XML reader to say, which sees the same bytes.
"""

import hashlib
import re
from typing import Final

from defterhane.edefter.vocabulary import NAMESPACES

DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
"""The line before the canonical bytes."""

_LONGEST_TAG = 1 << 16
_ROOT = re.compile(rb"((?:<\?[A-Za-z][\w.-]*(?: [^\s?][^?\r]*)?\?>\n)*)(<[A-Za-z_][^<>]*>)")
_NAME = rb"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?"
_TAG = re.compile(rb"<(%s)((?: %s=\"[^\"<>&\t\r\n]*\")*)>|</%s>" % (_NAME, _NAME, _NAME))
_ATTRIBUTE = re.compile(rb' ([^=]+)="([^"]*)"')
_ABSOLUTE = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")
_ANY_TAG = re.compile(rb"<[^>]*>")
_NEVER = (b"\r", b"<!", b"<?", b"/>")
"""What canonical bytes after the prolog never hold: bare CR, comments, CDATA, PIs, empty-element tags."""
_ESCAPES = (b"&amp;", b"&lt;", b"&gt;", b"&#xD;")
_KNOWN_TAGS = 4096
_SIGNATURE = re.compile(rb"<ds:Signature[ >]|</ds:Signature>")
_DS_DECLARED = (b"xmlns:ds", NAMESPACES["ds"].encode())


class BodyDigest:
    """Fed with a file's bytes, tells the SHA-256 of its canonical form without the root's signature."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._rest = b""
        self._canonical = True
        self._prefixes: dict[bytes, bytes] | None = None  # None until the root has been seen
        self._depth = 0
        self._signature_depth = 0
        self._signatures = 0
        self._tags: set[bytes] = set()
        self._ends_with_tag = False

    def feed(self, data: bytes) -> None:
        """Take in the next bytes."""
        if not self._canonical:
            return
        data = self._rest + data
        if self._prefixes is None:
            data = self._begin(data)
            if self._prefixes is None:
                return
        whole = _whole(data)
        self._rest = data[whole:]
        if len(self._rest) > _LONGEST_TAG:
            self._canonical = False
            return
        self._take(data[:whole])

    def hexdigest(self, *, signed: bool) -> str | None:
        """The digest in hexadecimal; None where the file is not surely canonical.

        Args:
            signed: whether the XML reader has seen a ds:Signature as a child of the root.
        """
        complete = self._prefixes is not None and not self._rest and not self._depth and self._ends_with_tag
        if self._canonical and complete and self._signatures == int(signed):
            return self._hash.hexdigest()
        return None

    def _begin(self, data: bytes) -> bytes:
        match = _ROOT.match(data, len(DECLARATION)) if data.startswith(DECLARATION) else None
        if match is None:
            self._rest = data
            self._canonical = len(data) <= _LONGEST_TAG
            return b""
        prefixes = _root_prefixes(match[2])
        if prefixes is None:
            self._canonical = False
            return b""
        self._prefixes = prefixes
        self._depth = 1
        self._hash.update(data[len(DECLARATION) : match.end()])
        return data[match.end() :]

    def _take(self, data: bytes) -> None:
        at = 0
        for match in _SIGNATURE.finditer(data) if b"ds:Signature" in data else ():
            if match[0].startswith(b"</"):
                self._signature_depth -= 1
                if not self._signature_depth:
                    at = match.end()
                continue
            if not self._signature_depth:
                self._body(data[at : match.start()])
                self._signatures += 1
                if self._depth != 1 or (self._prefixes or {}).get(b"ds") != _DS_DECLARED[1]:
                    self._canonical = False
            self._signature_depth += 1
        if not self._signature_depth:
            self._body(data[at:])

    def _body(self, data: bytes) -> None:
        marks = data.count(b"<")
        escapes = sum(data.count(escape) for escape in _ESCAPES)
        if (
            any(sequence in data for sequence in _NEVER)
            or marks != data.count(b">")  # a bare > in a text is &gt; in canonical bytes
            or escapes != data.count(b"&")
            or not self._tags_are_canonical(set(_ANY_TAG.findall(data)))
        ):
            self._canonical = False
            return
        ends = data.count(b"</")
        self._depth += marks - 2 * ends
        if data:
            self._ends_with_tag = data.endswith(b">")
        self._hash.update(data)

    def _tags_are_canonical(self, tags: set[bytes]) -> bool:
        fresh = tags - self._tags
        if len(self._tags) + len(fresh) > _KNOWN_TAGS:
            self._tags.clear()
        self._tags |= fresh
        return all(_is_canonical_tag(tag, self._prefixes or {}) for tag in fresh)


def _whole(data: bytes) -> int:
    """How many bytes can be judged by themselves: no tag and no escape is cut at their end."""
    tag = data.rfind(b"<")
    if tag > data.rfind(b">"):
        return tag
    escape = data.rfind(b"&", max(0, len(data) - 6))
    if escape >= 0 and b";" not in data[escape:]:
        return escape
    return len(data)


def _root_prefixes(tag: bytes) -> dict[bytes, bytes] | None:
    """The root's namespaces by prefix, if its tag is canonical: first they, by prefix, then its attributes."""
    match = _TAG.fullmatch(tag)
    if match is None:
        return None
    names = _ATTRIBUTE.findall(match[2])
    declared = [(name, uri) for name, uri in names if name == b"xmlns" or name.startswith(b"xmlns:")]
    others = names[len(declared) :]
    prefixes = {name.partition(b":")[2]: uri for name, uri in declared}
    in_order = sorted(prefixes) == list(prefixes) and len(prefixes) == len(declared)
    absolute = all(_ABSOLUTE.fullmatch(uri) for uri in prefixes.values())  # C14N refuses relative ones
    if not in_order or names[: len(declared)] != declared or not absolute:
        return None
    return prefixes if _in_canonical_order([name for name, _ in others], prefixes) else None


def _is_canonical_tag(tag: bytes, prefixes: dict[bytes, bytes]) -> bool:
    match = _TAG.fullmatch(tag)
    if match is None:
        return False
    if not match[2]:
        return True
    names = [name for name, _ in _ATTRIBUTE.findall(match[2])]
    if any(name == b"xmlns" or name.startswith((b"xmlns:", b"xml:")) for name in names):
        return False
    return _in_canonical_order(names, prefixes)


def _in_canonical_order(names: list[bytes], prefixes: dict[bytes, bytes]) -> bool:
    """Attributes go by namespace, then by local name; those without a prefix come first."""
    keys = []
    for name in names:
        prefix, colon, local = name.rpartition(b":")
        if colon and prefix not in prefixes:
            return False
        keys.append((prefixes[prefix] if colon else b"", local))
    return keys == sorted(keys)

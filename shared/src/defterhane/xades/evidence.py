"""What a verification needs from a file: the signature in its place, and the digest of everything else.

A small file, or one that is not canonical byte by byte, is read as a tree and canonicalised; a large canonical one is
scanned, and only its signature becomes a tree, under the same root's start tag, so that the same namespaces are in
scope.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Final, cast

from lxml import etree

from defterhane.xades.canonical import Layout, NotCanonical, scan
from defterhane.xades.errors import NotSignable
from defterhane.xades.names import EDEFTER, ds
from defterhane.xades.shape import Refused, decode
from defterhane.xades.tree import parse_bytes, read_tree, write_canonical_tree

SMALL: Final = 4 * 1024 * 1024
"""Bytes; smaller files are always read as trees."""
ROOTS: Final = ("defter", "berat", "defterraporu")
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"


class Unsigned(Exception):
    """A document without a signature as its root's last child."""


@dataclass(frozen=True)
class Evidence:
    """A signature where it stands."""

    root: str
    """Local name."""
    signature: "etree._Element"
    body_sha256: Callable[[], str]
    """Hex. To be called last: the signature may no longer be in the tree afterwards."""
    ids: Counter[str]
    """How often each Id stands in the document."""
    ledger_value: bytes | None


def read_evidence(path: Path) -> Evidence:
    """Read a file.

    Raises:
        OSError: it cannot be read.
        NotSignable: it is no document of ours, or cannot be parsed.
        Unsigned: there is no signature at its end.
        Refused: there is one, but other things stand there that must not.
    """
    if path.stat().st_size > SMALL:
        try:
            layout = scan(path)
        except (NotCanonical, NotSignable):
            pass  # then as a tree, if it is not too large for one
        else:
            if layout.head.qualified_root != (EDEFTER, "berat"):  # a berat's bare SignatureValue is wanted too
                return evidence_of(layout)
    return _from_tree(read_tree(path))


def evidence_of(layout: Layout) -> Evidence:
    """The evidence in a scanned file.

    Raises:
        NotSignable, Unsigned, Refused: as `read_evidence`.
    """
    namespace, local = layout.head.qualified_root
    _check_root(namespace, local)
    if layout.signature is None:
        raise Unsigned(local)
    root = parse_bytes(layout.head.start_tag + layout.signature + layout.head.end_tag)
    if len(root) != 1 or root.text or root[0].tail:
        raise Refused("Signature")
    _check_tree(root, root[0])
    return Evidence(local, root[0], lambda: layout.body_sha256, Counter(layout.ids) + _ids(root), None)


def _from_tree(tree: "etree._ElementTree") -> Evidence:
    root = tree.getroot()
    name = etree.QName(root)
    _check_root(name.namespace or "", name.localname)
    inner = [item for item in root if isinstance(item.tag, str)]
    if not inner or inner[-1].tag != ds("Signature"):
        raise Unsigned(name.localname)
    signature = inner[-1]
    _check_tree(root, signature)
    values = [item for item in inner if item.tag == ds("SignatureValue")]
    if values != ([inner[-2]] if name.localname == "berat" and len(inner) > 1 else []):
        raise Refused("SignatureValue")
    ledger_value = decode(values[0]) if values else None
    return Evidence(name.localname, signature, lambda: _digest_without(signature), _ids(root), ledger_value)


def _check_root(namespace: str, local: str) -> None:
    if namespace != EDEFTER or local not in ROOTS:
        raise NotSignable(why=f"{{{namespace}}}{local}")


def _check_tree(root: "etree._Element", signature: "etree._Element") -> None:
    """There is no signature but this one and a counter-signature inside it; nothing is inherited from xml:…"""
    inside = set(signature.iter(ds("Signature")))
    if any(item not in inside for item in root.iter(ds("Signature"))):
        raise Refused("Signature")
    for element in (root, *signature.iter("*")):
        if any(str(key).startswith(_XML) for key in element.attrib):
            raise Refused("xml:…")


def _ids(root: "etree._Element") -> Counter[str]:
    return Counter(
        str(value)
        for element in root.iter("*")
        for key, value in element.attrib.items()
        if str(key).rpartition("}")[2].lower() == "id"
    )


class _Hash:
    def __init__(self) -> None:
        self.sha256 = sha256()

    def write(self, data: bytes) -> int:
        self.sha256.update(data)
        return len(data)


def _digest_without(signature: "etree._Element") -> str:
    """The enveloped-signature transform, then C14N without comments (XML Signature 1.1, 6.6.4)."""
    tree, root = signature.getroottree(), signature.getparent()
    assert root is not None
    if signature.tail:  # lxml would take the text behind the signature away with it
        before = signature.getprevious()
        if before is None:
            root.text = (root.text or "") + signature.tail
        else:
            before.tail = (before.tail or "") + signature.tail
    root.remove(signature)
    digest = _Hash()
    write_canonical_tree(tree, cast(IO[bytes], digest))
    return digest.sha256.hexdigest()

"""Good documents on disk, and ways to change a document one bit at a time."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import DECLARATION, NAMESPACES

FOLDER = Path(__file__).parents[1] / "golden" / "validator"
FIRM = "4817263504"

Change = Callable[[etree._Element], None]
"""Changes a document below its root."""


def name_of(kind: DocumentKind) -> str:
    """The file name of the golden document of a kind."""
    return f"{FIRM}-202503-{kind}-000000.xml"


def golden(kind: DocumentKind) -> bytes:
    """The bytes of the golden document of a kind: canonical, unsigned."""
    return (FOLDER / name_of(kind)).read_bytes()


def changed(kind: DocumentKind, *changes: Change) -> bytes:
    """A golden document with changes, written canonically again."""
    root = etree.fromstring(golden(kind))
    for change in changes:
        change(root)
    return DECLARATION + etree.tostring(root.getroottree(), method="c14n")


def at(root: etree._Element, path: str, index: int = 0) -> etree._Element:
    """The element number `index` at an XPath below the root, with the usual prefixes."""
    found = root.xpath(f".//{path}" if not path.startswith("/") else path, namespaces=NAMESPACES)
    return found[index]


def clark(name: str) -> str:
    """`gl-cor:amount` in lxml's notation."""
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local


# Changes


def without(path: str, index: int = 0) -> Change:
    """Take an element away."""

    def change(root: etree._Element) -> None:
        element = at(root, path, index)
        element.getparent().remove(element)

    return change


def text(path: str, value: str, index: int = 0) -> Change:
    """Give an element another text."""

    def change(root: etree._Element) -> None:
        at(root, path, index).text = value

    return change


def all_texts(path: str, value: str) -> Change:
    """Give all elements at a path another text."""

    def change(root: etree._Element) -> None:
        for element in root.xpath(f".//{path}", namespaces=NAMESPACES):
            element.text = value

    return change


def attribute(path: str, name: str, value: str | None, index: int = 0) -> Change:
    """Give an element another attribute, or take it away."""

    def change(root: etree._Element) -> None:
        if value is None:
            del at(root, path, index).attrib[name]
        else:
            at(root, path, index).set(name, value)

    return change


def twice(path: str, index: int = 0) -> Change:
    """Put a copy of an element after it."""

    def change(root: etree._Element) -> None:
        element = at(root, path, index)
        element.addnext(deepcopy(element))

    return change


def before(path: str, xml: str, index: int = 0) -> Change:
    """Put elements before one; `{context}` in them is the document's context id."""
    return _placed(path, xml, index, lambda element, new: element.addprevious(new))


def after(path: str, xml: str, index: int = 0) -> Change:
    """Put elements after one, in their order."""

    def place(element: etree._Element, new: etree._Element) -> None:
        element.addnext(new)

    return _placed(path, xml, index, place, backwards=True)


def inside(path: str, xml: str, index: int = 0) -> Change:
    """Put elements at the end of one."""
    return _placed(path, xml, index, lambda element, new: element.append(new))


def moved_before(path: str, other: str, index: int = 0, other_index: int = 0) -> Change:
    """Put an element before another one."""

    def change(root: etree._Element) -> None:
        element, target = at(root, path, index), at(root, other, other_index)
        element.tail = None
        target.addprevious(element)

    return change


def _placed(
    path: str,
    xml: str,
    index: int,
    place: Callable[[etree._Element, etree._Element], None],
    *,
    backwards: bool = False,
) -> Change:
    def change(root: etree._Element) -> None:
        context = at(root, "xbrli:context").get("id")
        new = list(etree.fromstring(f"<x {_declarations()}>{xml.replace('{context}', context)}</x>"))
        target = root if path == "." else at(root, path, index)
        for element in reversed(new) if backwards else new:
            place(target, element)
        etree.cleanup_namespaces(root, keep_ns_prefixes=list(NAMESPACES))

    return change


def _declarations() -> str:
    return " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


def signature_xml() -> str:
    """A signature of the right shape; it signs nothing."""
    return (FOLDER / "signature.xml").read_text("utf-8").strip()


def signed(root: etree._Element) -> None:
    """Put the signature where it belongs, in a berat the ledger's value before it."""
    if root.tag == clark("edefter:berat"):
        inside(".", "<ds:SignatureValue>QUJDREVGR0g=</ds:SignatureValue>")(root)
    inside(".", signature_xml())(root)

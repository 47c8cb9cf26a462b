"""Ways to change one element of a document, whatever it is: taken away, doubled, moved, emptied, made something else.

A change says of itself that it cannot be made (`CannotBe`) where an element has, say, no sibling to change places
with. All changed documents stay well-formed, namespaces included.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Final, TypeAlias

from lxml import etree

from defterhane.edefter.vocabulary import NAMESPACES

Mutation: TypeAlias = Callable[[etree._Element], None]
_PREFIXES: Final = {uri: prefix for prefix, uri in NAMESPACES.items()}


class CannotBe(Exception):
    """This element cannot be changed so."""


def path_of(element: etree._Element) -> str:
    """The names from below the root down to an element: `xbrl/context/entity`, prefixes left away."""
    steps = [etree.QName(one).localname for one in (element, *element.iterancestors())]
    return "/".join(reversed(steps[:-1]))


def by_path(root: etree._Element, *, last: bool) -> dict[str, int]:
    """Each path in a document, with the place in document order of the first or last element that stands there."""
    found: dict[str, int] = {}
    for place, element in enumerate(root.iter("*")):
        path = path_of(element)
        if path and (last or path not in found):
            found[path] = place
    return found


def element_at(root: etree._Element, place: int) -> etree._Element:
    """The element at a place in document order."""
    for index, element in enumerate(root.iter("*")):
        if index == place:
            return element
    raise AssertionError(f"{place} is not in the document")


# Elements


def removed(element: etree._Element) -> None:
    _parent(element).remove(element)


def doubled(element: etree._Element) -> None:
    element.addnext(deepcopy(element))


def emptied(element: etree._Element) -> None:
    if not len(element) and not element.text:
        raise CannotBe
    tail = element.tail
    attributes = dict(element.attrib)
    element.clear()
    element.tail = tail
    for name, value in attributes.items():
        element.set(name, value)


def before_its_sibling(element: etree._Element) -> None:
    other = element.getprevious()
    if other is None or other.tag == element.tag:
        raise CannotBe
    other.addprevious(element)


def after_its_sibling(element: etree._Element) -> None:
    other = element.getnext()
    if other is None or other.tag == element.tag:
        raise CannotBe
    other.addnext(element)


def to_its_grandparent(element: etree._Element) -> None:
    parent = _parent(element)
    _parent(parent)
    parent.addnext(element)


def into_its_sibling(element: etree._Element) -> None:
    other = element.getprevious()
    if other is None or not isinstance(other.tag, str):
        raise CannotBe
    other.append(element)


def to_the_end(element: etree._Element) -> None:
    parent = _parent(element)
    if element.getnext() is None:
        raise CannotBe
    parent.append(element)


def to_the_accountant(element: etree._Element) -> None:
    """Below an element that has nothing to do with it."""
    [other] = _root(element).xpath(".//gl-bus:accountantInformation", namespaces=NAMESPACES)[:1]
    if other in (element, *element.iterancestors(), *element.iterdescendants()):
        raise CannotBe
    other.append(element)


def misspelt(element: etree._Element) -> None:
    element.tag = f"{element.tag}X"


def of_another_vocabulary(element: etree._Element) -> None:
    name = etree.QName(element)
    uri = NAMESPACES["gl-bus" if _PREFIXES.get(name.namespace or "") == "gl-cor" else "gl-cor"]
    element.tag = f"{{{uri}}}{name.localname}"


def of_no_vocabulary(element: etree._Element) -> None:
    element.tag = etree.QName(element).localname


def with_a_foreigner_before(element: etree._Element) -> None:
    element.addprevious(etree.Element("{urn:foreign}x"))


def with_a_child(element: etree._Element) -> None:
    etree.SubElement(element, "{urn:foreign}x").text = "1"


def with_a_namesake_inside(element: etree._Element) -> None:
    inner = etree.SubElement(element, element.tag)
    inner.text = "1"
    for name, value in element.attrib.items():
        inner.set(name, value)


def with_text(element: etree._Element) -> None:
    if not len(element):
        raise CannotBe
    element.text = f"{element.text or ''}text"


def with_text_after(element: etree._Element) -> None:
    _parent(element)
    element.tail = f"{element.tail or ''}text"


def with_a_comment_before(element: etree._Element) -> None:
    element.addprevious(etree.Comment(" <gl-cor:entryDetail> "))


def with_a_comment_in_it(element: etree._Element) -> None:
    _parted(element, etree.Comment("not of the text"))


def with_an_instruction_in_it(element: etree._Element) -> None:
    _parted(element, etree.ProcessingInstruction("pi", "not of the text"))


def with_an_unknown_attribute(element: etree._Element) -> None:
    element.set("unknown", "1")


def with_a_schema_attribute(element: etree._Element) -> None:
    element.set(f"{{{NAMESPACES['xsi']}}}nil", "true")


def with_a_language(element: etree._Element) -> None:
    element.set("{http://www.w3.org/XML/1998/namespace}lang", "tr")


def with_an_id(element: etree._Element) -> None:
    element.set("id", "an-id")


def with_decimals(element: etree._Element) -> None:
    """Where the rules on `decimals` hold, too: on every element."""
    element.set("decimals", "2")


USUAL: Final[tuple[Mutation, ...]] = (
    removed,
    doubled,
    emptied,
    to_its_grandparent,
    after_its_sibling,
)
"""What is done with every element."""
OTHERS: Final[tuple[Mutation, ...]] = (
    before_its_sibling,
    misspelt,
    with_a_comment_in_it,
    with_a_child,
    into_its_sibling,
    with_an_unknown_attribute,
    of_another_vocabulary,
    with_text,
    with_a_comment_before,
    with_decimals,
    to_the_end,
    with_text_after,
    with_a_foreigner_before,
    with_an_instruction_in_it,
    of_no_vocabulary,
    with_a_schema_attribute,
    to_the_accountant,
    with_a_namesake_inside,
    with_an_id,
    with_a_language,
)
"""Of these some are done with each element, by turns."""


# Attributes

WRONG_VALUES: Final = {
    "contextRef": ("", "no_context", "try"),
    "unitRef": ("", "no_unit", "countable", "try", "journal_context"),
    "decimals": ("2", "0", "inf", " INF", ""),
    "id": ("", "1", "countable", "a b"),
    "scheme": ("", "http://www.gib.gov.tr/"),
    "href": ("", "elsewhere.xsd"),
    "type": ("extended", ""),
    "mimeCode": ("", "application/PDF", "text/plain"),
    "filename": ("", ".pdf", "ek.PDF", "ek.pdf ", "ekpdf", "pdf"),
    "Algorithm": ("", "http://www.w3.org/2000/09/xmldsig#rsa-sha1", "urn:x-sha1 "),
    "URI": ("", "#Document", " "),
    "Id": ("", "Signature", "1"),
}


def attribute_mutations(element: etree._Element) -> Iterator[tuple[str, Mutation]]:
    """Each attribute of an element taken away, or given one of its wrong values."""
    for name in element.attrib:
        local = etree.QName(name).localname
        yield f"without {local}", _without(name)
        for value in WRONG_VALUES.get(local, ("x y",)):
            if element.get(name) != value:
                yield f"with {local}={value!r}", _with(name, value)


def _without(name: str) -> Mutation:
    def mutate(element: etree._Element) -> None:
        del element.attrib[name]

    return mutate


def _with(name: str, value: str) -> Mutation:
    def mutate(element: etree._Element) -> None:
        element.set(name, value)

    return mutate


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    if parent is None:
        raise CannotBe
    return parent


def _root(element: etree._Element) -> etree._Element:
    return element.getroottree().getroot()


def _parted(element: etree._Element, what: etree._Element) -> None:
    """Put something without a text of its own into the middle of a text."""
    text = element.text or ""
    if len(element) or not text:
        raise CannotBe
    half = len(text) // 2
    element.text = text[:half]
    what.tail = text[half:]
    element.append(what)

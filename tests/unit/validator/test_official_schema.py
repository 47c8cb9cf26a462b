"""The official schema as an outside judge: whatever ours lets pass, it lets pass too."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from lxml import etree

from defterhane.documents.schema import schema
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from support.golden_documents import Change, after, attribute, changed, inside, signed, text

pytestmark = pytest.mark.official

WRONG_TEXTS = ("", "x", "1e3", "2025-02-30", "-1")


def item(name: str, value: str, number: str = "") -> str:
    """One item; a number names its unit."""
    unit = f' unitRef="{number}"' if number else ""
    return f'<{name} contextRef="{{context}}"{unit}>{value}</{name}>'


RICH: tuple[Change, ...] = (
    inside("gl-cor:documentInfo", item("gl-muc:defaultCurrency", "iso4217:TRY")),
    after(
        "gl-bus:entityPhoneNumber",
        f"<gl-bus:entityFaxNumberStructure>{item('gl-bus:entityFaxNumber', '1')}</gl-bus:entityFaxNumberStructure>",
    ),
    after(
        "gl-bus:accountantName",
        "<gl-bus:accountantAddress>"
        + item("gl-bus:accountantBuildingNumber", "2")
        + item("gl-bus:accountantStreet", "S")
        + item("gl-bus:accountantCity", "Bursa")
        + item("gl-bus:accountantCountry", "TR")
        + item("gl-bus:accountantZipOrPostalCode", "16000")
        + "</gl-bus:accountantAddress>",
    ),
    after(
        "gl-cor:amount",
        item("gl-muc:amountCurrency", "iso4217:TRY")
        + item("gl-muc:amountOriginalExchangeRateDate", "2025-03-01")
        + item("gl-muc:amountOriginalAmount", "1", "try")
        + item("gl-muc:amountOriginalCurrency", "iso4217:EUR")
        + item("gl-muc:amountOriginalExchangeRate", "40", "countable"),
    ),
    inside(
        "gl-cor:entryDetail",
        "<gl-bus:measurable>"
        + item("gl-bus:measurableCode", "NT")
        + item("gl-bus:measurableQuantity", "4", "countable")
        + item("gl-bus:measurableQualifier", "Fon")
        + "</gl-bus:measurable>",
    ),
    after(
        "xbrli:xbrl",
        '<extensions><extension Id="e1"><defterek:binaryObject mimeCode="application/pdf" filename="a.pdf">JVBERg=='
        "</defterek:binaryObject></extension></extensions>",
    ),
    # an X.509 serial number of 20 bytes is an integer that the official schema's checker cannot hold
    text("ds:X509SerialNumber", "123456789012345678901234"),
)


@pytest.fixture(scope="module")
def official(shared_folder: Path) -> etree.XMLSchema:
    folder = shared_folder / "gib-package" / "xsd"

    class Local(etree.Resolver):
        def resolve(self, url: str, _id: str, context: object) -> object:
            return self.resolve_filename(str(folder / url.rpartition("/")[2]), context) if "://" in url else None

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.parse(folder / "edefter.xsd", parser))


def spoilt(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The document with one bit spoilt, for every element and every way to spoil it."""
    tree = root.getroottree()
    for element in list(root.iter("*")):
        path = tree.getpath(element)

        def copy() -> tuple[etree._Element, etree._Element]:
            other = deepcopy(root)
            return other, other.getroottree().xpath(path, namespaces=NAMESPACES)[0]  # noqa: B023 — called at once

        if element is not root:
            other, there = copy()
            there.getparent().remove(there)
            yield f"without {path}", other
            other, there = copy()
            there.addnext(deepcopy(there))
            yield f"{path} twice", other
            other, there = copy()
            there.tag = there.tag + "X"
            yield f"{path} renamed", other
        if element.getnext() is not None and element is not root:
            other, there = copy()
            there.getnext().addnext(there)
            yield f"{path} after its next", other
        if len(element):
            other, there = copy()
            there.text = "text"
            yield f"text in {path}", other
        else:
            for value in WRONG_TEXTS:
                other, there = copy()
                there.text = value
                yield f"{path} = {value!r}", other
            other, there = copy()
            etree.SubElement(there, "child")
            yield f"child in {path}", other
        for name in element.attrib:
            other, there = copy()
            del there.attrib[name]
            yield f"{path} without {name}", other
            other, there = copy()
            there.set(name, "a b")
            yield f"{path} with a wrong {name}", other
        other, there = copy()
        there.set("unknown", "1")
        yield f"{path} with an unknown attribute", other


def short(root: etree._Element) -> etree._Element:
    """Enough of a document: its first entry with two lines. What comes again is spoilt but once."""
    cor = "{http://www.xbrl.org/int/gl/cor/2006-10-25}"
    headers = list(root.iter(f"{cor}entryHeader"))
    for header in headers[1:]:
        header.getparent().remove(header)
    for detail in list(headers[0].iter(f"{cor}entryDetail"))[2:]:
        headers[0].remove(detail)
    return root


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_ours_is_never_laxer(kind: DocumentKind, official: etree.XMLSchema) -> None:
    base = short(etree.fromstring(changed(kind, signed, *RICH)))
    assert official.validate(base), official.error_log.last_error
    assert schema().validate(base), schema().error_log.last_error
    laxer, refused = set(), 0
    for what, document in spoilt(base):
        if not schema().validate(document):
            refused += 1
        elif not official.validate(document):
            laxer.add(what)
    # ours is for documents before they are signed, too: that a signature is there is a rule
    root = f"edefter:{kind.traits.root}"
    assert laxer <= {f"without /{root}/ds:Signature", f"without /{root}/ds:SignatureValue"}
    assert refused > 500


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_the_skeletons_are_valid_in_both(kind: DocumentKind, official: etree.XMLSchema, shared_folder: Path) -> None:
    root = etree.parse(next((shared_folder / "domain" / "skeleton").glob(f"*-{kind}-*.xml"))).getroot()
    assert schema().validate(root)
    signed(root)
    text("ds:X509SerialNumber", "1")(root)
    assert official.validate(root), official.error_log.last_error
    assert schema().validate(root)
    attribute("gl-cor:amount", "unitRef", None)(root)
    assert not official.validate(root)
    assert not schema().validate(root)

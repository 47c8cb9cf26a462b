"""The official schema as an outside judge: ours gives the same verdict, or is stricter for a reason told here."""

import re
from copy import deepcopy
from pathlib import Path
from typing import Final

import pytest
from lxml import etree

from defterhane.documents.schema import schema
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from support.corpus import cases
from support.corpus_books import FULL, Entry, Month
from support.corpus_mutations import OTHERS, USUAL, CannotBe, attribute_mutations, path_of
from support.document_changes import signature_xml, signed, text

pytestmark = pytest.mark.official

_SIGNATURE: Final = f"{{{NAMESPACES['ds']}}}Signature"
_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_COR: Final = NAMESPACES["gl-cor"]


def _tag(prefix: str, name: str) -> str:
    return re.escape(f"{{{NAMESPACES[prefix]}}}{name}")


STRICTER: Final = {
    rf"Element '{_tag('gl-cor', 'account')}(Sub)?': This element is not expected": "A line has one account with at most"
    " one sub-account. GİB's own rules on them end in an error where there are two (Y091, Y095 and their like).",
    rf"Expected is .*{_tag('gl-cor', 'accountingEntries')} \)": "Contexts and units stand before the entries, and"
    " nothing but these three below xbrli:xbrl, as in every e-Defter. XBRL lets any item stand there, in any order.",
    r"attribute 'precision'": "Exactness is told by `decimals` alone, as e-Defter's rules want it (Y001). XBRL knows"
    " `precision`, too.",
    rf"Element '{_tag('gl-cor', '')}(entriesType|documentType|debitCreditCode)': \[facet 'enumeration'\]": "Of these"
    " code lists the values that e-Defter's guide has: kinds of ledgers, kinds of papers, debit or credit.",
    rf"attribute '{_tag('xlink', 'type')}': \[facet": "A link to the taxonomy is `simple`.",
    r"The element is not 'nillable'": "No element is nil: an amount that is told to be nothing is no amount.",
    r"attribute '[^']*namespace}lang'": "The frame has no attributes of other vocabularies.",
    r"Element 'HashValue'": "A digest in place of the ledger's signature: GİB refuses it.",
    rf"Expected is \( {_tag('defterek', 'binaryObject')} \)": "An extension is an attached file, as the rules know it.",
    rf"Expected is \( ##other{re.escape('{' + NAMESPACES['ds'] + '}')}": "A signature's methods have no parameters of"
    " XML Signature itself.",
    rf"Element '{_tag('xades', '')}": "Properties of a signature: XAdES-BES, counter-signatures, time stamps.",
}
"""What our schema says of a document that the official one lets pass, and why it says so."""
UNSIGNED: Final = re.compile(r"Signature(Value)? removed|HashValue|B007 fires")
"""Where alone ours lets pass what the official one does not: it is for documents before they are signed, too. That
signatures are there is told by the rules (Y005, K005, B007)."""


@pytest.fixture(scope="module")
def official(shared_folder: Path) -> etree.XMLSchema:
    folder = shared_folder / "gib-package" / "xsd"

    class Local(etree.Resolver):
        def resolve(self, url: str, _id: str, context: object) -> object:
            return self.resolve_filename(str(folder / url.rpartition("/")[2]), context) if "://" in url else None

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.parse(folder / "edefter.xsd", parser))


class Differences:
    """Holds two schemas against each other."""

    def __init__(self, official: etree.XMLSchema) -> None:
        self._official = official
        self.unexplained: list[tuple[str, str]] = []
        self.reasons: set[str] = set()
        self.laxer: list[str] = []
        self.valid = self.invalid = 0

    def compare(self, name: str, root: etree._Element) -> None:
        """Both verdicts on one document."""
        theirs, ours = self._official.validate(root), schema().validate(root)
        self.valid += theirs
        self.invalid += not theirs
        if ours and not theirs and not UNSIGNED.search(name):
            self.laxer.append(name)
        if theirs and not ours:
            said = " ".join(entry.message for entry in schema().error_log)
            reason = next((reason for pattern, reason in STRICTER.items() if re.search(pattern, said)), None)
            if reason is None:
                self.unexplained.append((name, said))
            else:
                self.reasons.add(reason)


def test_ours_and_the_official_one_agree_on_the_corpus(official: etree.XMLSchema) -> None:
    found = Differences(official)
    for case in cases():
        root = etree.fromstring(case.data)
        if root.find(_SIGNATURE) is None and not UNSIGNED.search(case.name):
            _sign(root)
        for serial in root.iter(f"{{{NAMESPACES['ds']}}}X509SerialNumber"):
            serial.text = _short(serial.text or "")
        found.compare(case.name, root)
    assert found.laxer == []
    assert found.unexplained == []
    assert found.reasons == set(STRICTER.values())
    assert found.valid > 2000
    assert found.invalid > 2000


def _sign(root: etree._Element) -> None:
    """Signatures of the right shape at the end, whatever is left of the document."""
    if root.tag.endswith("berat"):
        etree.SubElement(root, f"{{{NAMESPACES['ds']}}}SignatureValue").text = "QQ=="
    root.append(etree.fromstring(signature_xml()))


def _short(serial: str) -> str:
    """A serial number of 20 bytes is an integer that the official schema's checker cannot hold."""
    return serial[:15] if serial.isdigit() else serial


def _rich() -> etree._Element:
    """A signed journal with one entry, whose lines have all that lines have."""
    lines = (FULL[3].lines[0], FULL[5].lines[0], FULL[1].lines[2])
    month = Month((Entry("2025-03-05", lines, batch=True),), currency="TRY", attachment=True, signed=True)
    root = month.tree(DocumentKind.JOURNAL)
    text("ds:X509SerialNumber", "1234567890")(root)
    return root


@pytest.mark.parametrize("part", range(4))
def test_every_element_changed_in_every_way(part: int, official: etree.XMLSchema) -> None:
    found = Differences(official)
    base = _rich()
    assert official.validate(base), official.error_log.last_error
    assert schema().validate(base), schema().error_log.last_error
    for place, element in list(enumerate(base.iter("*")))[1 + part :: 4]:
        mutations = [(mutation.__name__, mutation) for mutation in (*USUAL, *OTHERS)]
        for what, mutation in (*mutations, *attribute_mutations(element)):
            root = deepcopy(base)
            changed = list(root.iter("*"))[place]
            try:
                mutation(changed)
            except CannotBe:
                continue
            found.compare(f"{path_of(element)} {what}", root)
    assert found.laxer == []
    assert found.unexplained == []
    assert found.invalid > 200


# The palette: which elements there are, in which order, how often, and of which type


def _declared(files: list[Path]) -> tuple[dict[str, etree._Element], dict[str, etree._Element]]:
    """The elements and the named types that schemas declare, by `{namespace}name`."""
    elements, types = {}, {}
    for file in files:
        root = etree.parse(file).getroot()
        uri = root.get("targetNamespace")
        for kind, found in (("element", elements), ("complexType", types)):
            found.update({f"{{{uri}}}{one.get('name')}": one for one in root.findall(f"{_XS}{kind}")})
    return elements, types


def _resolved(name: str, where: etree._Element) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{where.nsmap[prefix]}}}{local}"


def _children(declared: etree._Element) -> list[tuple[str, str, str]] | None:
    """What stands in an element, in its order: (name, at least, at most); None where it has text."""
    if declared.find(f".//{_XS}simpleContent") is not None:
        return None
    sequence = declared.find(f".//{_XS}sequence")
    return [
        (_resolved(one.get("ref"), one), one.get("minOccurs", "1"), one.get("maxOccurs", "1"))
        for one in (sequence if sequence is not None else ())
    ]


def _palette(elements: dict[str, etree._Element], types: dict[str, etree._Element]) -> dict[str, object]:
    """All that stands below accountingEntries and its children."""
    found: dict[str, object] = {}
    waiting = [f"{{{_COR}}}accountingEntries"]
    while waiting:
        name = waiting.pop()
        if name not in found:
            declared = elements[name]
            kind = types.get(_resolved(declared.get("type"), declared)) if declared.get("type") else declared
            found[name] = _children(kind) if kind is not None else None
            waiting += [child for child, *_ in found[name] or ()]  # type: ignore[attr-defined]
    return found


@pytest.fixture(scope="module")
def palettes(shared_folder: Path) -> tuple[dict[str, object], dict[str, object]]:
    """The official palette and ours."""
    theirs = sorted((shared_folder / "gib-package" / "xsd" / "2006-10-25").glob("**/*.xsd"))
    folder = Path(schema.__wrapped__.__code__.co_filename).parent / "xsd"
    return _palette(*_declared(theirs)), _palette(*_declared(sorted(folder.glob("*.xsd"))))


def test_the_palette_has_the_same_elements_in_the_same_order(
    palettes: tuple[dict[str, object], dict[str, object]],
) -> None:
    theirs, ours = palettes
    one_each = {f"{{{_COR}}}account", f"{{{_COR}}}accountSub"}  # STRICTER says why
    for children in theirs.values():
        if isinstance(children, list):
            children[:] = [(name, least, "1" if name in one_each else most) for name, least, most in children]
    assert len(ours) > 300
    assert ours == theirs


PROBES: Final = (
    "",
    " ",
    "x",
    "1",
    "1.5",
    "-1",
    "1e3",
    "INF",
    "true",
    "0",
    "2025-03-05",
    "2025-03-05T10:00:00",
    "2025-3-5",
    "iso4217:TRY",
    "none:TRY",
    " journal ",
    "a b",
    "http://a/b c",
    "%%",
)
ATTRIBUTES: Final = (
    {},
    {"contextRef": "c"},
    {"contextRef": "c", "unitRef": "u"},
    {"contextRef": "c", "unitRef": "u", "decimals": "INF"},
    {"contextRef": "c", "unitRef": "u", "decimals": "2"},
    {"contextRef": "c", "unitRef": "u", "decimals": "two"},
    {"contextRef": "c", "id": "i"},
    {"contextRef": "c", "id": "1"},
    {"contextRef": "c", "unknown": "1"},
    {"unitRef": "u"},
)


def test_each_kind_of_item_takes_the_same_values(
    palettes: tuple[dict[str, object], dict[str, object]], official: etree.XMLSchema, shared_folder: Path
) -> None:
    theirs, _ = palettes
    codes = {
        value.get("value")
        for file in (shared_folder / "gib-package" / "xsd" / "2006-10-25").glob("**/*.xsd")
        for value in etree.parse(file).iter(f"{_XS}enumeration")
    }
    found = Differences(official)
    for name in [name for name, children in theirs.items() if children is None]:
        for value in (*PROBES, *sorted(codes)):
            found.compare(f"{name}={value!r}", _item(name, value, ATTRIBUTES[3]))
            found.compare(f"{name}={value!r} of text", _item(name, value, ATTRIBUTES[1]))
        for attributes in ATTRIBUTES:
            for value in ("1", "2025-03-05", "iso4217:TRY", "true", "other"):
                found.compare(f"{name}={value!r} {attributes}", _item(name, value, attributes))
    assert found.laxer == []
    assert found.unexplained == []


def _item(name: str, value: str, attributes: dict[str, str]) -> etree._Element:
    element = etree.Element(name, attributes, nsmap={"iso4217": NAMESPACES["iso4217"]})
    element.text = value
    return element


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_the_skeletons_are_valid_in_both(kind: DocumentKind, official: etree.XMLSchema, shared_folder: Path) -> None:
    root = etree.parse(next((shared_folder / "domain" / "skeleton").glob(f"*-{kind}-*.xml"))).getroot()
    assert schema().validate(root)
    signed(root)
    text("ds:X509SerialNumber", "1")(root)
    assert official.validate(root), official.error_log.last_error
    assert schema().validate(root)
    for amount in root.iter(f"{{{_COR}}}amount"):
        del amount.attrib["unitRef"]
    assert not official.validate(root)
    assert not schema().validate(root)

"""Rules that all documents share: each spoilt bit breaks exactly the rules named, in every kind of document."""

from pathlib import Path

import pytest

from defterhane.edefter.kinds import DocumentKind
from support.golden_documents import (
    Change,
    after,
    at,
    attribute,
    changed,
    golden,
    inside,
    name_of,
    rules_of,
    signed,
    text,
    twice,
    verdict,
    without,
)

PHONE, EMAIL, SITE = "gl-bus:entityPhoneNumber", "gl-bus:entityEmailAddressStructure", "gl-bus:entityWebSite"
TITLE, ADDRESS = "gl-bus:organizationIdentifiers", "gl-bus:organizationAddress"
ACCOUNTANT = "gl-bus:accountantInformation"
SECOND_TITLE = f"""<{TITLE}>
<gl-bus:organizationIdentifier contextRef="{{context}}">%s</gl-bus:organizationIdentifier>
<gl-bus:organizationDescription contextRef="{{context}}">%s</gl-bus:organizationDescription></{TITLE}>"""


def organization(value: str, description: str) -> Change:
    return after(TITLE, SECOND_TITLE % (value, description))


def person(root: object) -> None:
    """The firm becomes a person."""
    text("xbrli:identifier", "10000000146")(root)
    text("gl-bus:organizationDescription", "Adı Soyadı")(root)


BRANCH = (organization("DEPO", "Şube Adı"), organization("0003", "Şube No"))
EUR = (
    attribute("xbrli:unit", "id", "TRY"),
    lambda root: [element.set("unitRef", "TRY") for element in root.iter() if element.get("unitRef") == "try"],
)

BROKEN: dict[str, tuple[str, tuple[Change, ...]]] = {
    # the frame
    "decimals": ("Y001 K001 B001", (attribute("gl-cor:amount", "decimals", "2"),)),
    "two contexts": (
        "Y016 K017 B020 Y046 K049 B078",  # the last three stop: they ask for the length of one identifier
        (twice("xbrli:context"), attribute("xbrli:context", "id", "other", 1)),
    ),
    "identifier's shape": ("Y021 K021 B024", (text("xbrli:identifier", "12345678901X"),)),
    "unknown currency": ("Y022 K022 B025", (text("xbrli:measure", "iso4217:TRL"),)),
    "currency and id": ("Y024 K024 B027", (*EUR, text("xbrli:measure", "iso4217:EUR"))),
    "two currencies": (
        "currency.units",
        (*EUR, after("xbrli:unit", '<xbrli:unit id="EUR"><xbrli:measure>iso4217:EUR</xbrli:measure></xbrli:unit>')),
    ),
    "currency of the books": (
        "Y025 K025 B028",
        (
            *EUR,
            inside(
                "gl-cor:documentInfo",
                '<gl-muc:defaultCurrency contextRef="{context}">iso4217:EUR</gl-muc:defaultCurrency>',
            ),
        ),
    ),
    "no entity": ("Y027 K027 B030", (without("gl-cor:entityInformation"),)),
    # documentInfo
    "no unique id": ("Y030 K033 B061 Y041 K044 B073", (without("gl-cor:documentInfo/gl-cor:uniqueID"),)),
    "unique id's length": (
        "Y032 K035 B064",
        (
            lambda root: at(root, "gl-cor:documentInfo/gl-cor:uniqueID").__setattr__(
                "text", at(root, "gl-cor:documentInfo/gl-cor:uniqueID").text + "0"
            ),
        ),
    ),
    "no creation date": ("Y033 K036 B065 Y037 K040 B069", (without("gl-cor:creationDate"),)),
    "created too early": ("Y037 K040 B069", (text("gl-cor:creationDate", "2025-03-30"),)),
    "no application": ("Y038 K041 B070", (without("gl-bus:sourceApplication"),)),
    "blank application": ("Y038 K041 B070", (text("gl-bus:sourceApplication", " \n "),)),
    # entityInformation
    "no phone": ("Y042 K045 B074", (without(PHONE),)),
    "no number in phone": ("Y068 K071 B100", (without("gl-bus:phoneNumber"),)),
    "blank number": ("Y068 K071 B100", (text("gl-bus:phoneNumber", "  "),)),
    "no e-mail": ("Y043 K046 B075", (without(EMAIL),)),
    "blank e-mail": ("Y069 K072 B101", (text("gl-bus:entityEmailAddress", ""),)),
    "no title": ("Y044 K047 B076 Y045 K048 B077 Y047 K050 B079", (without(TITLE),)),
    "two titles": ("Y045 K048 B077 Y047 K050 B079", (twice(TITLE),)),
    "title and name": ("Y047 K050 B079", (organization("ALİ VELİ", "Adı Soyadı"),)),
    "short title": ("Y048 K051 B080", (text("gl-bus:organizationIdentifier", " D "),)),
    "person without a name": (
        "Y046 K049 B078",
        (text("xbrli:identifier", "10000000146"),),
    ),
    "person's short name": ("Y049 K052 B081", (person, text("gl-bus:organizationIdentifier", "A"))),
    "branch without name": ("Y050 K053 B082", (organization("0003", "Şube No"),)),
    "name without branch": ("Y050 K053 B082", (organization("DEPO", "Şube Adı"),)),
    "branch twice": (
        "Y050 K053 B082 Y051 K054 B083",
        (*BRANCH, organization("0004", "Şube No")),
    ),
    "branch number": ("Y052 K055 B084", (organization("DEPO", "Şube Adı"), organization("3", "Şube No"))),
    "branch's short name": ("Y053 K056 B085", (organization("D", "Şube Adı"), organization("0003", "Şube No"))),
    "no address": ("Y054 K057 B086", (without(ADDRESS),)),
    "no building": ("Y055 K058 B087", (without("gl-bus:organizationBuildingNumber"),)),
    "no street": ("Y056 K059 B088", (without("gl-bus:organizationAddressStreet"),)),
    "no city": ("Y057 K060 B089", (without("gl-bus:organizationAddressCity"),)),
    "no postal code": ("Y058 K061 B090", (without("gl-bus:organizationAddressZipOrPostalCode"),)),
    "no country": ("Y059 K062 B091", (without("gl-bus:organizationAddressCountry"),)),
    "no web site": ("Y060 K063 B092", (without(SITE),)),
    "web site without address": ("Y070 K073 B102", (without("gl-bus:webSiteURL"),)),
    "no NACE code": ("Y061 K064 B093", (without("gl-bus:businessDescription"),)),
    "no year's start": ("Y062 K065 B094 Y064 K067 B096", (without("gl-bus:fiscalYearStart"),)),
    "no year's end": ("Y063 K066 B095 Y064 K067 B096", (without("gl-bus:fiscalYearEnd"),)),
    "year of a day": ("Y064 K067 B096", (text("gl-bus:fiscalYearEnd", "2025-01-01"),)),
    "no accountant": ("Y065 K068 B097", (without(ACCOUNTANT),)),
    "accountant without name": ("Y066 K069 B098", (without("gl-bus:accountantName"),)),
    "accountant without contract": (
        "Y067 K070 B099",
        (text("gl-bus:accountantEngagementTypeDescription", " "),),
    ),
    # lines
    "no line number": ("Y086 K085 strict.B048", (without("gl-cor:lineNumber", -1),)),
    "no main account's name": ("Y092 K090 strict.B052", (without("gl-cor:accountMainDescription"),)),
}
"""What is spoilt, and the rules that say so."""

NEAR: dict[str, tuple[Change, ...]] = {
    "a branch": BRANCH,
    "a person": (person,),
    "a unit named by its currency": EUR,
    "books that name their currency": (
        *EUR,
        inside(
            "gl-cor:documentInfo",
            '<gl-muc:defaultCurrency contextRef="{context}">iso4217:TRY</gl-muc:defaultCurrency>',
        ),
    ),
    "another unit": (
        after("xbrli:unit", '<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>'),
    ),
    "the shortest title": (text("gl-bus:organizationIdentifier", " AŞ "),),
    "created on the last day": (text("gl-cor:creationDate", "2025-03-31"),),
    "white space around an id": (
        lambda root: at(root, "gl-cor:documentInfo/gl-cor:uniqueID").__setattr__(
            "text", f"\n {at(root, 'gl-cor:documentInfo/gl-cor:uniqueID').text} "
        ),
    ),
}

SIGNATURE: dict[str, tuple[str, tuple[Change, ...]]] = {
    "no transforms": ("Y006 K007 B010", (without("ds:Transforms"),)),
    "no key": ("Y007 K008 B011", (without("ds:KeyInfo"),)),
    "no certificate data": ("Y008 K009 B012", (without("ds:X509Data"),)),
    "no properties": ("Y009 K010 B013", (without("ds:Object"),)),
    "no signing time": ("Y010 K011 B014", (without("xades:SigningTime"),)),
    "no signing certificate": ("Y011 K012 B015", (without("xades:SigningCertificate"),)),
    "no reference to the document": ("Y012 K013 B016", (attribute("ds:Reference[@Id]", "URI", "#x"),)),
    "two references to the document": ("Y012 K013 B016", (attribute("ds:Reference", "URI", ""),)),
    "SHA-1": (
        "Y013 K014 B017",
        (attribute("ds:SignatureMethod", "Algorithm", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),),
    ),
    "no certificate": ("Y014 K015 B018", (without("ds:X509Certificate"),)),
    "blank subject": ("Y015 K016 B019", (text("ds:X509SubjectName", "\n "),)),
}

KINDS = list(DocumentKind)
_LETTERS = {
    DocumentKind.JOURNAL: "Y",
    DocumentKind.LEDGER: "K",
    DocumentKind.JOURNAL_BERAT: "B",
    DocumentKind.LEDGER_BERAT: "B",
    DocumentKind.REPORT: "B",
}


def expected(ids: str, kind: DocumentKind) -> set[str]:
    """Those of a kind: by the letter of GİB's, and those of ours; the report has the berat's as its own."""
    found = set()
    for rule in ids.split():
        official = rule.removeprefix("strict.")
        if "." in official:
            found.add(rule)
        elif official.startswith(_LETTERS[kind]):
            found.add(f"report.{official}" if kind is DocumentKind.REPORT else rule)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_golden_documents_are_valid(kind: DocumentKind, tmp_path: Path) -> None:
    found = verdict(golden(kind), tmp_path, name_of(kind))
    assert [finding.rule for finding in found.findings] == []
    assert (found.kind, found.valid, found.signed) == (kind, True, False)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_named(case: str, kind: DocumentKind, tmp_path: Path) -> None:
    ids, changes = BROKEN[case]
    assert rules_of(verdict(changed(kind, *changes), tmp_path)) == expected(ids, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", NEAR)
def test_what_is_just_right_is_left_in_peace(case: str, kind: DocumentKind, tmp_path: Path) -> None:
    found = verdict(changed(kind, *NEAR[case]), tmp_path)
    assert rules_of(found, without_schema=False) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_signed_document_is_valid(kind: DocumentKind, tmp_path: Path) -> None:
    found = verdict(changed(kind, signed), tmp_path, name_of(kind))
    assert (found.valid, found.signed, rules_of(found, without_schema=False)) == (True, True, set())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", SIGNATURE)
def test_a_broken_signature_is_named(case: str, kind: DocumentKind, tmp_path: Path) -> None:
    ids, changes = SIGNATURE[case]
    assert rules_of(verdict(changed(kind, signed, *changes), tmp_path)) == expected(ids, kind)


@pytest.mark.parametrize(("kind", "rule"), [(DocumentKind.JOURNAL, "Y005"), (DocumentKind.LEDGER, "K005")])
def test_a_hash_value_is_no_signature(kind: DocumentKind, rule: str, tmp_path: Path) -> None:
    found = verdict(changed(kind, inside(".", "<HashValue>x</HashValue>")), tmp_path)
    assert rules_of(found) == {rule}
    assert not found.signed

"""The body's digest against an outside canonicaliser (libxml2's C14N 1.0)."""

import hashlib
import random

import pytest
from lxml import etree

from defterhane.documents.canonical import DECLARATION, BodyDigest
from defterhane.edefter.kinds import DocumentKind
from support.golden_documents import changed, clark, golden, inside, signature_xml, signed, without

KINDS = list(DocumentKind)


def digest(data: bytes, *, signed: bool = False, step: int = 1 << 16) -> str | None:
    body = BodyDigest()
    for start in range(0, len(data), step):
        body.feed(data[start : start + step])
    return body.hexdigest(signed=signed)


def outside(data: bytes) -> str:
    """SHA-256 of the canonical form without the root's signature."""
    root = etree.fromstring(data)
    for signature in root.findall(clark("ds:Signature")):
        previous = signature.getprevious()
        if signature.tail:
            previous.tail = (previous.tail or "") + signature.tail
        root.remove(signature)
    return hashlib.sha256(etree.tostring(root.getroottree(), method="c14n", with_comments=False)).hexdigest()


@pytest.mark.parametrize("step", [1, 7, 1000, 1 << 16])
@pytest.mark.parametrize("kind", KINDS)
def test_an_unsigned_document(kind: DocumentKind, step: int) -> None:
    data = golden(kind)
    assert digest(data, step=step) == outside(data) == hashlib.sha256(data.removeprefix(DECLARATION)).hexdigest()


@pytest.mark.parametrize("step", [1, 7, 1000, 1 << 16])
@pytest.mark.parametrize("kind", KINDS)
def test_a_signed_document(kind: DocumentKind, step: int) -> None:
    data = changed(kind, signed)
    assert digest(data, signed=True, step=step) == outside(data)


def test_the_signature_does_not_count() -> None:
    """A journal before and after signing has the same body, also when another signature lies inside the first."""
    plain = golden(DocumentKind.JOURNAL)
    end = plain.rindex(b"</edefter:defter>")
    nested = signature_xml().replace("</ds:Object>", f"{signature_xml()}</ds:Object>")
    data = plain[:end] + nested.encode() + plain[end:]
    assert digest(data, signed=True) == digest(plain)


def test_signed_is_what_the_reader_has_seen() -> None:
    assert digest(golden(DocumentKind.JOURNAL), signed=True) is None
    assert digest(changed(DocumentKind.JOURNAL, signed), signed=False) is None


def test_two_signatures_are_not_believed() -> None:
    data = changed(DocumentKind.JOURNAL, signed, signed)
    assert digest(data, signed=True) is None


def test_a_signature_in_another_place_is_part_of_the_body() -> None:
    """Only the root's own child is left away."""
    data = changed(DocumentKind.JOURNAL, inside("gl-cor:accountingEntries", signature_xml()))
    assert digest(data, signed=False) is None
    assert digest(data, signed=True) is None


NOT_CANONICAL = {
    "CRLF": (b"\n", b"\r\n"),
    "an empty-element tag": (b"></link:schemaRef>", b"/>"),
    "a comment": (b"<xbrli:xbrl>", b"<xbrli:xbrl><!-- here -->"),
    "CDATA": (b"Kuma\xc5\x9f al\xc4\xb1\xc5\x9f\xc4\xb1", b"<![CDATA[Alis]]>"),
    "a PI": (b"<xbrli:xbrl>", b"<xbrli:xbrl><?x y?>"),
    "single quotes": (b'unitRef="try"', b"unitRef='try'"),
    "attributes out of order": (b'decimals="INF" unitRef="try"', b'unitRef="try" decimals="INF"'),
    "two spaces": (b'decimals="INF" unitRef', b'decimals="INF"  unitRef'),
    "a space in an end tag": (b"</gl-cor:amount>", b"</gl-cor:amount >"),
    "a character reference": (b"KUMA", b"&#75;UMA"),
    "a quote's escape in a text": (b"KUMA", b"&quot;UMA"),
    "a bare > in a text": (b"DENEME SOKAK", b"DENEME > SOKAK"),
    "a namespace again": (b"<gl-cor:amount ", b'<gl-cor:amount xmlns:ds="http://www.w3.org/2000/09/xmldsig#" '),
    "namespaces out of order": (b'xmlns:defterek="http://www.edefter.gov.tr/ek" ', b""),
    "another declaration": (b'encoding="UTF-8"', b'encoding="utf-8"'),
    "no declaration": (DECLARATION, b""),
    "a byte order mark": (DECLARATION, b"\xef\xbb\xbf" + DECLARATION),
    "a line after the root": (b"</edefter:defter>", b"</edefter:defter>\n"),
    "a line before the root": (b"<edefter:defter ", b"\n<edefter:defter "),
    "a tab in an attribute": (b'scheme="http', b'scheme="\thttp'),
}


@pytest.mark.parametrize("case", NOT_CANONICAL)
def test_what_is_not_canonical_has_no_digest(case: str) -> None:
    old, new = NOT_CANONICAL[case]
    data = golden(DocumentKind.JOURNAL)
    assert old in data
    spoilt = data.replace(old, new, 1)
    if case == "namespaces out of order":
        spoilt = spoilt.replace(b" xmlns:ds=", b' xmlns:zz="http://www.edefter.gov.tr/ek" xmlns:ds=', 1)
    assert digest(spoilt) is None


def test_what_is_left_out_of_the_root_is_no_matter() -> None:
    data = changed(DocumentKind.LEDGER, without("gl-cor:entityInformation"))
    assert digest(data) == outside(data)


def test_a_digest_is_never_wrong() -> None:
    """Bytes spoilt at random: where they still are XML, the digest is the canonicaliser's, or there is none."""
    chance = random.Random(20250331)
    pieces = [
        b" ",
        b"\n",
        b"\r",
        b">",
        b"<",
        b"&amp;",
        b"&",
        b'"',
        b"'",
        b"/",
        b"<!--x-->",
        b"<?p?>",
        b"\t",
        b"=",
        b"a",
    ]
    told = 0
    for _ in range(1500):
        data = bytearray(
            changed(DocumentKind.JOURNAL, signed) if chance.random() < 0.3 else golden(DocumentKind.JOURNAL)
        )
        is_signed = b"<ds:Signature " in data
        at = chance.randrange(len(data))
        data[at : at + chance.randrange(3)] = chance.choice(pieces)
        try:
            expected = outside(bytes(data))
        except etree.XMLSyntaxError:
            continue
        except etree.C14NError:
            expected = None
        found = digest(bytes(data), signed=is_signed, step=997)
        assert found in (None, expected)
        told += found is not None
    assert told > 100

"""The SignedInfo of web-service messages: canonical, and of nothing but parts of a message."""

import base64

import pytest
from lxml import etree

from defterhane.xades import SignatureAlgorithm, wsse_signed_info
from defterhane.xades.errors import BadReferences

DIGEST = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize("algorithm", SignatureAlgorithm)
def test_it_is_its_own_exclusive_canonical_form(algorithm) -> None:
    info = wsse_signed_info([("TS-1", DIGEST), ("id_2.b", DIGEST)], algorithm)
    element = etree.fromstring(info)
    assert etree.tostring(element, method="c14n", exclusive=True) == info
    outer = etree.fromstring(b'<a xmlns="urn:a" xmlns:x="urn:x"><ds:Signature xmlns:ds="urn:ds"></ds:Signature></a>')
    outer[0].append(element)
    assert etree.tostring(outer[0][0], method="c14n", exclusive=True) == info
    assert [reference.get("URI") for reference in element.iter("{*}Reference")] == ["#TS-1", "#id_2.b"]
    assert element.find("{*}SignatureMethod").get("Algorithm") == algorithm.value


@pytest.mark.parametrize(
    "references",
    [
        [],
        [(f"a{number}", DIGEST) for number in range(9)],
        [("a", DIGEST), ("a", DIGEST)],
        [("", DIGEST)],
        [("1a", DIGEST)],
        [("a b", DIGEST)],
        [("a:b", DIGEST)],
        [('a"/><x', DIGEST)],
        [("a\n", DIGEST)],
        [("a" * 201, DIGEST)],
        [("ü", DIGEST)],
        [("a", "")],
        [("a", "QUJD")],
        [("a", DIGEST + "\n")],
        [("a", DIGEST.replace("A", "?"))],
        [("a", base64.b64encode(bytes(48)).decode())],
        [("a", DIGEST[:-2] + "9=")],
    ],
)
def test_anything_else_is_refused(references) -> None:
    with pytest.raises(BadReferences):
        wsse_signed_info(references, SignatureAlgorithm.RSA_SHA256)

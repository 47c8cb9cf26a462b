"""Attacks on signed documents, each named after what it tries. Every one must fail, read as a tree or streamed."""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA1
from lxml import etree

from defterhane.xades import SignatureIds, countersign, evidence, verify_file
from support.signing import ID, NOW, canonical_document, gib, seal, signed_document, software_key, trusted

DS = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
BODY = b"<xbrli:xbrl>"


def _signature(data: bytes) -> bytes:
    return data[data.index(b"<ds:Signature ") : data.rindex(b"</edefter:")]


def _evil(data: bytes) -> bytes:
    return data.replace(b"12.50", b"99999.50")


def wrap_whole_document(data: bytes) -> bytes:
    """The signed document hides inside a new one; the signature still finds it by its Id."""
    body = data[data.index(b"<edefter:defter") :]
    evil = _evil(canonical_document())
    return evil.replace(BODY, b"<extensions><extension>" + body + b"</extension></extensions>" + BODY)


def wrap_and_keep_the_signature_last(data: bytes) -> bytes:
    """As before, with the signature moved to where it is expected."""
    original = canonical_document()[len(b'<?xml version="1.0" encoding="UTF-8"?>\n') :]
    original = original[original.index(b"<edefter:defter") :]
    evil = _evil(canonical_document()).replace(BODY, b"<e>" + original + b"</e>" + BODY)
    return evil.replace(b"</edefter:defter>", _signature(data) + b"</edefter:defter>").replace(
        _signature(data) + b"</edefter:defter></e>", b"</edefter:defter></e>", 1
    )


def second_signature_first(data: bytes) -> bytes:
    """Two signatures: one for the eye, one for the check."""
    return data.replace(BODY, _signature(data) + BODY)


def second_signature_after(data: bytes) -> bytes:
    """A second signature behind the first."""
    return data.replace(b"</edefter:defter>", _signature(data) + b"</edefter:defter>")


def signature_not_last(data: bytes) -> bytes:
    """Something is added behind the signature."""
    return data.replace(b"</edefter:defter>", b"<xbrli:xbrl></xbrli:xbrl></edefter:defter>")


def signature_inside(data: bytes) -> bytes:
    """The signature moves into an inner element."""
    signature = _signature(data)
    return data.replace(signature, b"<xbrli:x>" + signature + b"</xbrli:x>")


def signed_properties_twice(data: bytes) -> bytes:
    """A second element with the Id of the signed properties, with another time."""
    start, end = data.index(b"<xades:SignedProperties"), data.index(b"</xades:SignedProperties>")
    copy = data[start : end + len(b"</xades:SignedProperties>")]
    return data.replace(copy, copy.replace(b"T12:30", b"T08:00")).replace(BODY, BODY + copy)


def same_id_elsewhere(data: bytes) -> bytes:
    """An Id of the signature stands on something else too."""
    return data.replace(b'<xbrli:unit id="try">', f'<xbrli:unit id="SignedProperties-{ID}">'.encode())


def object_added(data: bytes) -> bytes:
    """A second ds:Object, which nothing covers."""
    return data.replace(b"</ds:Object>", b"</ds:Object><ds:Object>money</ds:Object>")


def object_filled(data: bytes) -> bytes:
    """Something beside the qualifying properties in the ds:Object."""
    return data.replace(b"</ds:Object>", b"<xbrli:x></xbrli:x></ds:Object>")


def unsigned_property_added(data: bytes) -> bytes:
    """An unsigned property of nobody's namespace."""
    return data.replace(
        b"</xades:QualifyingProperties>",
        b"<xades:UnsignedProperties><xades:UnsignedSignatureProperties><a></a></xades:UnsignedSignatureProperties>"
        b"</xades:UnsignedProperties></xades:QualifyingProperties>",
    )


def comment_in_digest(data: bytes) -> bytes:
    """A comment hides a part of a text from a careless reader."""
    return data.replace(b"</ds:DigestValue>", b"<!-- -->AAAA</ds:DigestValue>")


def signature_in_another_namespace(data: bytes) -> bytes:
    """The prefix ds means something else."""
    return data.replace(DS.encode() + b'" ', b'urn:not-xmldsig" ', 1)


def certificate_swapped(data: bytes) -> bytes:
    """The certificate of another signer is shown."""
    mine, other = (seal(name).certificate.public_bytes(_der()) for name in ("rsa", "ec"))
    start, end = data.index(b"<ds:X509Certificate>") + 20, data.index(b"</ds:X509Certificate>")
    assert base64.b64decode(data[start:end]) == mine
    return data[:start] + base64.b64encode(other) + data[end:]


def two_certificates(data: bytes) -> bytes:
    """Which of them has signed?"""
    start, end = data.index(b"<ds:X509Certificate>"), data.index(b"<ds:X509SubjectName>")
    return data[:end] + data[start:end] + data[end:]


def _der():
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    return Encoding.DER


ATTACKS: list[Callable[[bytes], bytes]] = [
    wrap_whole_document,
    wrap_and_keep_the_signature_last,
    second_signature_first,
    second_signature_after,
    signature_not_last,
    signature_inside,
    signed_properties_twice,
    same_id_elsewhere,
    object_added,
    object_filled,
    unsigned_property_added,
    comment_in_digest,
    signature_in_another_namespace,
    certificate_swapped,
    two_certificates,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
@pytest.mark.parametrize("streamed", [False, True], ids=["tree", "streamed"])
def test_attack_on_the_structure(tmp_path: Path, monkeypatch, attack, streamed) -> None:
    path, _ = signed_document(tmp_path)
    changed = attack(path.read_bytes())
    assert changed != path.read_bytes()
    etree.fromstring(changed)
    path.write_bytes(changed)
    if streamed:
        monkeypatch.setattr(evidence, "SMALL", 10)
    found = verify_file(path, roots=trusted())
    assert not found.ok


def resign(data: bytes, change: Callable[[etree._Element], None], *, sha1: bool = False) -> bytes:
    """A crook with a key of his own changes SignedInfo and signs again: the maths holds, the profile does not."""
    root = etree.fromstring(data)
    signature = root[-1]
    info, value = signature[0], signature[1]
    change(info)
    canonical = etree.tostring(info, method="c14n")
    key = seal("rsa").key
    made = key.sign(canonical, padding.PKCS1v15(), SHA1()) if sha1 else software_key(seal("rsa")).sign(canonical)
    value.text = base64.b64encode(made).decode()
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)


def _set(path: str, attribute: str, value: str) -> Callable[[etree._Element], None]:
    def change(info: etree._Element) -> None:
        info.xpath(path, namespaces={"ds": DS})[0].set(attribute, value)

    return change


def add_transform(info: etree._Element) -> None:
    transforms = info.find(f".//{{{DS}}}Transforms")
    transform = etree.SubElement(
        transforms, f"{{{DS}}}Transform", Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"
    )
    etree.SubElement(transform, f"{{{DS}}}XPath").text = "not(ancestor-or-self::amount)"


def drop_document_reference(info: etree._Element) -> None:
    info.remove(info[-1])


def third_reference(info: etree._Element) -> None:
    info.append(etree.fromstring(etree.tostring(info[-1])))


def twice_the_properties(info: etree._Element) -> None:
    info.replace(info[-1], etree.fromstring(etree.tostring(info[-2])))


def truncated_hmac(info: etree._Element) -> None:
    method = info.find(f"{{{DS}}}SignatureMethod")
    etree.SubElement(method, f"{{{DS}}}HMACOutputLength").text = "8"


def sha1_digest(info: etree._Element) -> None:
    reference = info[-1]
    reference.find(f"{{{DS}}}DigestMethod").set("Algorithm", f"{DS}sha1")
    root = etree.fromstring(canonical_document())
    digest = hashlib.sha1(etree.tostring(root.getroottree(), method="c14n")).digest()
    reference.find(f"{{{DS}}}DigestValue").text = base64.b64encode(digest).decode()


@pytest.mark.parametrize(
    "change",
    [
        add_transform,
        drop_document_reference,
        third_reference,
        twice_the_properties,
        truncated_hmac,
        sha1_digest,
        _set("ds:Reference[2]", "URI", "#try"),
        _set("ds:Reference[2]", "URI", "file:///etc/passwd"),
        _set("ds:Reference[2]", "URI", "http://attacker.invalid/x"),
        _set("ds:Reference[2]", "URI", "#xpointer(/)"),
        _set("ds:Reference[2]", "Type", "http://www.w3.org/2000/09/xmldsig#Manifest"),
        _set("ds:Reference[1]", "Type", ""),
        _set(".//ds:Transform", "Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
        _set(".//ds:Transform", "Algorithm", f"{DS}base64"),
        _set(".//ds:Transform", "Algorithm", C14N),
        _set("ds:CanonicalizationMethod", "Algorithm", f"{C14N}#WithComments"),
        _set("ds:CanonicalizationMethod", "Algorithm", "http://www.w3.org/2001/10/xml-exc-c14n#"),
        _set("ds:SignatureMethod", "Algorithm", f"{DS}hmac-sha1"),
        _set("ds:SignatureMethod", "Algorithm", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"),
        _set("ds:SignatureMethod", "Algorithm", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"),
    ],
)
def test_attack_on_signed_info(tmp_path: Path, monkeypatch, change) -> None:
    path, _ = signed_document(tmp_path)
    honest = resign(path.read_bytes(), lambda info: None)
    path.write_bytes(honest)
    assert verify_file(path, roots=trusted()).ok  # so it is the change that is refused
    path.write_bytes(resign(honest, change))
    found = verify_file(path, roots=trusted())
    assert [check.name for check in found.checks if not check.ok] in (["structure"], ["signature_value"])


def test_sha1_signature(tmp_path: Path) -> None:
    path, _ = signed_document(tmp_path)
    change = _set("ds:SignatureMethod", "Algorithm", f"{DS}rsa-sha1")
    path.write_bytes(resign(path.read_bytes(), change, sha1=True))
    found = verify_file(path, roots=trusted())
    assert [check.name for check in found.checks if not check.ok] == ["structure"]


def test_counter_signature_over_something_else(tmp_path: Path) -> None:
    """A true counter-signature of GİB's, moved so that it covers a bare value instead of the taxpayer's."""
    path, _ = signed_document(tmp_path, "berat")
    ids = SignatureIds("S", "V", "R", "P")
    approved = countersign(path, software_key(gib()), signing_time=NOW, ids=ids)
    moved = approved.replace(b"<ds:SignatureValue>", f'<ds:SignatureValue Id="SignatureValue-{ID}">'.encode(), 1)
    assert moved != approved
    path.write_bytes(moved)
    assert not verify_file(path, roots=trusted()).ok


def test_counter_signature_outside_the_signature(tmp_path: Path) -> None:
    path, _ = signed_document(tmp_path, "berat")
    approved = countersign(path, software_key(gib()), signing_time=NOW, ids=SignatureIds("S", "V", "R", "P"))
    start, end = approved.index(b'<ds:Signature Id="S">'), approved.index(b"</xades:CounterSignature>")
    counter = approved[start:end]
    path.write_bytes(approved.replace(counter, b"").replace(b"</xbrli:xbrl>", counter + b"</xbrli:xbrl>"))
    assert not verify_file(path, roots=trusted()).ok

"""WS-Security: what we sign is believed; what somebody has changed is not."""

import base64
import copy
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from shutil import which
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from defterhane.soap import tokens, wsse
from defterhane.soap.envelope import parse
from defterhane.soap.errors import BadEnvelope, BadSecurity
from defterhane.soap.names import SERVICE, SOAP, WSSE, WSU, TokenType, qname
from defterhane.xades.names import DS
from sandbox.ca import Authority
from support.gib_wire import NOW, VKN, authority, seal, sign, signed_info, signed_message, status_request

ID = qname(WSU, "Id")


def verify(message: bytes, **changed: object):  # type: ignore[no-untyped-def]
    given = {"now": NOW, "roots": [authority().root.certificate], **changed}
    return wsse.verify(message, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("algorithm", ["rsa", "ec"])
@pytest.mark.parametrize("token", list(TokenType))
def test_a_signed_message_is_believed(algorithm: str, token: TokenType) -> None:
    holder = seal(algorithm)
    message = signed_message(status_request(), holder, token=token)
    roots = [authority().root.certificate, authority().issuer.certificate]  # X509v3 brings no issuers
    assert verify(message, roots=roots) == holder.certificate


def test_the_header_is_as_documented() -> None:
    root = etree.fromstring(signed_message(status_request(), seal()))
    header, body = root
    assert (header.tag, body.tag) == (qname(SOAP, "Header"), qname(SOAP, "Body"))
    (security,) = header
    assert security.get(qname(SOAP, "mustUnderstand")) == "true"
    timestamp, token, signature = security
    created, expires = timestamp
    assert (created.text, expires.text) == ("2025-05-10T09:00:00.000Z", "2025-05-10T09:05:00.000Z")
    assert token.tag == qname(WSSE, "BinarySecurityToken")
    assert token.get("ValueType").endswith("x509-token-profile-1.0#X509PKIPathv1")
    assert token.get("EncodingType").endswith("soap-message-security-1.0#Base64Binary")
    covered = [item.get("URI") for item in signature.iter(qname(DS, "Reference"))]
    assert covered == ["#" + timestamp.get(ID), "#" + body.get(ID)]
    (direct,) = signature.iter(qname(WSSE, "Reference"))
    assert direct.get("URI") == "#" + token.get(ID)
    assert direct.get("ValueType") == token.get("ValueType")
    assert body[0].tag == qname(SERVICE, "getBatchStatus")
    assert body[0][0].tag == "paketID"


def test_a_path_runs_from_the_issuer_most_certificate_to_the_signer() -> None:
    holder = seal()
    data = tokens.encode(TokenType.PKI_PATH, (holder.certificate, *holder.chain))
    listed = subprocess.run(["openssl", "asn1parse", "-inform", "DER"], input=data, capture_output=True, check=True)
    top = [line for line in listed.stdout.decode().splitlines() if ":d=1 " in line]
    assert len(top) == 3
    assert tokens.decode(TokenType.PKI_PATH, data) == [holder.certificate, *holder.chain]
    first = authority().root.certificate.subject.public_bytes()
    last = holder.certificate.subject.public_bytes()
    assert data.index(first) < data.index(last)


@pytest.mark.xmlsec1
@pytest.mark.parametrize("algorithm", ["rsa", "ec"])
def test_an_outside_judge_agrees(algorithm: str, tmp_path: Path) -> None:
    if which("xmlsec1") is None:
        pytest.skip("xmlsec1 is not installed")
    file, key = tmp_path / "message.xml", tmp_path / "key.pem"
    file.write_bytes(signed_message(status_request(), seal(algorithm)))
    key.write_bytes(seal(algorithm).certificate.public_bytes(Encoding.PEM))
    done = subprocess.run(
        [
            "xmlsec1", "--verify", "--pubkey-cert-pem", str(key),
            "--id-attr:Id", f"{WSU}:Timestamp", "--id-attr:Id", f"{SOAP}:Body", str(file),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_nothing_that_is_attached_lies_inside_what_is_signed() -> None:
    prepared = wsse.prepare(status_request(), now=NOW, message_id=UUID(int=1))
    signed = signed_message(status_request(), seal(), message_id=UUID(int=1))
    assert wsse.references(prepared) == wsse.references(signed)
    assert wsse.expires(prepared) == NOW + timedelta(minutes=5)


def test_a_signature_over_something_else_is_not_attached() -> None:
    prepared = wsse.prepare(status_request(), now=NOW, message_id=UUID(int=1))
    other = wsse.prepare(status_request("1234567808-202502-YB-000000"), now=NOW, message_id=UUID(int=1))
    info = signed_info(wsse.references(other), "rsa")
    with pytest.raises(BadSecurity):
        attach(prepared, info, sign(info, seal()))


def test_a_signature_of_another_key_is_not_attached() -> None:
    prepared = wsse.prepare(status_request(), now=NOW, message_id=UUID(int=1))
    info = signed_info(wsse.references(prepared), "rsa")
    with pytest.raises(BadSecurity):
        attach(prepared, info, sign(info, seal(tax_id="6090408038")))


def test_a_signed_info_that_is_not_canonical_is_not_attached() -> None:
    prepared = wsse.prepare(status_request(), now=NOW, message_id=UUID(int=1))
    info = signed_info(wsse.references(prepared), "rsa").replace(b"<ds:Reference ", b"<ds:Reference  ", 1)
    with pytest.raises(BadSecurity):
        attach(prepared, info, sign(info, seal()))


def attach(prepared: bytes, info: bytes, value: bytes) -> bytes:
    certificates = (seal().certificate, *seal().chain)
    return wsse.attach(
        prepared, signed_info=info, signature_value=value, certificates=certificates, token=TokenType.PKI_PATH
    )


@pytest.mark.parametrize("late", [timedelta(minutes=5), timedelta(days=1), timedelta(minutes=-2)])
def test_a_message_is_believed_for_five_minutes(late: timedelta) -> None:
    message = signed_message(status_request(), seal())
    verify(message, now=NOW + timedelta(minutes=4, seconds=59))
    with pytest.raises(BadSecurity, match="not now"):
        verify(message, now=NOW + late)


def test_a_stranger_s_seal_is_refused() -> None:
    stranger = Authority.create(NOW).issue_seal(VKN, "BAŞKASI", now=NOW)
    with pytest.raises(BadSecurity, match="trusted root"):
        verify(signed_message(status_request(), stranger))


def test_a_seal_that_issues_seals_is_refused() -> None:
    """The taxpayer's own certificate is no certificate authority, whatever it signs."""
    fake = Authority(seal(), seal()).issue_seal("6090408038", "SAHTE", now=NOW)
    chained = type(fake)(fake.key, fake.certificate, (seal().certificate, *seal().chain))
    with pytest.raises(BadSecurity, match="trusted root"):
        verify(signed_message(status_request(), chained))


def test_an_expired_seal_is_refused() -> None:
    later = NOW + timedelta(days=4 * 365)
    with pytest.raises(BadSecurity, match="trusted root"):
        verify(signed_message(status_request(), seal(), now=later), now=later)


Change = Callable[[etree._Element], None]


def body_changed(root: etree._Element) -> None:
    root.find(".//paketID").text = "6090408038-202501-YB-000000"


def timestamp_stretched(root: etree._Element) -> None:
    root.find(".//" + qname(WSU, "Expires")).text = "2025-05-10T09:04:00.000Z"


def body_wrapped(root: etree._Element) -> None:
    """The classic: the signed Body is moved aside, another stands in its place."""
    body = root[-1]
    aside = etree.SubElement(root[0], "Aside")
    aside.append(copy.deepcopy(body))
    body.set(ID, "another")
    body_changed(root)


def body_wrapped_same_id(root: etree._Element) -> None:
    aside = etree.SubElement(root[0], "Aside")
    aside.append(copy.deepcopy(root[-1]))
    body_changed(root)


def plain_id_twin(root: etree._Element) -> None:
    twin = etree.SubElement(root[0], "Aside")
    twin.set("Id", root[-1].get(ID))


def two_bodies(root: etree._Element) -> None:
    root.append(copy.deepcopy(root[-1]))


def two_security_headers(root: etree._Element) -> None:
    root[0].append(copy.deepcopy(root[0][0]))


def timestamp_elsewhere(root: etree._Element) -> None:
    security = root[0][0]
    fresh = copy.deepcopy(security[0])
    fresh.set(ID, "fresh")
    aside = etree.SubElement(root[0], "Aside")
    aside.append(security[0])
    security.insert(0, fresh)


def body_unsigned(root: etree._Element) -> None:
    references = list(root.iter(qname(DS, "Reference")))
    references[1].getparent().remove(references[1])


def body_signed_twice(root: etree._Element) -> None:
    references = list(root.iter(qname(DS, "Reference")))
    references[1].addnext(copy.deepcopy(references[1]))


def no_signature(root: etree._Element) -> None:
    root[0][0].remove(root[0][0][2])


def signature_cut(root: etree._Element) -> None:
    value = root.find(".//" + qname(DS, "SignatureValue"))
    value.text = value.text[4:]


def signature_not_base64(root: etree._Element) -> None:
    root.find(".//" + qname(DS, "SignatureValue")).text = "…"


def other_transform(root: etree._Element) -> None:
    root.find(".//" + qname(DS, "Transform")).set("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")


def weaker_digest(root: etree._Element) -> None:
    root.find(".//" + qname(DS, "DigestMethod")).set("Algorithm", "http://www.w3.org/2000/09/xmldsig#sha1")


def weaker_signature(root: etree._Element) -> None:
    method = root.find(".//" + qname(DS, "SignatureMethod"))
    method.set("Algorithm", "http://www.w3.org/2000/09/xmldsig#hmac-sha1")


def other_token(root: etree._Element) -> None:
    other = seal(tax_id="6090408038")
    data = tokens.encode(TokenType.PKI_PATH, (other.certificate, *other.chain))
    root.find(".//" + qname(WSSE, "BinarySecurityToken")).text = base64.b64encode(data).decode()


def broken_token(root: etree._Element) -> None:
    token = root.find(".//" + qname(WSSE, "BinarySecurityToken"))
    token.text = token.text[:400]


def key_named_elsewhere(root: etree._Element) -> None:
    root.find(".//" + qname(WSSE, "Reference")).set("URI", "http://example.invalid/key")


def reference_outside(root: etree._Element) -> None:
    root.find(".//" + qname(DS, "Reference")).set("URI", "http://example.invalid/body")


def need_not_be_understood(root: etree._Element) -> None:
    del root[0][0].attrib[qname(SOAP, "mustUnderstand")]


def payload_beside(root: etree._Element) -> None:
    etree.SubElement(root[-1], qname(SERVICE, "sendDocumentFile"))


@pytest.mark.parametrize(
    "change",
    [
        body_changed, timestamp_stretched, body_wrapped, body_wrapped_same_id, plain_id_twin, two_security_headers,
        timestamp_elsewhere, body_unsigned, body_signed_twice, no_signature, signature_cut, signature_not_base64,
        other_transform, weaker_digest, weaker_signature, other_token, broken_token, key_named_elsewhere,
        reference_outside, need_not_be_understood, payload_beside,
    ],
    ids=lambda change: change.__name__,
)  # fmt: skip
@pytest.mark.parametrize("algorithm", ["rsa", "ec"])
def test_what_has_been_changed_is_refused(change: Change, algorithm: str) -> None:
    root = etree.fromstring(signed_message(status_request(), seal(algorithm)))
    change(root)
    with pytest.raises(BadSecurity):
        verify(etree.tostring(root))


def test_two_bodies_are_no_envelope() -> None:
    root = etree.fromstring(signed_message(status_request(), seal()))
    two_bodies(root)
    with pytest.raises(BadEnvelope):
        verify(etree.tostring(root))


def test_a_comment_cannot_hide_text() -> None:
    message = signed_message(status_request(), seal()).replace(b"-202501-", b"-2025<!-- -->01-")
    with pytest.raises(BadEnvelope):
        verify(message)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"not xml", b"<a/>", b"\xff\xfe\x00",
        f'<e:Envelope xmlns:e="{SOAP}"/>'.encode(),
        b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>',
        f'<!DOCTYPE e:Envelope [<!ENTITY x "y">]><e:Envelope xmlns:e="{SOAP}"><e:Body/></e:Envelope>'.encode(),
        f'<!DOCTYPE e:Envelope SYSTEM "/etc/passwd"><e:Envelope xmlns:e="{SOAP}"><e:Body/></e:Envelope>'.encode(),
        f'<e:Envelope xmlns:e="{SOAP}"><e:Body>{"<a>" * 100}{"</a>" * 100}</e:Body></e:Envelope>'.encode(),
        f'<e:Envelope xmlns:e="{SOAP}"><e:Body>{"<a/>" * 5000}</e:Body></e:Envelope>'.encode(),
        f'<e:Envelope xmlns:e="{SOAP}"><e:Body>{" " * 2000}</e:Body></e:Envelope>'.encode() + b" " * 200_000,
        f'<?a b?><e:Envelope xmlns:e="{SOAP}"><e:Body/></e:Envelope>'.encode(),
    ],
)  # fmt: skip
def test_what_is_no_bounded_envelope_is_refused(data: bytes) -> None:
    with pytest.raises(BadEnvelope):
        parse(data, limit=100_000)

"""WS-Security of the service's messages: the Timestamp and the Body, signed with the fiscal seal.

A message is signed in two steps, because the key may lie beside another machine: `prepare` the envelope and
send its `references` to the signer; `attach` what comes back. What is signed is settled by `prepare`: nothing
that `attach` adds lies inside it. `verify` is the other side: what a service believes before it reads on.
"""

import base64
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography import x509
from cryptography.x509.verification import VerificationError
from lxml import etree

from defterhane.soap import tokens
from defterhane.soap.envelope import body, find, parse
from defterhane.soap.errors import BadSecurity, UntrustedSigner
from defterhane.soap.names import BASE64_BINARY, SOAP, WSSE, WSU, TokenType, qname
from defterhane.xades.algorithms import algorithm_of, holds
from defterhane.xades.chain import broken_chain
from defterhane.xades.errors import KeyUnusable
from defterhane.xades.names import DS, EXCLUSIVE_C14N, SHA256

LIFE: Final = timedelta(minutes=5)
"""How long a message holds after its making."""
SKEW: Final = timedelta(minutes=1)
"""So far ahead may the other side's clock be."""
_ID: Final = qname(WSU, "Id")
_IDS: Final = frozenset({_ID, "Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id"})

References = tuple[tuple[str, str], ...]
"""(Id, base64 SHA-256 of the exclusive canonical form) of each signed part, in order."""


def prepare(envelope: etree._Element, *, now: datetime, message_id: UUID) -> bytes:
    """The envelope with a Security header holding a Timestamp, and with Ids on what will be signed.

    Args:
        envelope: an unsigned SOAP 1.2 Envelope without a Security header; it is changed.
        now: the Timestamp's Created (to the millisecond); Expires is `LIFE` later.
        message_id: makes the Ids unique.
    """
    header = envelope.find(qname(SOAP, "Header"))
    if header is None:
        header = etree.Element(qname(SOAP, "Header"))
        envelope.insert(0, header)
    security = etree.SubElement(header, qname(WSSE, "Security"), nsmap={"wsse": WSSE, "wsu": WSU})
    security.set(qname(SOAP, "mustUnderstand"), "true")
    timestamp = etree.SubElement(security, qname(WSU, "Timestamp"))
    timestamp.set(_ID, f"TS-{message_id}")
    etree.SubElement(timestamp, qname(WSU, "Created")).text = _instant(now)
    etree.SubElement(timestamp, qname(WSU, "Expires")).text = _instant(now + LIFE)
    body(envelope).set(_ID, f"BODY-{message_id}")
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def references(envelope: bytes) -> References:
    """What a signature over a prepared envelope refers to: its Timestamp, then its Body.

    Raises:
        BadEnvelope: not an envelope.
        BadSecurity: it has not been prepared.
    """
    return _references(parse(envelope, limit=len(envelope)))


def attach(
    envelope: bytes,
    *,
    signed_info: bytes,
    signature_value: bytes,
    certificates: Sequence[x509.Certificate],
    token: TokenType,
) -> bytes:
    """The prepared envelope with its signature: what goes on the wire.

    Args:
        envelope: as `prepare` gave it.
        signed_info: the canonical ds:SignedInfo that the signer signed.
        signature_value: RSA PKCS#1 v1.5, or ECDSA as raw r‖s.
        certificates: the signer's first, then its issuers.
        token: how they travel.

    Raises:
        BadEnvelope: `envelope` is not an envelope.
        BadSecurity: the signature is not over this envelope's parts, or not by the first certificate's key.
    """
    root = parse(envelope, limit=len(envelope))
    security = _security(root)
    info = _fragment(signed_info)
    if canonical(info) != signed_info or _signed(info) != _references(root):
        raise BadSecurity(why="the signature is over something else")
    _check_signature(info, certificates[0], signature_value)
    token_id = "X509-" + _timestamp(security).get(_ID, "").removeprefix("TS-")
    binary = etree.SubElement(security, qname(WSSE, "BinarySecurityToken"))
    binary.set(_ID, token_id)
    binary.set("EncodingType", BASE64_BINARY)
    binary.set("ValueType", token)
    binary.text = base64.b64encode(tokens.encode(token, certificates)).decode("ascii")
    signature = etree.SubElement(security, qname(DS, "Signature"), nsmap={"ds": DS})
    signature.append(info)
    etree.SubElement(signature, qname(DS, "SignatureValue")).text = base64.b64encode(signature_value).decode()
    key_info = etree.SubElement(signature, qname(DS, "KeyInfo"))
    holder = etree.SubElement(key_info, qname(WSSE, "SecurityTokenReference"))
    reference = etree.SubElement(holder, qname(WSSE, "Reference"))
    reference.set("URI", f"#{token_id}")
    reference.set("ValueType", token)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def verify(
    envelope: bytes, *, now: datetime, roots: Sequence[x509.Certificate], limit: int = 64 * 1024 * 1024
) -> x509.Certificate:
    """The certificate whose holder has signed this very Body, lately.

    Exactly the Timestamp in the one Security header and the Envelope's own Body must be signed; every Id is
    there once, so that no reference can mean another element than the one that is read (signature wrapping).

    Args:
        envelope: as received, at most `limit` bytes.
        now: the receiver's clock.
        roots: trusted root certificates; issuers among them help where the message brings none.
        limit: bytes.

    Raises:
        BadEnvelope: not a SOAP 1.2 message within the bounds.
        BadSecurity: the header is not as described above, too old, or its signature does not hold.
        UntrustedSigner: it does, but the certificate's path does not end with a root.
    """
    root = parse(envelope, limit=limit)
    _check_ids(root)
    security = _security(root)
    _check_fresh(_timestamp(security), now)
    signature = _one(security, "ds:Signature")
    info = _one(signature, "ds:SignedInfo")
    if _signed(info) != _references(root):
        raise BadSecurity(why="the signature is not over the Timestamp and the Body")
    certificates = _certificates(security, signature)
    _check_signature(info, certificates[0], _base64(_one(signature, "ds:SignatureValue")))
    # A self-signed certificate out of the message is nobody's root.
    issuers = [certificate for certificate in certificates[1:] if certificate.subject != certificate.issuer]
    if broken := broken_chain(certificates[0], [*roots, *issuers], now):
        raise UntrustedSigner(why=broken) from VerificationError(broken)
    return certificates[0]


def expires(envelope: bytes) -> datetime:
    """Until when a prepared envelope holds.

    Raises:
        BadEnvelope, BadSecurity: as `references`.
    """
    timestamp = _timestamp(_security(parse(envelope, limit=len(envelope))))
    return _time(_one(timestamp, "wsu:Expires"))


def canonical(element: etree._Element) -> bytes:
    """An element's exclusive canonical form, without comments."""
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def _references(root: etree._Element) -> References:
    parts = (_timestamp(_security(root)), body(root))
    return tuple(
        (part.get(_ID, ""), base64.b64encode(hashlib.sha256(canonical(part)).digest()).decode("ascii"))
        for part in parts
    )


def _signed(info: etree._Element) -> References:
    """What a SignedInfo says it covers; anything but plain same-document references is refused."""
    if _one(info, "ds:CanonicalizationMethod").items() != [("Algorithm", EXCLUSIVE_C14N)]:
        raise BadSecurity(why="another canonicalization")
    signed = []
    for reference in find(info, "ds:Reference"):
        transforms = find(reference, "ds:Transforms/*")
        if [(item.tag, item.items(), len(item)) for item in transforms] != [
            (qname(DS, "Transform"), [("Algorithm", EXCLUSIVE_C14N)], 0)
        ]:
            raise BadSecurity(why="other transforms")
        if _one(reference, "ds:DigestMethod").get("Algorithm") != SHA256:
            raise BadSecurity(why="another digest")
        digest = base64.b64encode(_base64(_one(reference, "ds:DigestValue"))).decode("ascii")
        target = reference.get("URI", "")
        if not target.startswith("#") or len(target) < 2:
            raise BadSecurity(why="a reference outside the message")
        signed.append((target[1:], digest))
    return tuple(signed)


def _check_signature(info: etree._Element, certificate: x509.Certificate, value: bytes) -> None:
    """rsa-sha256, or with an EC seal ecdsa-sha384 as raw r‖s."""
    try:
        if _one(info, "ds:SignatureMethod").get("Algorithm") != algorithm_of(certificate):
            raise BadSecurity(why="the algorithm is not that of the certificate's key")
        if not holds(certificate, canonical(info), value):
            raise BadSecurity(why="the signature does not hold")
    except KeyUnusable as error:
        raise BadSecurity(why=f"the certificate's key: {error.values['why']}") from error


def _certificates(security: etree._Element, signature: etree._Element) -> list[x509.Certificate]:
    binary = _one(security, "wsse:BinarySecurityToken")
    reference = _one(signature, "ds:KeyInfo/wsse:SecurityTokenReference/wsse:Reference")
    if not binary.get(_ID) or reference.get("URI") != f"#{binary.get(_ID)}":
        raise BadSecurity(why="the key is not in the message's token")
    if binary.get("EncodingType", BASE64_BINARY) != BASE64_BINARY:
        raise BadSecurity(why="another encoding of the token")
    try:
        token = TokenType(binary.get("ValueType", ""))
    except ValueError as error:
        raise BadSecurity(why="another type of token") from error
    if reference.get("ValueType", token) != token:
        raise BadSecurity(why="the token's type is not the one referred to")
    return tokens.decode(token, _base64(binary))


def _security(root: etree._Element) -> etree._Element:
    security = _one(root, "env:Header/wsse:Security")
    if security.get(qname(SOAP, "mustUnderstand")) not in ("true", "1"):
        raise BadSecurity(why="the header need not be understood")
    return security


def _timestamp(security: etree._Element) -> etree._Element:
    return _one(security, "wsu:Timestamp")


def _check_fresh(timestamp: etree._Element, now: datetime) -> None:
    created, ends = (_time(_one(timestamp, name)) for name in ("wsu:Created", "wsu:Expires"))
    if not (created - SKEW <= now < ends and created < ends <= created + LIFE):
        raise BadSecurity(why=f"made {created.isoformat()}, ends {ends.isoformat()}: not now")


def _check_ids(root: etree._Element) -> None:
    ids = [value for element in root.iter() for name, value in element.attrib.items() if name in _IDS]
    if len(ids) != len(set(ids)):
        raise BadSecurity(why="an Id stands twice")


def _one(parent: etree._Element, path: str) -> etree._Element:
    found = find(parent, path)
    if len(found) != 1:
        raise BadSecurity(why=f"{len(found)} × {path}")
    return found[0]


def _fragment(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        element = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise BadSecurity(why="the SignedInfo is not XML") from error
    if element.tag != qname(DS, "SignedInfo"):
        raise BadSecurity(why="no SignedInfo")
    return element


def _base64(element: etree._Element) -> bytes:
    try:
        return base64.b64decode("".join((element.text or "").split()), validate=True)
    except ValueError as error:
        raise BadSecurity(why=f"{etree.QName(element).localname} is not base64") from error


def _instant(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"


def _time(element: etree._Element) -> datetime:
    try:
        time = datetime.fromisoformat((element.text or "").strip())
    except ValueError as error:
        raise BadSecurity(why=f"{etree.QName(element).localname} is not a time") from error
    if time.tzinfo is None:
        raise BadSecurity(why=f"{etree.QName(element).localname} has no zone")
    return time

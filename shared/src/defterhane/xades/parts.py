"""Reads a ds:Signature strictly: either it has exactly the shape of the profile, or it is refused.

Every element is found by its place, never by its Id, so that no Id elsewhere can stand in for it (signature wrapping).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from lxml import etree

from defterhane.xades.algorithms import SignatureAlgorithm
from defterhane.xades.names import (
    C14N,
    C14N_WITH_COMMENTS,
    COUNTERSIGNED_TYPE,
    ENVELOPED,
    SHA256,
    SIGNED_PROPERTIES_TYPE,
    XADES,
    ds,
    xades,
)
from defterhane.xades.shape import Refused, algorithm_uri, children, decode, elements, required, string


@dataclass(frozen=True)
class Parts:
    """What stands in one signature. `document_digest` is of the document, or of the signed signature's value."""

    element: "etree._Element"
    id: str
    signed_info: "etree._Element"
    info_with_comments: bool
    algorithm: SignatureAlgorithm
    properties_digest: bytes
    document_digest: bytes
    value_element: "etree._Element"
    value: bytes
    value_id: str
    certificate: x509.Certificate
    key_value: "etree._Element | None"
    properties: "etree._Element"
    signing_time: datetime
    certificate_digest: bytes
    certificate_serial: int
    role: str | None
    counter: "etree._Element | None"
    ids: tuple[str, ...]
    """Every Id in it, without those of its counter-signature."""


def read_signature(element: "etree._Element", countersigned: str | None = None) -> Parts:
    """Read a signature.

    Args:
        element: ds:Signature.
        countersigned: None for a document's signature; for a counter-signature the Id of the SignatureValue that it
            must be over.

    Raises:
        Refused: it has not the shape of the profile.
    """
    signed_info, value, key_info, holder = children(element, ("SignedInfo", "SignatureValue", "KeyInfo", "Object"))
    identifier = required(element, "Id")
    (qualifying,) = children(holder, (xades("QualifyingProperties"),))
    if required(qualifying, "Target") != f"#{identifier}":
        raise Refused("QualifyingProperties/@Target")
    properties, unsigned = _qualifying(qualifying)
    method, with_comments, references = _signed_info(signed_info, is_counter=countersigned is not None)
    properties_id = required(properties, "Id")
    properties_digest, document_digest, document_id = _assign(references, properties_id, countersigned)
    certificate, key_value = _key_info(key_info)
    signing_time, certificate_digest, serial, role = _signature_properties(properties)
    if countersigned is None:
        _check_format(properties, document_id)
    counter = _counter(unsigned)
    inside = set() if counter is None else set(counter.iter())
    return Parts(
        element=element,
        id=identifier,
        signed_info=signed_info,
        info_with_comments=with_comments,
        algorithm=method,
        properties_digest=properties_digest,
        document_digest=document_digest,
        value_element=value,
        value=decode(value),
        value_id=value.get("Id") or "",
        certificate=certificate,
        key_value=key_value,
        properties=properties,
        signing_time=signing_time,
        certificate_digest=certificate_digest,
        certificate_serial=serial,
        role=role,
        counter=counter,
        ids=tuple(str(item.attrib["Id"]) for item in element.iter() if item not in inside and "Id" in item.attrib),
    )


@dataclass(frozen=True)
class _Reference:
    id: str | None
    uri: str
    type: str | None
    transforms: tuple[str, ...]
    digest: bytes


def _signed_info(element: "etree._Element", *, is_counter: bool) -> tuple[SignatureAlgorithm, bool, list[_Reference]]:
    canonicalization, method, *references = children(
        element, ("CanonicalizationMethod", "SignatureMethod", "Reference", "Reference")
    )
    algorithm = algorithm_uri(canonicalization)
    if algorithm != C14N and not (is_counter and algorithm == C14N_WITH_COMMENTS):
        raise Refused(f"CanonicalizationMethod: {algorithm}")
    try:
        signature_method = SignatureAlgorithm(algorithm_uri(method))
    except ValueError as error:
        raise Refused(f"SignatureMethod: {algorithm_uri(method)}") from error
    return signature_method, algorithm == C14N_WITH_COMMENTS, [_reference(item) for item in references]


def _reference(element: "etree._Element") -> _Reference:
    parts = {item.tag: item for item in elements(element)}
    expected = [ds("DigestMethod"), ds("DigestValue")]
    if [item.tag for item in elements(element)] not in (expected, [ds("Transforms"), *expected]):
        raise Refused("Reference")
    transforms = parts.get(ds("Transforms"))
    inner = [] if transforms is None else elements(transforms)
    if any(item.tag != ds("Transform") or len(item) for item in inner):
        raise Refused("Transforms")
    if algorithm_uri(parts[ds("DigestMethod")]) != SHA256:
        raise Refused(f"DigestMethod: {algorithm_uri(parts[ds('DigestMethod')])}")
    digest = decode(parts[ds("DigestValue")])
    uri = element.get("URI")
    if uri is None:
        raise Refused("Reference/@URI")
    return _Reference(element.get("Id"), uri, element.get("Type"), tuple(algorithm_uri(item) for item in inner), digest)


def _assign(
    references: Sequence[_Reference], properties_id: str, countersigned: str | None
) -> tuple[bytes, bytes, str | None]:
    """The digests of the signed properties and of what else is signed; each reference has its one place."""
    first, second = references
    if second.uri == f"#{properties_id}":
        first, second = second, first
    plain = ((), (C14N,)) if countersigned is None else ((), (C14N,), (C14N_WITH_COMMENTS,))
    if (first.uri, first.type) != (f"#{properties_id}", SIGNED_PROPERTIES_TYPE) or first.transforms not in plain:
        raise Refused("Reference: SignedProperties")
    if countersigned is None:
        fits = second.uri == "" and second.type is None and second.transforms == (ENVELOPED,)
    else:
        fits = (
            second.uri == f"#{countersigned}"
            and second.type in (None, COUNTERSIGNED_TYPE)
            and second.transforms in plain
        )
    if not fits:
        raise Refused(f"Reference: {second.uri!r} {second.transforms}")
    return first.digest, second.digest, second.id


def _qualifying(element: "etree._Element") -> tuple["etree._Element", "etree._Element | None"]:
    inner = elements(element)
    names = [item.tag for item in inner]
    if names == [xades("SignedProperties")]:
        return inner[0], None
    if names == [xades("SignedProperties"), xades("UnsignedProperties")]:
        (unsigned,) = children(inner[1], (xades("UnsignedSignatureProperties"),))
        return inner[0], unsigned
    raise Refused("QualifyingProperties")


def _signature_properties(properties: "etree._Element") -> tuple[datetime, bytes, int, str | None]:
    inner = elements(properties)
    if not inner or inner[0].tag != xades("SignedSignatureProperties"):
        raise Refused("SignedSignatureProperties")
    by_name = {item.tag: item for item in elements(inner[0])}
    time = by_name.get(xades("SigningTime"))
    certificate = by_name.get(xades("SigningCertificate"))
    if time is None or certificate is None or len(by_name) != len(elements(inner[0])):
        raise Refused("SigningTime, SigningCertificate")
    certificates = elements(certificate)
    if not certificates or certificates[0].tag != xades("Cert"):
        raise Refused("SigningCertificate")
    digest, issuer = children(certificates[0], (xades("CertDigest"), xades("IssuerSerial")))
    digest_method, digest_value = children(digest, ("DigestMethod", "DigestValue"))
    if algorithm_uri(digest_method) != SHA256:
        raise Refused(f"SigningCertificate: {algorithm_uri(digest_method)}")
    _, serial = children(issuer, ("X509IssuerName", "X509SerialNumber"))
    role = by_name.get(xades("SignerRole"))
    try:
        moment = datetime.fromisoformat(string(time).strip())
        number = int(string(serial))
    except ValueError as error:
        raise Refused("SigningTime, X509SerialNumber") from error
    if moment.tzinfo is None:
        raise Refused("SigningTime")
    return moment, decode(digest_value), number, None if role is None else _role(role)


def _role(element: "etree._Element") -> str:
    (claimed,) = children(element, (xades("ClaimedRoles"),))
    (role,) = children(claimed, (xades("ClaimedRole"),))
    return string(role).strip()


def _check_format(properties: "etree._Element", document_id: str | None) -> None:
    _, data = children(properties, (xades("SignedSignatureProperties"), xades("SignedDataObjectProperties")))
    formats = [item for item in elements(data) if item.tag == xades("DataObjectFormat")]
    if len(formats) != 1 or document_id is None or formats[0].get("ObjectReference") != f"#{document_id}":
        raise Refused("DataObjectFormat")


def _counter(unsigned: "etree._Element | None") -> "etree._Element | None":
    found = []
    for item in [] if unsigned is None else elements(unsigned):
        if not isinstance(item.tag, str) or not item.tag.startswith(f"{{{XADES}}}"):
            raise Refused(f"UnsignedSignatureProperties: {item.tag}")
        if item.tag == xades("CounterSignature"):
            found += children(item, ("Signature",))
    if len(found) > 1:
        raise Refused("CounterSignature")
    return found[0] if found else None


def _key_info(element: "etree._Element") -> tuple[x509.Certificate, "etree._Element | None"]:
    inner = {item.tag: item for item in elements(element)}
    data, holder = inner.get(ds("X509Data")), inner.get(ds("KeyValue"))
    if set(inner) - {ds("X509Data"), ds("KeyValue")} or len(inner) != len(elements(element)):
        raise Refused("KeyInfo")
    key_values = [] if holder is None else elements(holder)
    if len(key_values) != (0 if holder is None else 1):
        raise Refused("KeyValue")
    certificates = [] if data is None else [item for item in elements(data) if item.tag == ds("X509Certificate")]
    if len(certificates) != 1:
        raise Refused("X509Certificate")
    try:
        return x509.load_der_x509_certificate(decode(certificates[0])), key_values[0] if key_values else None
    except ValueError as error:
        raise Refused("X509Certificate") from error

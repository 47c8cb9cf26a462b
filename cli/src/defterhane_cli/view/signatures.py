"""What a signature says of itself. Nothing is verified here: a page shows, `defterhane verify` judges."""

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from lxml import etree

from defterhane.edefter.vocabulary import NAMESPACES
from defterhane.xades.chain import serial_number
from defterhane.xades.prepare import distinguished
from defterhane_cli.view.fields import clipped

_CERTIFICATE_LIMIT: Final = 64 * 1024
"""Characters of base64; a certificate has some 3,000."""
_SIGNED: Final = "ds:Object/xades:QualifyingProperties/xades:SignedProperties/xades:SignedSignatureProperties"
_COUNTER: Final = (
    "ds:Object/xades:QualifyingProperties/xades:UnsignedProperties/xades:UnsignedSignatureProperties/"
    "xades:CounterSignature/ds:Signature"
)


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature's own words; empty where it says nothing."""

    subject: str
    serial_number: str
    """The subject's: a tax number."""
    issuer: str
    valid: tuple[str, str] | None
    """First and last day of the certificate, YYYY-MM-DD."""
    time: str
    """SigningTime, as it stands there."""
    algorithm: str
    """Its URI without what stands before `#`."""
    role: str
    counter: "Signed | None"
    """The signature over this one: GİB's approval."""


def read_signed(element: etree._Element, *, nested: bool = True) -> Signed:
    """Read a ds:Signature, however broken it is. Elements are found by their place, never by an Id."""
    certificate = _certificate(_value(element, "ds:KeyInfo/ds:X509Data/ds:X509Certificate", clip=False))
    subject = _value(element, "ds:KeyInfo/ds:X509Data/ds:X509SubjectName")
    valid = None
    issuer = number = ""
    if certificate is not None:
        subject, issuer = distinguished(certificate.subject), distinguished(certificate.issuer)
        number = serial_number(certificate) or ""
        valid = (
            certificate.not_valid_before_utc.date().isoformat(),
            certificate.not_valid_after_utc.date().isoformat(),
        )
    method = element.find("ds:SignedInfo/ds:SignatureMethod", NAMESPACES)
    counter = element.find(_COUNTER, NAMESPACES) if nested else None
    return Signed(
        subject=clipped(subject),
        serial_number=clipped(number),
        issuer=clipped(issuer),
        valid=valid,
        time=_value(element, f"{_SIGNED}/xades:SigningTime"),
        algorithm=clipped("" if method is None else (method.get("Algorithm") or "").rpartition("#")[2]),
        role=_value(element, f"{_SIGNED}/xades:SignerRole/xades:ClaimedRoles/xades:ClaimedRole"),
        counter=None if counter is None else read_signed(counter, nested=False),
    )


def _value(element: etree._Element, path: str, *, clip: bool = True) -> str:
    value = (element.findtext(path, "", NAMESPACES) or "").strip()
    return clipped(value) if clip else value


def _certificate(text: str) -> x509.Certificate | None:
    if not text or len(text) > _CERTIFICATE_LIMIT:
        return None
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(text))
        _ = certificate.subject, certificate.issuer, certificate.not_valid_after_utc  # read when they are asked for
    except (ValueError, binascii.Error):
        return None
    return certificate

"""What is asked of a key, apart from the asking: the exact bytes to be signed, and the signature around the answer.

XAdES-BES, enveloped, as GİB accepts it: SignedInfo in inclusive C14N 1.0 with two references (the signed properties,
then the document), SigningCertificate in its first version, KeyInfo with certificate, subject and key. Everything is
written in canonical form, so that the signed file stays canonical, and nobody has to parse it to sign it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cached_property
from hashlib import sha256
from typing import Final
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256 as Sha256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from defterhane.xades.algorithms import SignatureAlgorithm, algorithm_of, in_lines, one_line
from defterhane.xades.markup import Scope, declarations, text
from defterhane.xades.names import C14N, DS11, ENVELOPED, P384_URI, SHA256, SIGNED_PROPERTIES_TYPE

TURKEY: Final = timezone(timedelta(hours=3))
"""Türkiye's time; SigningTime is written in it."""


@dataclass(frozen=True)
class SignatureIds:
    """The Ids inside one signature."""

    signature: str
    value: str
    document: str
    """Of the reference to the document."""
    properties: str

    @classmethod
    def of(cls, unique: UUID) -> "SignatureIds":
        """Ids made from one UUID: the same UUID gives the same Ids."""
        return cls(
            f"Signature-{unique}", f"SignatureValue-{unique}", f"Reference-{unique}", f"SignedProperties-{unique}"
        )

    @classmethod
    def new(cls, new_id: Callable[[], UUID]) -> "SignatureIds":
        """New Ids."""
        return cls.of(new_id())


@dataclass(frozen=True)
class Preparation:
    """One signature before and after the key has been asked. The same parts give the same bytes."""

    body_sha256: str
    """Hex; of the document's canonical form without the signature."""
    scope: Scope
    certificate: x509.Certificate
    signing_time: datetime
    """Aware; written to the second."""
    ids: SignatureIds

    @cached_property
    def algorithm(self) -> SignatureAlgorithm:
        """With which the key must sign `signed_info`.

        Raises:
            KeyUnusable: the certificate's key is of no kind that GİB accepts.
        """
        return algorithm_of(self.certificate)

    @cached_property
    def signed_properties(self) -> bytes:
        """The canonical form of xades:SignedProperties: what the first reference's digest is over."""
        return self._signed_properties(self.scope.inside).encode()

    @cached_property
    def signed_info(self) -> bytes:
        """The canonical form of ds:SignedInfo: the bytes to be signed."""
        return self._signed_info(self.scope.inside).encode()

    def signature(self, value: bytes) -> bytes:
        """The whole ds:Signature, canonical as it will stand in the document.

        Args:
            value: the key's answer; for EC raw r‖s.
        """
        return (
            f'<ds:Signature{declarations(self.scope.added)} Id="{self.ids.signature}">'
            f"{self._signed_info('')}"
            f'<ds:SignatureValue Id="{self.ids.value}">{in_lines(value)}</ds:SignatureValue>'
            f"<ds:KeyInfo><ds:X509Data>"
            f"<ds:X509Certificate>{in_lines(self.certificate.public_bytes(Encoding.DER))}</ds:X509Certificate>"
            f"<ds:X509SubjectName>{text(distinguished(self.certificate.subject))}</ds:X509SubjectName>"
            f"</ds:X509Data><ds:KeyValue>{self._key_value()}</ds:KeyValue></ds:KeyInfo>"
            f'<ds:Object><xades:QualifyingProperties Target="#{self.ids.signature}">'
            f"{self._signed_properties('')}"
            "</xades:QualifyingProperties></ds:Object></ds:Signature>"
        ).encode()

    def _signed_info(self, namespaces: str) -> str:
        properties = one_line(sha256(self.signed_properties).digest())
        document = one_line(bytes.fromhex(self.body_sha256))
        return (
            f"<ds:SignedInfo{namespaces}>"
            f'<ds:CanonicalizationMethod Algorithm="{C14N}"></ds:CanonicalizationMethod>'
            f'<ds:SignatureMethod Algorithm="{self.algorithm}"></ds:SignatureMethod>'
            f'<ds:Reference Type="{SIGNED_PROPERTIES_TYPE}" URI="#{self.ids.properties}">'
            f'<ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod>'
            f"<ds:DigestValue>{properties}</ds:DigestValue></ds:Reference>"
            f'<ds:Reference Id="{self.ids.document}" URI="">'
            f'<ds:Transforms><ds:Transform Algorithm="{ENVELOPED}"></ds:Transform></ds:Transforms>'
            f'<ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod>'
            f"<ds:DigestValue>{document}</ds:DigestValue></ds:Reference>"
            "</ds:SignedInfo>"
        )

    def _signed_properties(self, namespaces: str) -> str:
        return (
            f'<xades:SignedProperties{namespaces} Id="{self.ids.properties}"><xades:SignedSignatureProperties>'
            f"<xades:SigningTime>{instant(self.signing_time)}</xades:SigningTime>"
            f"{signing_certificate(self.certificate)}"
            "</xades:SignedSignatureProperties><xades:SignedDataObjectProperties>"
            f'<xades:DataObjectFormat ObjectReference="#{self.ids.document}">'
            "<xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat>"
            "</xades:SignedDataObjectProperties></xades:SignedProperties>"
        )

    def _key_value(self) -> str:
        key = self.certificate.public_key()
        if isinstance(key, rsa.RSAPublicKey):
            numbers = key.public_numbers()
            return (
                f"<ds:RSAKeyValue><ds:Modulus>{in_lines(_unsigned(numbers.n))}</ds:Modulus>"
                f"<ds:Exponent>{in_lines(_unsigned(numbers.e))}</ds:Exponent></ds:RSAKeyValue>"
            )
        point = self.certificate.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return (
            f'<dsig11:ECKeyValue xmlns:dsig11="{DS11}"><dsig11:NamedCurve URI="{P384_URI}"></dsig11:NamedCurve>'
            f"<dsig11:PublicKey>{in_lines(point)}</dsig11:PublicKey></dsig11:ECKeyValue>"
        )


def signing_certificate(certificate: x509.Certificate) -> str:
    """xades:SigningCertificate, version 1: digest, issuer and serial number.

    Raises:
        KeyUnusable: the issuer's name holds a character that XML does not allow.
    """
    return (
        "<xades:SigningCertificate><xades:Cert><xades:CertDigest>"
        f'<ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod>'
        f"<ds:DigestValue>{one_line(certificate.fingerprint(Sha256()))}</ds:DigestValue>"
        "</xades:CertDigest><xades:IssuerSerial>"
        f"<ds:X509IssuerName>{text(distinguished(certificate.issuer))}</ds:X509IssuerName>"
        f"<ds:X509SerialNumber>{certificate.serial_number}</ds:X509SerialNumber>"
        "</xades:IssuerSerial></xades:Cert></xades:SigningCertificate>"
    )


def distinguished(name: x509.Name) -> str:
    """A distinguished name as RFC 4514 writes it, with serialNumber by its own name."""
    return name.rfc4514_string({NameOID.SERIAL_NUMBER: "serialNumber"})


def instant(moment: datetime) -> str:
    """A SigningTime."""
    return moment.astimezone(TURKEY).isoformat(timespec="seconds")


def _unsigned(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8)

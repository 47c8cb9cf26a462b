"""The making of certificates: names, keys, extensions, signatures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Algorithm: TypeAlias = Literal["rsa", "ec"]
Extensions: TypeAlias = Sequence[tuple[x509.ExtensionType, bool]]
"""Extensions, each with whether it is critical."""

_ORGANIZATION: Final = "Defterhane SINAMA (TEST, no legal value)"
_COMMON_NAME_BYTES: Final = 64


@dataclass(frozen=True)
class Request:
    """What a certificate is to say."""

    subject: x509.Name
    issuer: x509.Name
    start: datetime
    end: datetime
    extensions: Extensions


def authority_name(common_name: str) -> x509.Name:
    """An authority's name, marked as a test name."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "TR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def holder_name(common_name: str, number: str | None) -> x509.Name:
    """`CN=<title>, serialNumber=<number>`; the title is cut at 64 bytes, for X.520 allows no more."""
    cut = common_name.encode()[:_COMMON_NAME_BYTES].decode(errors="ignore")
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, cut)]
    if number is not None:
        attributes.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, number))
    return x509.Name(attributes)


def new_key(algorithm: Algorithm, bits: int) -> PrivateKey:
    """A new key: RSA of so many bits, or EC P-384."""
    if algorithm == "rsa":
        return rsa.generate_private_key(65537, bits)
    return ec.generate_private_key(ec.SECP384R1())


def issue(request: Request, key: PrivateKey, issuer_key: PrivateKey) -> x509.Certificate:
    """Make a certificate for a key, signed with the issuer's."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(request.subject)
        .issuer_name(request.issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(request.start)
        .not_valid_after(request.end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    for extension, critical in request.extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer_key, hashes.SHA256())


def authority_extensions(path_length: int) -> Extensions:
    """Those of a certificate authority with so many authorities below it."""
    return (
        (x509.BasicConstraints(ca=True, path_length=path_length), True),
        (key_usage(key_cert_sign=True, crl_sign=True), True),
    )


def key_usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_encipherment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    """A key usage; what is not named is not allowed."""
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=key_encipherment,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )

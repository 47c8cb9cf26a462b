"""Certificates in a BinarySecurityToken: one certificate (X509v3), or the path to it (PkiPath)."""

from collections.abc import Sequence
from typing import Final

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.serialization import Encoding

from defterhane.soap.errors import BadSecurity
from defterhane.soap.names import TokenType

MAX_CERTIFICATES: Final = 8


@asn1.sequence
class _Wrapped:
    """cryptography reads a SEQUENCE OF only as a field of a SEQUENCE."""

    path: list[x509.Certificate]


def encode(token: TokenType, certificates: Sequence[x509.Certificate]) -> bytes:
    """The token's DER. `certificates`: the signer's first, then its issuers, as signers hand them over.

    A PkiPath runs the other way (X.509 clause 7.1; WSS X.509 Token Profile 1.1, 3.1.2): each certificate's
    subject is the issuer of the next, the signer's stands last.
    """
    if token is TokenType.X509:
        return certificates[0].public_bytes(Encoding.DER)
    return _sequence(b"".join(certificate.public_bytes(Encoding.DER) for certificate in reversed(certificates)))


def decode(token: TokenType, data: bytes) -> list[x509.Certificate]:
    """The certificates of a token: the signer's first, then its issuers.

    Raises:
        BadSecurity: not such a token, or more than `MAX_CERTIFICATES`.
    """
    try:
        if token is TokenType.X509:
            return [x509.load_der_x509_certificate(data)]
        path = asn1.decode_der(_Wrapped, _sequence(data)).path
    except ValueError as error:
        raise BadSecurity(why=f"the token is no {token.name}") from error
    if not 1 <= len(path) <= MAX_CERTIFICATES:
        raise BadSecurity(why=f"{len(path)} certificates in the token")
    return path[::-1]


def _sequence(content: bytes) -> bytes:
    """A DER SEQUENCE around encoded contents."""
    size = len(content)
    if size < 0x80:
        return bytes((0x30, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x30, 0x80 | len(octets))) + octets + content

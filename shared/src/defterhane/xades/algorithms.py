"""The two signature algorithms that GİB accepts, and what belongs to each."""

import base64
from enum import StrEnum
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

from defterhane.xades.errors import KeyUnusable

P384_BYTES: Final = 48
RSA_MIN_BITS: Final = 2048
_LINE: Final = 76


class SignatureAlgorithm(StrEnum):
    """A signature algorithm; the value is its URI."""

    RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    ECDSA_SHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"


def algorithm_of(certificate: x509.Certificate) -> SignatureAlgorithm:
    """The algorithm that goes with a certificate's key.

    Raises:
        KeyUnusable: neither RSA of at least 2048 bits nor EC P-384.
    """
    try:
        key = certificate.public_key()
    except ValueError as error:
        raise KeyUnusable(why=str(error)) from error
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= RSA_MIN_BITS:
        return SignatureAlgorithm.RSA_SHA256
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP384R1):
        return SignatureAlgorithm.ECDSA_SHA384
    size = getattr(key, "key_size", "?")
    raise KeyUnusable(why=f"{type(key).__name__}, {size} bit")


def holds(certificate: x509.Certificate, data: bytes, value: bytes) -> bool:
    """Whether `value` is the signature over `data` by the certificate's key, as a SignatureValue holds it.

    Raises:
        KeyUnusable: as `algorithm_of`.
    """
    algorithm_of(certificate)
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, data, padding.PKCS1v15(), SHA256())
        else:
            assert isinstance(key, ec.EllipticCurvePublicKey)
            if len(value) != 2 * P384_BYTES:
                return False
            key.verify(der_of_raw(value), data, ec.ECDSA(SHA384()))
    except InvalidSignature:
        return False
    return True


def raw_of_der(signature: bytes) -> bytes:
    """An ECDSA signature over P-384 as XML Signature wants it: r‖s, 96 bytes."""
    r, s = decode_dss_signature(signature)
    return r.to_bytes(P384_BYTES) + s.to_bytes(P384_BYTES)


def der_of_raw(value: bytes) -> bytes:
    """The other way round."""
    half = len(value) // 2
    return encode_dss_signature(int.from_bytes(value[:half]), int.from_bytes(value[half:]))


def one_line(data: bytes) -> str:
    """Base64 in one line."""
    return base64.b64encode(data).decode("ascii")


def in_lines(data: bytes) -> str:
    """Base64 in lines of 76, without a line end at either end."""
    text = one_line(data)
    return "\n".join(text[start : start + _LINE] for start in range(0, len(text), _LINE))

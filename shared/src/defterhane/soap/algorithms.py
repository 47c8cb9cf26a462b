"""The two signature algorithms of a fiscal seal, and the path from a certificate to a trusted root."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from defterhane.soap.errors import BadSecurity
from defterhane.soap.names import ECDSA_SHA384, RSA_SHA256

_DEPTH: Final = 6


def check(algorithm: str, certificate: x509.Certificate, data: bytes, value: bytes) -> None:
    """Check that `value` is the certificate's signature over `data`.

    Args:
        algorithm: rsa-sha256, or ecdsa-sha384 (raw r‖s, 96 bytes: XML Signature 1.1, 6.4.3).
        certificate: whose key must have signed.
        data: what was signed.
        value: the signature.

    Raises:
        BadSecurity: another algorithm, a key that does not go with it, or the signature does not hold.
    """
    key = certificate.public_key()
    try:
        if algorithm == RSA_SHA256 and isinstance(key, rsa.RSAPublicKey):
            key.verify(value, data, padding.PKCS1v15(), SHA256())
            return
        if algorithm == ECDSA_SHA384 and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(_der(value, key.key_size), data, ec.ECDSA(SHA384()))
            return
    except InvalidSignature as error:
        raise BadSecurity(why="the signature does not hold") from error
    raise BadSecurity(why=f"{algorithm or 'no algorithm'} with a key of another kind")


def check_path(
    certificates: Sequence[x509.Certificate], *, roots: Sequence[x509.Certificate], now: datetime
) -> None:
    """Check that the first certificate's path, through the others, ends with a root, all valid now.

    What a fiscal seal may be used for is the asker's business; only issuers must be certificate authorities.

    Raises:
        BadSecurity: it does not.
    """
    if not roots:
        raise BadSecurity(why="no trusted roots are known")
    issuers = (
        ExtensionPolicy.permit_all()
        .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, _is_authority)
        .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _may_sign_certificates)
    )
    verifier = (
        PolicyBuilder()
        .store(Store(list(roots)))
        .time(now)
        .max_chain_depth(_DEPTH)
        .extension_policies(ca_policy=issuers, ee_policy=ExtensionPolicy.permit_all())
        .build_client_verifier()
    )
    try:
        verifier.verify(certificates[0], list(certificates[1:]))
    except VerificationError as error:
        raise BadSecurity(why="the certificate's path does not end with a trusted root") from error


def _is_authority(_policy: Policy, _certificate: x509.Certificate, extension: x509.BasicConstraints) -> None:
    if not extension.ca:
        raise ValueError("an issuer is no certificate authority")


def _may_sign_certificates(
    _policy: Policy, _certificate: x509.Certificate, extension: x509.KeyUsage | None
) -> None:
    if extension is not None and not extension.key_cert_sign:
        raise ValueError("an issuer may not sign certificates")


def _der(value: bytes, key_bits: int) -> bytes:
    half = (key_bits + 7) // 8
    if len(value) != 2 * half:
        raise BadSecurity(why="the signature is not r‖s")
    return encode_dss_signature(int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big"))

"""Keys: what signs. A key on a card or in an HSM is another implementation of the same protocol."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import pkcs12
from pydantic import SecretStr

from defterhane.xades.algorithms import SignatureAlgorithm, algorithm_of, raw_of_der
from defterhane.xades.chain import may_sign
from defterhane.xades.errors import KeyFileUnreadable, KeyUnusable

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class SigningKey(Protocol):
    """A private key with its certificate, wherever it lies."""

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """Its issuers as far as they are known, the nearest first."""

    @property
    def algorithm(self) -> SignatureAlgorithm:
        """What `sign` makes."""

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`, as SignatureValue holds it: for an EC key raw r‖s."""


class SoftwareKey:
    """A private key in memory."""

    def __init__(self, key: PrivateKey, certificate: x509.Certificate, chain: Iterable[x509.Certificate] = ()) -> None:
        """Put key and certificate together.

        Raises:
            KeyUnusable: the key is of no kind that GİB accepts, or the certificate is not the key's.
        """
        self.algorithm = algorithm_of(certificate)
        if key.public_key() != certificate.public_key():
            raise KeyUnusable(why="key ≠ certificate")
        self._key = key
        self.certificate = certificate
        self.chain = order_chain(certificate, chain)

    @classmethod
    def read_p12(cls, path: Path, password: SecretStr) -> "SoftwareKey":
        """Read a PKCS#12 file.

        Raises:
            OSError: the file cannot be read.
            KeyFileUnreadable: it is not PKCS#12, or the password is wrong.
            KeyUnusable: as for the constructor, or it holds no key with a certificate.
        """
        try:
            key, certificate, others = pkcs12.load_key_and_certificates(
                path.read_bytes(), password.get_secret_value().encode()
            )
        except ValueError as error:
            raise KeyFileUnreadable(file=path.name) from error
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) or certificate is None:
            raise KeyUnusable(why=path.name)
        return cls(key, certificate, others)

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`, as SignatureValue holds it."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), SHA256())
        return raw_of_der(self._key.sign(data, ec.ECDSA(SHA384())))


def check_certificate(certificate: x509.Certificate, at: datetime) -> None:
    """Check that a certificate may sign at a time.

    Raises:
        KeyUnusable: its key is of no kind that GİB accepts, it is not for signatures, or not valid then.
    """
    algorithm_of(certificate)
    if not may_sign(certificate):
        raise KeyUnusable(why="keyUsage ≠ digitalSignature")
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not start <= at <= end:
        raise KeyUnusable(why=f"{start.date()} – {end.date()}")


def order_chain(certificate: x509.Certificate, others: Iterable[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The issuers of a certificate among others, the nearest first, as far as they are there."""
    by_subject = {other.subject: other for other in others}
    chain: list[x509.Certificate] = []
    child = certificate
    while child.issuer != child.subject and child.issuer in by_subject:
        child = by_subject.pop(child.issuer)
        chain.append(child)
    return tuple(chain)

"""A certificate authority for trying and testing: seals, GİB's certificate and a time-stamp authority's.

The names are marked as test names; nothing that these certificates sign has any legal value. The profiles are
those of the real fiscal seals (Kamu SM), so that what reads a real certificate reads these.
"""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID
from pydantic import SecretStr

from defterhane.xades.keys import order_chain
from sandbox.issuing import (
    Algorithm,
    Extensions,
    PrivateKey,
    Request,
    authority_extensions,
    authority_name,
    holder_name,
    issue,
    key_usage,
    new_key,
)

SEAL_USAGE: Final = x509.ObjectIdentifier("2.16.792.1.2.1.1.5.7.50.1")
SEAL_POLICY: Final = x509.ObjectIdentifier("2.16.792.1.2.1.1.5.7.4.1")
GIB_TITLE: Final = "Gelir İdaresi Başkanlığı"
GIB_NUMBER: Final = "3900383669"

_QUALIFIED_STATEMENTS: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_QUALIFIED: Final = bytes.fromhex("300a3008060604008e460101")  # SEQUENCE of the one statement QcCompliance
_YEAR: Final = timedelta(days=365)
_BEFORE, _AFTER = 10 * _YEAR, 20 * _YEAR
"""The authority's own certificates are valid so long before and after its making: it can issue old seals."""


@dataclass(frozen=True)
class Credential:
    """A private key with its certificate."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    """The issuers, the nearest first, the root last."""

    def save_p12(self, path: Path, password: SecretStr) -> None:
        """Write key, certificate and issuers as PKCS#12, readable by the owner alone."""
        data = pkcs12.serialize_key_and_certificates(
            None,
            self.key,
            self.certificate,
            self.chain,
            serialization.BestAvailableEncryption(password.get_secret_value().encode()),
        )
        _write_private(path, data)

    @classmethod
    def load_p12(cls, path: Path, password: SecretStr) -> "Credential":
        """Read what `save_p12` has written.

        Raises:
            OSError: the file cannot be read.
            ValueError: it is not such a file, or the password is wrong.
        """
        key, certificate, chain = pkcs12.load_key_and_certificates(
            path.read_bytes(), password.get_secret_value().encode()
        )
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) or certificate is None:
            raise ValueError(f"{path} holds no key with its certificate")
        return cls(key, certificate, order_chain(certificate, chain))


@dataclass(frozen=True)
class Authority:
    """A root and an intermediate issuer, which issues everything else."""

    root: Credential
    issuer: Credential

    @classmethod
    def create(cls, now: datetime) -> "Authority":
        """Make a new authority with new keys.

        Args:
            now: aware; its certificates are valid from ten years before to twenty years after.
        """
        start, end = now - _BEFORE, now + _AFTER
        root_name = authority_name("Mali Mühür Kök Sertifikası - TEST")
        root_key, key = new_key("rsa", 3072), new_key("rsa", 3072)
        root = issue(Request(root_name, root_name, start, end, authority_extensions(1)), root_key, root_key)
        name = authority_name("Mali Mühür Elektronik Sertifika Hizmet Sağlayıcısı - S3")
        issuer = issue(Request(name, root_name, start, end, authority_extensions(0)), key, root_key)
        return cls(Credential(root_key, root, ()), Credential(key, issuer, (root,)))

    def save(self, folder: Path) -> None:
        """Write both certificates and keys as PEM into a folder; the keys are readable by the owner alone."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, credential in (("root", self.root), ("issuer", self.issuer)):
            _write_private(
                folder / f"{name}.key.pem",
                credential.key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                ),
            )
            pem = credential.certificate.public_bytes(serialization.Encoding.PEM)
            (folder / f"{name}.pem").write_bytes(pem)

    @classmethod
    def load(cls, folder: Path) -> "Authority":
        """Read what `save` has written.

        Raises:
            OSError: a file cannot be read.
            ValueError: a file is not what it should be.
        """
        root = x509.load_pem_x509_certificate((folder / "root.pem").read_bytes())
        issuer = x509.load_pem_x509_certificate((folder / "issuer.pem").read_bytes())
        return cls(
            Credential(_load_key(folder / "root.key.pem"), root, ()),
            Credential(_load_key(folder / "issuer.key.pem"), issuer, (root,)),
        )

    @property
    def root_pem(self) -> bytes:
        """The root certificate, for lists of trusted roots."""
        return self.root.certificate.public_bytes(serialization.Encoding.PEM)

    def issue_seal(
        self,
        tax_id: str,
        title: str,
        algorithm: Algorithm = "rsa",
        *,
        now: datetime,
        purpose: Literal["sign", "encrypt"] = "sign",
    ) -> Credential:
        """Issue one of a fiscal seal's two certificates, valid for three years.

        Args:
            tax_id: becomes the subject's serialNumber.
            title: becomes the subject's CN.
            algorithm: RSA-2048 or EC P-384.
            now: aware; validity begins an hour before.
            purpose: a seal's other certificate is for encryption: nothing may be signed with it.
        """
        signs = purpose == "sign"
        extensions = (
            (key_usage(digital_signature=signs, key_encipherment=not signs), True),
            (x509.ExtendedKeyUsage([SEAL_USAGE]), False),
            (x509.CertificatePolicies([x509.PolicyInformation(SEAL_POLICY, None)]), False),
        )
        return self._issue(holder_name(title, tax_id), algorithm, now, extensions)

    def issue_personal(self, tax_id: str, name: str, algorithm: Algorithm = "rsa", *, now: datetime) -> Credential:
        """Issue a person's qualified certificate, with which a person's own books may be signed."""
        extensions = (
            (key_usage(digital_signature=True, content_commitment=True), True),
            (x509.UnrecognizedExtension(_QUALIFIED_STATEMENTS, _QUALIFIED), False),
        )
        return self._issue(holder_name(name, tax_id), algorithm, now, extensions)

    def issue_gib(self, now: datetime) -> Credential:
        """Issue the certificate with which GİB counter-signs berats."""
        return self.issue_seal(GIB_NUMBER, GIB_TITLE, now=now)

    def issue_tsa(self, now: datetime) -> Credential:
        """Issue a time-stamp authority's certificate (RFC 3161: the one, critical extended usage)."""
        extensions = (
            (key_usage(digital_signature=True), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
        )
        return self._issue(holder_name("Zaman Damgası Sunucusu - TEST", None), "rsa", now, extensions)

    def _issue(self, subject: x509.Name, algorithm: Algorithm, now: datetime, extensions: Extensions) -> Credential:
        key = new_key(algorithm, 2048)
        start = now - timedelta(hours=1)
        request = Request(
            subject,
            self.issuer.certificate.subject,
            start,
            start + 3 * _YEAR,
            ((x509.BasicConstraints(ca=False, path_length=None), True), *extensions),
        )
        certificate = issue(request, key, self.issuer.key)
        return Credential(key, certificate, (self.issuer.certificate, self.root.certificate))


def _load_key(path: Path) -> PrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} holds neither an RSA nor an EC key")
    return key


def _write_private(path: Path, data: bytes) -> None:
    path.unlink(missing_ok=True)  # an old file's wider permissions would stay
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)

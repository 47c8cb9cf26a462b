"""From a signer's certificate to a trusted root."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import ExtensionPolicy, PolicyBuilder, Store, VerificationError


def broken_chain(certificate: x509.Certificate, trusted: Sequence[x509.Certificate], at: datetime) -> str | None:
    """Why no chain of certificates valid at a time leads to a trusted root; None where one does.

    Fiscal seals have extended usages of their own, so the signer's certificate may have any extensions; for its
    issuers the rules of RFC 5280 hold (certificate authorities, path length, usage).

    Args:
        certificate: the signer's.
        trusted: self-signed ones are roots; the others only help to build the chain.
        at: aware.
    """
    roots = [item for item in trusted if item.subject == item.issuer]
    if not roots:
        return "no root"
    any_signer, authorities = ExtensionPolicy.permit_all(), ExtensionPolicy.webpki_defaults_ca()
    try:
        policy = PolicyBuilder().store(Store(roots)).time(at.astimezone(UTC))
        verifier = policy.extension_policies(ca_policy=authorities, ee_policy=any_signer).build_client_verifier()
        verifier.verify(certificate, [item for item in trusted if item not in roots])
    except (VerificationError, ValueError, OverflowError) as error:  # a signer may claim a time of the year 1
        return str(error)
    return None


def may_sign(certificate: x509.Certificate) -> bool:
    """Whether a certificate's key usage allows signatures: a seal's digitalSignature, or a person's nonRepudiation."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, ValueError):
        return False
    return usage.digital_signature or usage.content_commitment


def serial_number(certificate: x509.Certificate) -> str | None:
    """The subject's serialNumber (OID 2.5.4.5): the tax number of whom the certificate is for."""
    found = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return str(found[0].value) if len(found) == 1 else None

"""Which of the certificates at hand signs for a tenant: a pure choice, with the reason where none will do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509

from defterhane.xades.algorithms import algorithm_of
from defterhane.xades.chain import serial_number
from defterhane.xades.errors import KeyUnusable
from signer.errors import KeyMissing, NoCertificate, NoSeal, NotForSigning, NotValid

SEAL_USAGE: Final = x509.ObjectIdentifier("2.16.792.1.2.1.1.5.7.50.1")
"""Extended key usage of fiscal seals (mali mühür)."""
_QUALIFIED_STATEMENTS: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_ENCRYPTION: Final = "ENCR0"


@dataclass(frozen=True)
class Candidate:
    """A certificate on a token or in a file."""

    certificate: x509.Certificate
    label: str
    key: bytes | None
    """How the token finds the private key; None where it has none."""


def choose(candidates: Iterable[Candidate], holders: Sequence[str], now: datetime) -> Candidate:
    """The first holder's seal before the next one's, the newest first.

    Args:
        candidates: all that is there.
        holders: serialNumbers of who may sign: the tenant, then its authorised signers.
        now: aware; the certificate must be valid then.

    Raises:
        NoSeal: none will do; which kind of it says why.
    """
    reasons: list[NoSeal] = []
    for holder in dict.fromkeys(holders):
        mine = [one for one in candidates if serial_number(one.certificate) == holder]
        fitting = []
        for candidate in mine:
            reason = _why_not(candidate, holder, now)
            if reason is None:
                fitting.append(candidate)
            else:
                reasons.append(reason)
        if fitting:
            return max(fitting, key=lambda one: (one.certificate.not_valid_before_utc, one.certificate.serial_number))
    # The reason that came nearest to a fitting one tells most.
    order = (NotForSigning, NotValid, KeyMissing)
    raise max(reasons, key=lambda reason: order.index(type(reason)), default=NoCertificate(tenant=holders[0]))


def _why_not(candidate: Candidate, holder: str, now: datetime) -> NoSeal | None:
    certificate = candidate.certificate
    if not _is_for_signing(candidate, holder):
        return NotForSigning(holder=holder)
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not start <= now <= end:
        return NotValid(holder=holder, start=start.date(), end=end.date())
    if candidate.key is None:
        return KeyMissing(holder=holder)
    return None


def _is_for_signing(candidate: Candidate, holder: str) -> bool:
    """A seal's certificate for signatures, or a person's qualified one."""
    if candidate.label.endswith(_ENCRYPTION):
        return False
    try:
        algorithm_of(candidate.certificate)
        extensions = candidate.certificate.extensions
    except (KeyUnusable, ValueError):
        return False
    usage = extensions.get_extension_for_class(x509.KeyUsage).value if _has(extensions, x509.KeyUsage.oid) else None
    if usage is None:
        return False
    if _has(extensions, _QUALIFIED_STATEMENTS):
        return usage.digital_signature or usage.content_commitment
    extended = (
        extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        if _has(extensions, x509.ExtendedKeyUsage.oid)
        else ()
    )
    return usage.digital_signature and (SEAL_USAGE in extended or candidate.label == f"{holder}SIGN0")


def _has(extensions: x509.Extensions, oid: x509.ObjectIdentifier) -> bool:
    return any(extension.oid == oid for extension in extensions)

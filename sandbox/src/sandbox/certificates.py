"""The sandbox's own certificates: made on the first start, the same ever after."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from pydantic import SecretStr

from sandbox.ca import Authority, Credential
from sandbox.errors import DataUnusable

# It protects nothing: the authority's own keys lie beside these files. PKCS#12 only keeps key and chain together.
_PASSWORD: Final = SecretStr("sandbox")
_RENEW_BEFORE: Final = timedelta(days=30)


@dataclass(frozen=True)
class Certificates:
    """Who stands behind the sandbox's signatures."""

    authority: Authority
    gib: Credential
    tsa: Credential

    @property
    def trusted(self) -> list[x509.Certificate]:
        """Where a seal's path may end: the root, and the issuer for tokens that carry the seal alone."""
        return [self.authority.root.certificate, self.authority.issuer.certificate]


def open_certificates(folder: Path, now: datetime) -> Certificates:
    """Read the certificates in a folder, or make them; those of GİB and the TSA are renewed before they end.

    Raises:
        DataUnusable: the folder cannot be used, or a file in it is not what was written.
    """
    try:
        if not folder.exists():
            unfinished = folder.with_name(f"{folder.name}.new")
            Authority.create(now).save(unfinished)
            unfinished.replace(folder)
        authority = Authority.load(folder)
        return Certificates(
            authority,
            gib=_credential(folder / "gib.p12", authority.issue_gib, now),
            tsa=_credential(folder / "tsa.p12", authority.issue_tsa, now),
        )
    except (OSError, ValueError) as error:
        raise DataUnusable(folder=folder, why=error) from error


def _credential(path: Path, issue: Callable[[datetime], Credential], now: datetime) -> Credential:
    if path.exists():
        credential = Credential.load_p12(path, _PASSWORD)
        if credential.certificate.not_valid_after_utc - _RENEW_BEFORE > now:
            return credential
    credential = issue(now)
    unfinished = path.with_name(f"{path.name}.new")
    credential.save_p12(unfinished, _PASSWORD)
    unfinished.replace(path)
    return credential

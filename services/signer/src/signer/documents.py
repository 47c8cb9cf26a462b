"""The bytes of one document: looked at before the key is asked, put together after. Runs in child processes."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cryptography import x509

from defterhane.xades import Preparation, Scope, SignatureIds, body_digest, read_head, write_signed


@dataclass(frozen=True)
class Body:
    """What a signature needs to know of a document."""

    sha256: str
    """Hex; of the canonical form."""
    scope: Scope
    root: tuple[str, str]
    """Namespace and local name."""


@dataclass(frozen=True)
class Plan:
    """Everything a signature is made of: the same plan gives the same bytes."""

    body: Body
    certificate: bytes
    """DER."""
    signing_time: datetime
    unique_id: UUID

    @property
    def preparation(self) -> Preparation:
        """The plan worked out.

        Raises:
            ValueError: the certificate is none.
        """
        return Preparation(
            self.body.sha256,
            self.body.scope,
            x509.load_der_x509_certificate(self.certificate),
            self.signing_time,
            SignatureIds.of(self.unique_id),
        )


def look_at(path: Path) -> Body:
    """Read a document once.

    Raises:
        OSError: it cannot be read.
        NotSignable: it does not begin like a canonical document.
    """
    head = read_head(path)
    return Body(body_digest(path), head.scope, head.qualified_root)


def put_together(source: Path, target: Path, plan: Plan, value: bytes) -> str:
    """Write the signed document, verified; returns its SHA-256 (hex).

    Raises:
        OSError, NotSignable, SignatureWrong: as `defterhane.xades.write_signed`.
    """
    return write_signed(source, target, plan.preparation, value).sha256

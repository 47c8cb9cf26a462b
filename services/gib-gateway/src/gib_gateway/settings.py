"""The gateway's settings, from the environment (`DEFTERHANE_GIB_…`).

GİB's addresses, codes and switches are known from one public reading of its guide only: all of them can be set.
"""

from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import Field

from defterhane.settings import Settings
from defterhane.soap.names import TokenType

_MIB = 1024 * 1024


class Standing(StrEnum):
    """What a package's durumKodu means."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


class GatewaySettings(Settings):
    """How to reach GİB, whom to believe, and how patient to be."""

    gib_endpoint: str = Field(pattern=r"^https?://")
    """Production `https://edefter.gib.gov.tr/edefter/services/EDefterWsPort`, test `https://edeftertest.…`."""
    gib_tls_ca: Path | None = None
    """PEM file of the authorities that GİB's web server is checked against; None = the system's."""
    gib_roots: tuple[Path, ...] = ()
    """PEM files of the roots that GİB's counter-signature may chain to, and of the issuers between them and it.
    Without one no berat is believed."""
    gib_certificates: Literal["path", "single"] = "path"
    """What travels in a message: the signer's certificate with its issuers (X509PKIPathv1), or alone (X509v3)."""
    gib_package_with_ledger: bool = False
    """Send the ledger in the package beside its berat."""
    gib_status_codes: dict[str, Standing] = Field(
        default={"1": Standing.WAITING, "2": Standing.APPROVED, "3": Standing.REJECTED}
    )
    """durumKodu → meaning. With a code that is not here a berat is asked for: getting it is the other sign."""

    gib_package_limit: int = Field(default=20 * _MIB, gt=0)
    """Bytes of a package that is sent."""
    gib_answer_limit: int = Field(default=8 * _MIB, gt=0)
    """Bytes of an answer that is read."""
    gib_document_limit: int = Field(default=32 * _MIB, gt=0)
    """Bytes of a document, sent or approved, unpacked."""
    gib_connect_seconds: float = Field(default=10, gt=0)
    gib_call_seconds: float = Field(default=90, gt=0)
    """For a whole call; what takes longer counts as unanswered."""
    gib_parallel: int = Field(default=8, ge=1)
    """Calls at once, per process."""

    gib_tick_seconds: float = Field(default=1, gt=0)
    """How often what is due is looked for."""
    gib_batch: int = Field(default=50, ge=1)
    """So much of it is taken at once."""
    gib_poll_seconds: float = Field(default=30, gt=0)
    """Until the first question for a package's state; then half as long again each time, up to the longest."""
    gib_poll_longest: float = Field(default=600, gt=0)
    gib_retry_seconds: float = Field(default=30, gt=0)
    """Until the first new try after a failure; then twice as long each time, up to the longest."""
    gib_retry_longest: float = Field(default=600, gt=0)
    gib_hold_seconds: float = Field(default=3600, gt=0)
    """Between tries while GİB says that the taxpayer may not upload now."""
    gib_signature_seconds: float = Field(default=120, gt=0)
    """How long a signer may take before a new message is made; twice as long each time."""
    gib_tell_after: int = Field(default=5, ge=1)
    """After so many failures in a row of one document people are told, and trying goes on; after so many calls in a
    row without an answer, of whatever documents, GİB is taken to be away, and one call at a time finds out."""

    @property
    def token_type(self) -> TokenType:
        """`gib_certificates` as messages say it."""
        return TokenType.PKI_PATH if self.gib_certificates == "path" else TokenType.X509

"""The validator's settings."""

from datetime import date
from pathlib import Path

from pydantic import Field

from defterhane.settings import Settings


class ValidatorSettings(Settings):
    """`DEFTERHANE_VALIDATION_SECONDS`…"""

    validation_seconds: float = Field(default=1800, gt=0)
    """After so long the check of one document is ended, and tried again later."""
    newer_journal_since: date | None = None
    """Since when the authority's newer rules on journals hold, by the period's first day; None = not known, so that
    journals are checked by both."""
    authority_folder: Path | None = None
    """Where an operator puts the authority's own files, version by version; None = they are not asked."""
    authority_berats: bool = True
    """Ask them about every berat and report."""
    authority_ledger_bytes: int = Field(default=0, ge=0)
    """Ask them about journals and ledgers up to so many bytes; 0 = never."""
    authority_seconds: float = Field(default=300, gt=0)
    """After so long they are not waited for."""
    authority_processes: int = Field(default=1, ge=1, le=16)
    """Child processes that run them."""
    authority_memory: int = Field(default=1_500_000_000, ge=100_000_000)
    """Resident bytes that one of these children may take: about four times a document, and 200 MB."""

"""The sandbox's settings, from the environment (`DEFTERHANE_SANDBOX_…`)."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

_MIB = 1024 * 1024


class SandboxSettings(BaseSettings):
    """How the outside world behaves. What it keeps lies in `data`; the same folder again is the same world."""

    model_config = SettingsConfigDict(
        env_prefix="DEFTERHANE_SANDBOX_",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,  # there are passwords among them
    )

    data: Path
    """Folder for its certificates, what was sent to it, and what it approved."""
    host: str = "127.0.0.1"
    port: int = Field(default=0, ge=0, le=65535)
    """0 = any free port."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    approval_delay: float = Field(default=60, ge=0)
    """Seconds from receiving a package to judging it; GİB takes about a minute on a quiet day."""
    package_limit: int = Field(default=20 * _MIB, gt=0)
    """Bytes of one package; a larger one is refused with fault 106."""
    document_limit: int = Field(default=10 * _MIB, gt=0)
    """Bytes of the document inside a package."""
    ledger_limit: int = Field(default=0, ge=0)
    """Bytes of a ledger that may lie in the package beside its berat; 0 = none is accepted."""
    queue_limit: int = Field(default=100_000, ge=0)
    """So many packages may wait; the next is refused with fault 113."""
    authorised: dict[str, frozenset[str]] = {}
    """Who may act for others: a certificate's serialNumber → the tax numbers, `*` = all of them."""
    without_role: frozenset[str] = frozenset()
    """serialNumbers that have no e-Defter role: refused with fault 102."""
    suspended: frozenset[str] = frozenset()
    """Tax numbers that may not upload now: refused with fault 114."""

    time_stamp_users: dict[int, SecretStr] = {}
    """User number → password. Where there are any, time stamps need Kamu SM's `identity` header."""
    admin: bool = False
    """Offer `/sandbox/…`: what was received, statistics, and faults on demand."""

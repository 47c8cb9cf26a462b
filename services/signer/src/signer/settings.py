"""The signer's settings, from the environment (`DEFTERHANE_SIGNER_…`).

Secrets may stand in files: `DEFTERHANE_SIGNER_PKCS11_PIN_FILE`, `DEFTERHANE_SIGNER_P12_PASSWORD_FILE`.
"""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from defterhane.settings import Settings


class SignerSettings(Settings):
    """Which keys this signer holds, and where."""

    model_config = SettingsConfigDict(hide_input_in_errors=True)

    signer_name: str = Field(default="main", pattern=r"^[a-z0-9-]{1,40}$")
    """Tenants are bound to a signer by its name; it gets the requests of these alone."""
    signer_p12_folder: Path | None = None
    """Software keys: a PKCS#12 file `<serialNumber>.p12` for each seal."""
    signer_p12_password: SecretStr | None = None
    """The password of these files."""
    signer_pkcs11_module: Path | None = None
    """The library of a card or HSM, such as `/usr/lib/libakisp11.so`."""
    signer_pkcs11_token: str | None = None
    """The token's label; None where there is one token only."""
    signer_pkcs11_slot: int | None = Field(default=None, ge=0)
    """The slot's number, where labels do not tell tokens apart."""
    signer_pkcs11_pin: SecretStr | None = None
    signer_pkcs11_processes: int = Field(default=1, ge=1, le=32)
    """Processes with a session each. A card allows one; an HSM gets faster with more."""
    signer_token_seconds: float = Field(default=60, gt=0)
    """So long may one call to the token take; then its process is ended."""
    signer_concurrency: int = Field(default=2, ge=1, le=32)
    """Documents signed at a time."""

    @model_validator(mode="after")
    def _one_kind_of_key(self) -> Self:
        software, token = self.signer_p12_folder, self.signer_pkcs11_module
        if (software is None) == (token is None):
            raise ValueError("set either DEFTERHANE_SIGNER_P12_FOLDER or DEFTERHANE_SIGNER_PKCS11_MODULE")
        if software is not None and self.signer_p12_password is None:
            raise ValueError("DEFTERHANE_SIGNER_P12_PASSWORD (or …_FILE) is not set")
        if token is not None and self.signer_pkcs11_pin is None:
            raise ValueError("DEFTERHANE_SIGNER_PKCS11_PIN (or …_FILE) is not set")
        return self

"""`--key`: a PKCS#12 file, or a card or HSM behind a PKCS#11 library."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs

from pydantic import SecretStr

from defterhane.xades import SigningKey, SoftwareKey
from defterhane_cli.errors import KeyUnknown
from signer.choice import choose
from signer.tokens.session import TokenAddress, TokenKey, TokenSession


@dataclass(frozen=True)
class KeyOptions:
    """What `--key` and `--pin-file` say."""

    kind: str
    path: Path
    token: str | None
    holder: str
    """serialNumber of the certificate to sign with: a VKN or TCKN."""
    secret: SecretStr

    @classmethod
    def parse(cls, text: str, pin_file: Path | None, holder: str) -> Self:
        """Read `p12:PATH` or `pkcs11:MODULE?vkn=VKN&token=LABEL`; ask for the PIN where no file or variable has it.

        `holder` is whose certificate it is where `vkn` does not say.

        Raises:
            KeyUnknown: neither of the two.
            OSError: the PIN's file cannot be read.
        """
        kind, _, rest = text.partition(":")
        path, _, query = rest.partition("?")
        if kind not in ("p12", "pkcs11") or not path:
            raise KeyUnknown(value=text)
        options = parse_qs(query)
        return cls(
            kind,
            Path(path),
            next(iter(options.get("token", ())), None),
            next(iter(options.get("vkn", ())), holder),
            _secret(pin_file),
        )


@contextmanager
def open_key(options: KeyOptions) -> Iterator[SigningKey]:
    """The key, for as long as the block lasts.

    Raises:
        DefterhaneError: it cannot be opened; the error says why.
        OSError: a file cannot be read.
    """
    if options.kind == "p12":
        yield SoftwareKey.read_p12(options.path, options.secret)
        return
    session = TokenSession(TokenAddress(options.path, options.token, None, options.secret))
    try:
        candidates = session.candidates()
        yield TokenKey(session, choose(candidates, [options.holder], datetime.now(UTC)), candidates)
    finally:
        session.close()


def _secret(pin_file: Path | None) -> SecretStr:
    if pin_file is not None:
        return SecretStr(pin_file.read_text("utf-8").rstrip("\r\n"))
    given = os.environ.get("DEFTERHANE_PIN")
    return SecretStr(given if given is not None else getpass("PIN: "))

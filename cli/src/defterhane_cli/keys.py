"""`--key`: a PKCS#12 file, or a card or HSM behind a PKCS#11 library."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from getpass import GetPassWarning, getpass
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import parse_qs

from pydantic import SecretStr

from defterhane.edefter.names import DocumentName
from defterhane.xades import SigningKey, SoftwareKey
from defterhane_cli.errors import HolderUnknown, KeyUnknown, PinMissing, PinUnreadable
from signer.choice import choose
from signer.tokens.session import TokenAddress, TokenKey, TokenSession


@dataclass(frozen=True)
class KeyOptions:
    """What `--key` and `--pin-file` say."""

    kind: str
    path: Path
    token: str | None
    holder: str | None
    """serialNumber of the certificate to sign with (a VKN or TCKN); None = whosever document it is."""
    secret: SecretStr

    @classmethod
    def parse(cls, text: str, pin_file: Path | None) -> Self:
        """Read `p12:PATH` or `pkcs11:MODULE?vkn=VKN&token=LABEL`; ask for the PIN where no file or variable has it.

        Raises:
            KeyUnknown: neither of the two.
            PinMissing: there is no terminal to ask at.
            PinUnreadable: the PIN's file is no text.
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
            next(iter(options.get("vkn", ())), None),
            _secret(pin_file),
        )


class Keys(Protocol):
    """What can sign."""

    def key_for(self, file: Path) -> SigningKey:
        """The key for a document.

        Raises:
            DefterhaneError: there is none; the error says why.
        """


@contextmanager
def open_keys(options: KeyOptions) -> Iterator[Keys]:
    """The keys, for as long as the block lasts.

    Raises:
        DefterhaneError: they cannot be opened; the error says why.
        OSError: a file cannot be read.
    """
    if options.kind == "p12":
        yield _OneKey(SoftwareKey.read_p12(options.path, options.secret))
        return
    session = TokenSession(TokenAddress(options.path, options.token, None, options.secret))
    try:
        yield _TokenKeys(session, options.holder)
    finally:
        session.close()


class _OneKey:
    def __init__(self, key: SigningKey) -> None:
        self._key = key

    def key_for(self, file: Path) -> SigningKey:
        """The one there is, whosever document it is: an accountant's may be the tenant's authorised signer's."""
        return self._key


class _TokenKeys:
    """A token may hold the seals of many: each document is signed with its own taxpayer's."""

    def __init__(self, session: TokenSession, holder: str | None) -> None:
        self._session = session
        self._holder = holder
        self._candidates = session.candidates()

    def key_for(self, file: Path) -> SigningKey:
        """The seal of the holder that was named, else of whose document it is by its name."""
        chosen = choose(self._candidates, [self._holder or _holder_of(file)], datetime.now(UTC))
        return TokenKey(self._session, chosen, self._candidates)


def _holder_of(file: Path) -> str:
    try:
        return DocumentName.parse(file.name).tax_id
    except ValueError:
        raise HolderUnknown(path=file) from None


def _secret(pin_file: Path | None) -> SecretStr:
    if pin_file is not None:
        try:
            return SecretStr(pin_file.read_text("utf-8").rstrip("\r\n"))
        except UnicodeDecodeError:
            raise PinUnreadable(path=pin_file) from None
    given = os.environ.get("DEFTERHANE_PIN")
    return SecretStr(given if given is not None else _ask())


def _ask() -> str:
    with warnings.catch_warnings():
        # It would read from standard input, and show what is typed.
        warnings.simplefilter("error", GetPassWarning)
        try:
            return getpass("PIN: ")
        except (GetPassWarning, EOFError):
            raise PinMissing from None

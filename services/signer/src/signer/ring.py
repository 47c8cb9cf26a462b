"""The signer's keys behind one face: which key signs for a tenant, and its signature, off the event loop."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from cryptography import x509
from pydantic import SecretStr

from defterhane.tenant import Tenant
from defterhane.xades.algorithms import SignatureAlgorithm, algorithm_of
from defterhane.xades.keys import SoftwareKey, order_chain
from defterhane.xades.sign import check_value
from signer.choice import Candidate, choose
from signer.errors import NoSeal
from signer.settings import SignerSettings
from signer.tokens.session import TokenAddress
from signer.tokens.worker import TokenWorkers

_OLD: Final = 900.0
"""Seconds: an older list of certificates is read again."""
_FILE_STEM: Final = re.compile(r"[0-9A-Za-z-]{1,64}")


@dataclass(frozen=True)
class RingKey:
    """The key that signs for a tenant."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    """Its issuers as far as they are known, the nearest first."""
    _ask: Callable[[bytes], Awaitable[bytes]]

    @property
    def algorithm(self) -> SignatureAlgorithm:
        """What `sign` makes."""
        return algorithm_of(self.certificate)

    async def sign(self, data: bytes) -> bytes:
        """The signature over `data`, as SignatureValue holds it, verified with the certificate.

        Raises:
            TokenAway, TokenLocked, TokenUnusable: the token does not sign.
            SignatureWrong: its signature is not the certificate's.
        """
        value = await self._ask(data)
        check_value(self.certificate, data, value)
        return value


class KeyRing(Protocol):
    """All keys of one signer."""

    async def key_for(self, tenant: Tenant) -> RingKey:
        """The key that signs for a tenant now.

        Raises:
            NoSeal: none will do; which kind of it says why.
            TokenAway, TokenLocked, TokenUnusable: the token does not answer.
            KeyUnusable: a key file cannot be opened.
        """

    async def close(self) -> None:
        """Give sessions back."""


def open_ring(settings: SignerSettings, clock: Callable[[], datetime]) -> KeyRing:
    """The ring that the settings describe; nothing is opened before a key is needed."""
    if settings.signer_p12_folder is not None and settings.signer_p12_password is not None:
        return FileRing(settings.signer_p12_folder, settings.signer_p12_password, clock)
    assert settings.signer_pkcs11_module is not None
    assert settings.signer_pkcs11_pin is not None
    address = TokenAddress(
        settings.signer_pkcs11_module,
        settings.signer_pkcs11_token,
        settings.signer_pkcs11_slot,
        settings.signer_pkcs11_pin,
    )
    return TokenRing(TokenWorkers(address, settings.signer_pkcs11_processes, settings.signer_token_seconds), clock)


class TokenRing:
    """Keys on a card or in an HSM."""

    def __init__(self, workers: TokenWorkers, clock: Callable[[], datetime]) -> None:
        self._workers = workers
        self._clock = clock
        self._candidates: list[Candidate] = []
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def key_for(self, tenant: Tenant) -> RingKey:
        """See `KeyRing`. The list of certificates is kept for a while, and read again where none of them will do."""
        holders = _holders(tenant)
        try:
            chosen = choose(await self._listed(_OLD), holders, self._clock())
        except NoSeal:
            # It may have been put on the token a moment ago: a refusal always rests on a list read now.
            chosen = choose(await self._listed(0), holders, self._clock())
        key = chosen.key
        assert key is not None
        algorithm = algorithm_of(chosen.certificate)
        chain = order_chain(chosen.certificate, [one.certificate for one in self._candidates])
        return RingKey(chosen.certificate, chain, lambda data: self._workers.sign(key, algorithm, data))

    async def close(self) -> None:
        """End the token's processes."""
        await self._workers.close()

    async def _listed(self, age: float) -> list[Candidate]:
        async with self._reading:
            if time.monotonic() - self._read_at > age:
                self._candidates = await self._workers.candidates()
                self._read_at = time.monotonic()
            return self._candidates


class FileRing:
    """Keys in PKCS#12 files, `<serialNumber>.p12` in a folder; each is opened when it is first needed."""

    def __init__(self, folder: Path, password: SecretStr, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._password = password
        self._clock = clock
        self._opened: dict[tuple[Path, int, int], SoftwareKey] = {}

    async def key_for(self, tenant: Tenant) -> RingKey:
        """See `KeyRing`."""
        keys = await asyncio.to_thread(self._open, _holders(tenant))
        by_name = {name.encode(): key for name, key in keys.items()}
        candidates = [Candidate(key.certificate, "", name) for name, key in by_name.items()]
        chosen = choose(candidates, _holders(tenant), self._clock())
        assert chosen.key is not None
        key = by_name[chosen.key]
        return RingKey(key.certificate, key.chain, lambda data: asyncio.to_thread(key.sign, data))

    async def close(self) -> None:
        """Nothing is open."""

    def _open(self, names: tuple[str, ...]) -> dict[str, SoftwareKey]:
        found = {}
        for name in names:
            path = self._folder / f"{name}.p12"
            if not _FILE_STEM.fullmatch(name) or not path.is_file():
                continue
            state = path.stat()
            version = (path, state.st_mtime_ns, state.st_size)
            if version not in self._opened:
                self._opened = {known: key for known, key in self._opened.items() if known[0] != path}
                self._opened[version] = SoftwareKey.read_p12(path, self._password)
            found[name] = self._opened[version]
        return found


def _holders(tenant: Tenant) -> tuple[str, ...]:
    """Whose seals may sign for a tenant: its own, then those it has authorised."""
    return (tenant.tax_id, *tenant.authorised_signers)

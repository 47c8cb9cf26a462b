"""One PKCS#11 session: one log-in, used by one thread of one process.

The library crashes a process in which two threads have sessions, and a card allows one session: scale by processes
(`signer.tokens.worker`).
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pkcs11 import Attribute, Mechanism, ObjectClass, TokenFlag
from pkcs11 import exceptions as wrong
from pydantic import SecretStr

from defterhane.xades.algorithms import SignatureAlgorithm, algorithm_of
from defterhane.xades.keys import order_chain
from signer.choice import Candidate
from signer.errors import PinInDanger, TokenAway, TokenUnusable, WrongPin

_SHA256_INFO: Final = bytes.fromhex("3031300d060960864801650304020105000420")
"""DER of a DigestInfo for SHA-256, up to the digest (RFC 8017, 9.2)."""

_PIN: Final = (
    wrong.PinIncorrect,
    wrong.PinInvalid,
    wrong.PinLenRange,
    wrong.PinExpired,
    wrong.UserPinNotInitialized,
)
_FOR_GOOD: Final = (
    wrong.NoSuchToken,
    wrong.MultipleTokensReturned,
    wrong.MultipleObjectsReturned,
    wrong.SlotIDInvalid,
    wrong.TokenNotRecognised,
    wrong.MechanismInvalid,
    wrong.MechanismParamInvalid,
    wrong.KeyTypeInconsistent,
    wrong.KeySizeRange,
    wrong.FunctionNotSupported,
)


@dataclass(frozen=True)
class TokenAddress:
    """Which token of which library, and its PIN."""

    module: Path
    token: str | None
    """Label."""
    slot: int | None
    pin: SecretStr


class TokenSession:
    """A logged-in session. After any error it is to be given up, and a new one opened in a new process."""

    def __init__(self, address: TokenAddress) -> None:
        """Open a session and log in, once.

        Raises:
            TokenUnusable: the library cannot be loaded, or has no such token, or several.
            WrongPin: the token refused the PIN.
            PinInDanger: the PIN is locked or has one try left; it has not been tried.
            TokenAway: anything else.
        """
        with _translated():
            token = _find(address)
            if token.flags & (TokenFlag.USER_PIN_FINAL_TRY | TokenFlag.USER_PIN_LOCKED):
                raise PinInDanger
            self._session = token.open(user_pin=address.pin.get_secret_value())
            self._mechanisms = set(token.slot.get_mechanisms())

    def candidates(self) -> list[Candidate]:
        """All X.509 certificates on the token, each with its key's CKA_ID where its key is there.

        Raises:
            TokenAway: the session is lost.
        """
        with _translated():
            keys = {bytes(key.id) for key in self._objects(ObjectClass.PRIVATE_KEY)}
            found = []
            for item in self._objects(ObjectClass.CERTIFICATE):
                certificate = _certificate(bytes(item[Attribute.VALUE]))
                identifier = bytes(item[Attribute.ID])
                if certificate is not None:
                    key = identifier if identifier in keys else None
                    found.append(Candidate(certificate, str(item[Attribute.LABEL] or ""), key))
            return found

    def sign(self, key: bytes, algorithm: SignatureAlgorithm, data: bytes) -> bytes:
        """Sign with a private key: combined where the token hashes itself, else over the hash.

        Args:
            key: its CKA_ID.
            algorithm: of the signature.
            data: what to sign, unhashed.

        Raises:
            TokenAway: the session is lost, or the key is no longer there.
            TokenUnusable: the token cannot sign that way.
        """
        with _translated():
            private: Any = self._session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=key)
            if algorithm is SignatureAlgorithm.ECDSA_SHA384:
                return bytes(private.sign(hashlib.sha384(data).digest(), mechanism=Mechanism.ECDSA))
            if Mechanism.SHA256_RSA_PKCS in self._mechanisms:
                return bytes(private.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS))
            info = _SHA256_INFO + hashlib.sha256(data).digest()
            return bytes(private.sign(info, mechanism=Mechanism.RSA_PKCS))

    def close(self) -> None:
        """Log out, if the token is still there."""
        try:
            self._session.close()
        except wrong.PKCS11Error:
            return

    def _objects(self, kind: ObjectClass) -> list[Any]:
        return list(self._session.get_objects({Attribute.CLASS: kind}))


class TokenKey:
    """A key on a token, as `defterhane.xades` wants keys: for a program with one thread, such as the command line."""

    def __init__(self, session: TokenSession, candidate: Candidate, others: list[Candidate]) -> None:
        assert candidate.key is not None
        self._session = session
        self._key = candidate.key
        self.certificate = candidate.certificate
        self.chain = order_chain(candidate.certificate, [one.certificate for one in others])
        self.algorithm = algorithm_of(candidate.certificate)

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`, as SignatureValue holds it.

        Raises:
            TokenAway: the session is lost.
        """
        return self._session.sign(self._key, self.algorithm, data)


def der(certificate: x509.Certificate) -> bytes:
    """A certificate as it travels between processes."""
    return certificate.public_bytes(Encoding.DER)


def _certificate(data: bytes) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(data)
    except ValueError:  # other kinds of certificates may lie there too
        return None


def _find(address: TokenAddress) -> pkcs11.Token:
    try:
        library = pkcs11.lib(str(address.module))
    except RuntimeError as error:
        raise TokenUnusable(why=address.module.name) from error
    there = [
        token
        for slot in library.get_slots(token_present=True)
        if TokenFlag.TOKEN_INITIALIZED in (token := slot.get_token()).flags
    ]
    if not there:
        raise TokenAway(why="0")
    tokens = [
        token for token in there if address.token in (None, token.label) and address.slot in (None, token.slot.slot_id)
    ]
    if len(tokens) != 1:
        raise TokenUnusable(why=", ".join(sorted(token.label for token in tokens or there)))
    return tokens[0]


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except wrong.PinLocked as error:
        raise PinInDanger from error
    except _PIN as error:
        raise WrongPin from error
    except _FOR_GOOD as error:
        raise TokenUnusable(why=type(error).__name__) from error
    except wrong.PKCS11Error as error:
        raise TokenAway(why=type(error).__name__) from error

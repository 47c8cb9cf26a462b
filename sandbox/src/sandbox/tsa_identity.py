"""Kamu SM's `identity` header: who asks for a time stamp, proven with a password.

The header is the hexadecimal form of the DER of

    SEQUENCE { userid INTEGER, salt OCTET STRING (16), iterationCount INTEGER, iv OCTET STRING (16),
               encryptedMessageImprint OCTET STRING }

where the imprint's digest is encrypted by AES-256-CBC (PKCS#7 padding) under the key
PBKDF2-HMAC-SHA256(password, salt, iterationCount, 32 bytes).
"""

import hmac
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from asn1crypto import core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.padding import PKCS7
from pydantic import SecretStr

_HEADER_LIMIT: Final = 1024
_ITERATIONS_LIMIT: Final = 10_000
"""Kamu SM's clients use 100; a bound, for the number is the caller's."""
_BLOCK: Final = 16


class IdentityRefused(Exception):
    """Who asks is not known. The text is the same whatever was wrong: it must not help to guess."""

    def __init__(self) -> None:
        super().__init__("the identity header is missing or wrong")


class Identity(core.Sequence):  # type: ignore[misc]
    """The header's content."""

    _fields: ClassVar = [
        ("user_id", core.Integer),
        ("salt", core.OctetString),
        ("iteration_count", core.Integer),
        ("iv", core.OctetString),
        ("encrypted_imprint", core.OctetString),
    ]


def check_identity(header: str | None, imprint: bytes, users: Mapping[int, SecretStr]) -> int:
    """Check a header against the digest that is to be stamped. Returns the user's number.

    Raises:
        IdentityRefused: no header, no such user, a wrong password, or a header made for another digest.
    """
    if not header or len(header) > _HEADER_LIMIT:
        raise IdentityRefused
    try:
        fields: dict[str, Any] = dict(Identity.load(bytes.fromhex(header), strict=True).native)
    except (ValueError, TypeError) as error:
        raise IdentityRefused from error
    password = users.get(fields["user_id"])
    sizes = (len(fields["salt"]), len(fields["iv"]))
    if password is None or sizes != (_BLOCK, _BLOCK) or not 1 <= fields["iteration_count"] <= _ITERATIONS_LIMIT:
        raise IdentityRefused
    key = PBKDF2HMAC(hashes.SHA256(), 32, fields["salt"], fields["iteration_count"]).derive(
        password.get_secret_value().encode()
    )
    if not hmac.compare_digest(_decrypt(key, fields["iv"], fields["encrypted_imprint"]), imprint):
        raise IdentityRefused
    return int(fields["user_id"])


def _decrypt(key: bytes, initial: bytes, data: bytes) -> bytes:
    decryptor = Cipher(algorithms.AES(key), modes.CBC(initial)).decryptor()
    unpadder = PKCS7(_BLOCK * 8).unpadder()
    try:
        return unpadder.update(decryptor.update(data) + decryptor.finalize()) + unpadder.finalize()
    except ValueError as error:
        raise IdentityRefused from error

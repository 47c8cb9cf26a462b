"""Password hashes: scrypt, in one text that tells its own parameters."""

import base64
import hashlib
import hmac
import os

_N, _R, _P = 2**14, 8, 1


def hash_password(password: str) -> str:
    """A salted hash to keep: `scrypt$N$r$p$salt$hash`."""
    salt = os.urandom(16)
    return f"scrypt${_N}${_R}${_P}${_text(salt)}${_text(_derive(password, salt, _N, _R, _P))}"


def check_password(password: str, kept: str) -> bool:
    """Whether a password is the one whose hash was kept. Heavy (about 50 ms): call it off the event loop."""
    try:
        scheme, n, r, p, salt, digest = kept.split("$")
        derived = _derive(password, base64.b64decode(salt), int(n), int(r), int(p))
    except ValueError:
        return False
    return scheme == "scrypt" and hmac.compare_digest(derived, base64.b64decode(digest))


def _derive(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, dklen=32, maxmem=64 * 1024 * 1024)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()

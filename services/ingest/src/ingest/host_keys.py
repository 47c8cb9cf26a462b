"""The server's own keys: read from a file, made at the first start."""

import os
from pathlib import Path

import asyncssh

from ingest.errors import HostKeyUnreadable

_MADE = ("ssh-ed25519", "ecdsa-sha2-nistp256")
"""The second for old clients that do not know the first."""


def load_host_keys(path: Path) -> list[asyncssh.SSHKey]:
    """The private keys in a file, one after the other; where there is no file it is made, readable by its owner alone.

    Raises:
        HostKeyUnreadable: the file holds no usable private key, or cannot be read or made.
    """
    try:
        if not path.exists():
            _make(path)
        keys = list(asyncssh.read_private_key_list(path))
    except (OSError, ValueError, asyncssh.Error) as error:
        raise HostKeyUnreadable(path=path) from error
    if not keys:
        raise HostKeyUnreadable(path=path)
    return keys


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = b"".join(asyncssh.generate_private_key(kind).export_private_key() for kind in _MADE)
    being_written = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(being_written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(handle)
    try:
        os.link(being_written, path)  # of several that start at once, the first wins
    except FileExistsError:
        pass
    finally:
        being_written.unlink()

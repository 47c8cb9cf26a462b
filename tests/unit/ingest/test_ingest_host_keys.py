"""The server's own keys."""

from pathlib import Path

import asyncssh
import pytest

from ingest.errors import HostKeyUnreadable
from ingest.host_keys import load_host_keys


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "sftp"
    made = [key.public_data for key in load_host_keys(path)]
    assert [key.public_data for key in load_host_keys(path)] == made
    assert len(made) == 2
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["sftp"]


def test_an_operator_s_key_is_used(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-rsa")
    key.write_private_key(tmp_path / "sftp")
    assert [loaded.public_data for loaded in load_host_keys(tmp_path / "sftp")] == [key.public_data]


@pytest.mark.parametrize("content", [b"", b"not a key", b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"])
def test_unusable_files_are_the_operator_s(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sftp"
    path.write_bytes(content)
    with pytest.raises(HostKeyUnreadable, match="sftp_host_key"):
        load_host_keys(path)


def test_locked_key_is_the_operator_s(tmp_path: Path) -> None:
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(tmp_path / "sftp", "pkcs8-pem", passphrase="secret")
    with pytest.raises(HostKeyUnreadable):
        load_host_keys(tmp_path / "sftp")

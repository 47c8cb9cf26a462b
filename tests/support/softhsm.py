"""A private SoftHSM: a token in a folder of its own, with seals on it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from sandbox.ca import Credential

PIN = "246813"
SO_PIN = "97531"
LABEL = "Mühürler"


def find_module() -> Path | None:
    """SoftHSM's library: a given one, or one in the usual places."""
    given = os.environ.get("DEFTERHANE_TEST_PKCS11_MODULE")
    if given:
        return Path(given)
    for root in ("/usr/lib", "/usr/local/lib", "/usr/lib64", "/opt/homebrew/lib"):
        for pattern in (
            "softhsm/libsofthsm2.so",
            "*/softhsm/libsofthsm2.so",
            "libsofthsm2.so",
            "pkcs11/libsofthsm2.so",
        ):
            for found in sorted(Path(root).glob(pattern)):
                return found
    return None


class SoftToken:
    """A token that tests may fill."""

    def __init__(self, folder: Path, module: Path) -> None:
        self.folder = folder
        self.module = module
        self.configuration = folder / "softhsm2.conf"
        (folder / "tokens").mkdir(parents=True)
        self.configuration.write_text(
            f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        self._run("softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", SO_PIN)

    def put(self, credential: Credential, label: str, number: int, *, key: bool = True) -> None:
        """Put a certificate on the token, with its key."""
        if key:
            pem = self.folder / "key.pem"
            pem.write_bytes(credential.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            self._run(
                *("softhsm2-util", "--import", str(pem), "--token", LABEL, "--pin", PIN),
                *("--label", label, "--id", f"{number:04x}"),
            )
            pem.unlink()
        self.put_certificate(credential.certificate, label, number)

    def put_certificate(self, certificate: x509.Certificate, label: str, number: int) -> None:
        """Put a certificate alone on the token."""
        der = self.folder / "certificate.der"
        der.write_bytes(certificate.public_bytes(Encoding.DER))
        self._tool("--write-object", str(der), "--type", "cert", "--label", label, "--id", f"{number:04x}")

    def remove_key(self, number: int) -> None:
        """Take a key away."""
        self._tool("--delete-object", "--type", "privkey", "--id", f"{number:04x}")

    def tries(self) -> bool:
        """Whether the right PIN still works."""
        done = self._tool("--login", "--list-objects", check=False)
        return done.returncode == 0

    def _tool(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        login = () if "--login" in arguments else ("--login",)
        return self._run(
            *("pkcs11-tool", "--module", str(self.module), "--token-label", LABEL, "--pin", PIN),
            *login,
            *arguments,
            check=check,
        )

    def _run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            env={**os.environ, "SOFTHSM2_CONF": str(self.configuration)},
            capture_output=True,
            text=True,
            timeout=30,
        )
        if check and done.returncode != 0:
            raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")
        return done


def missing() -> str | None:
    """What is missing for a SoftHSM; None where all is there."""
    for program in ("softhsm2-util", "pkcs11-tool"):
        if shutil.which(program) is None:
            return program
    return None if find_module() else "libsofthsm2.so"


@contextmanager
def soft_token(folder: Path) -> Iterator[SoftToken]:
    """A fresh token; this process and its children see it alone."""
    module = find_module()
    assert module is not None
    before = os.environ.get("SOFTHSM2_CONF")
    token = SoftToken(folder, module)
    os.environ["SOFTHSM2_CONF"] = str(token.configuration)
    try:
        yield token
    finally:
        if before is None:
            del os.environ["SOFTHSM2_CONF"]
        else:
            os.environ["SOFTHSM2_CONF"] = before

"""Signs one file from beginning to end, with a key at hand."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from defterhane.xades.algorithms import holds, one_line
from defterhane.xades.canonical import Layout, NotCanonical, scan
from defterhane.xades.errors import AlreadySigned, NotSignable, SignatureWrong
from defterhane.xades.head import read_head
from defterhane.xades.keys import SigningKey, check_certificate
from defterhane.xades.prepare import Preparation, SignatureIds
from defterhane.xades.splice import Spliced, splice
from defterhane.xades.tree import write_canonical
from defterhane.xades.verify import verify_layout

_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class SignedDocument:
    """A file that has been signed."""

    signature_value: str
    """Base64 in one line."""
    sha256: str
    """Hex; of the whole file."""
    size: int
    """Bytes."""
    body_sha256: str
    signing_time: datetime
    certificate_sha256: str


def sign_file(
    source: Path, target: Path, key: SigningKey, *, signing_time: datetime, new_id: Callable[[], UUID]
) -> SignedDocument:
    """Sign a document.

    A source that is not canonical (a line end after the root, attributes in another order) is made so first; that
    takes about six times its size in memory. The target appears, or is replaced, only when it is whole and verified.

    Args:
        source: an unsigned e-Defter document.
        target: may be the source itself.
        key: what signs.
        signing_time: aware.
        new_id: one UUID, for the signature's Ids.

    Raises:
        OSError: reading or writing failed.
        NotSignable: the source is no document, is signed already, or too large to be made canonical.
        KeyUnusable: the key's certificate may not sign, not at that time, or not as GİB accepts it.
        SignatureWrong: the key's answer does not verify with its certificate.
    """
    check_certificate(key.certificate, signing_time)
    with tempfile.TemporaryDirectory(prefix=".signing-", dir=target.parent) as folder:
        ready, body_sha256 = make_canonical(source, Path(folder) / "canonical.xml")
        preparation = Preparation(
            body_sha256, read_head(ready).scope, key.certificate, signing_time, SignatureIds.new(new_id)
        )
        value = key.sign(preparation.signed_info)
        signed = write_signed(ready, Path(folder) / "signed.xml", preparation, value)
        (Path(folder) / "signed.xml").replace(target)
    _sync_folder(target.parent)
    return SignedDocument(
        signature_value=one_line(value),
        sha256=signed.sha256,
        size=signed.size,
        body_sha256=body_sha256,
        signing_time=signing_time,
        certificate_sha256=key.certificate.fingerprint(SHA256()).hex(),
    )


def make_canonical(source: Path, copy: Path) -> tuple[Path, str]:
    """A document's canonical file (itself, or a copy), and the digest that a signature refers to (hex).

    Raises:
        OSError, NotSignable: as `sign_file`.
    """
    try:
        layout = scan(source)
    except (NotCanonical, NotSignable):
        write_canonical(source, copy)
        return copy, body_digest(copy)
    if layout.signature is not None:
        raise AlreadySigned
    return source, layout.body_sha256


def body_digest(path: Path) -> str:
    """SHA-256 (hex) of an unsigned canonical document without its XML declaration.

    Raises:
        OSError: the file cannot be read.
        NotSignable: it does not begin like a canonical document.
    """
    declaration = read_head(path).declaration
    with path.open("rb") as file:
        file.seek(declaration)
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_signed(source: Path, target: Path, preparation: Preparation, value: bytes) -> Spliced:
    """Write the signed document, and verify what lies on the disk before anybody may have it.

    Args:
        source: canonical, unsigned.
        target: must not exist.
        preparation: what was asked of the key.
        value: the key's answer.

    Raises:
        OSError, NotSignable: as `splice`.
        SignatureWrong: the answer does not verify, or what was written does not.
    """
    check_value(preparation.certificate, preparation.signed_info, value)
    spliced = splice(source, target, preparation.signature(value), body_sha256=preparation.body_sha256)
    verification = verify_layout(_read_back(target, spliced))
    if not verification.ok:
        target.unlink()
        failed = ", ".join(item.name for item in verification.checks if not item.ok)
        raise SignatureWrong(certificate=failed)
    return spliced


def check_value(certificate: x509.Certificate, data: bytes, value: bytes) -> None:
    """Check a key's answer.

    Raises:
        SignatureWrong: it does not verify with the certificate.
    """
    if not holds(certificate, data, value):
        raise SignatureWrong(certificate=f"{certificate.serial_number:x}")


def _read_back(path: Path, spliced: Spliced) -> Layout:
    """The layout of a spliced file, with the digest of what is on the disk now."""
    start, end = spliced.signature
    digest = sha256()
    with path.open("rb") as file:
        file.seek(spliced.head.declaration)
        remaining = start - spliced.head.declaration
        while remaining and (piece := file.read(min(_CHUNK, remaining))):
            digest.update(piece)
            remaining -= len(piece)
        signature = file.read(end - start)
        digest.update(file.read())
    return Layout(spliced.head, digest.hexdigest(), signature)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

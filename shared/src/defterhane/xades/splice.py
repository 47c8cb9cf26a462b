"""Puts a signature into a canonical document: one pass over the bytes, in constant memory."""

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from defterhane.xades.errors import AlreadySigned, DigestDiffers, NotClosed
from defterhane.xades.head import Head, read_head

CHUNK: Final = 1024 * 1024
_SIGNATURE: Final = re.compile(rb"<(?:[^\s<>/:]{1,40}:)?Signature[\s/>]")
_OVERLAP: Final = 64


@dataclass(frozen=True)
class Spliced:
    """A signed file, and where in it the signature stands."""

    sha256: str
    size: int
    """Bytes."""
    signature: tuple[int, int]
    """From, to; bytes from the file's first."""
    head: Head


def splice(source: Path, target: Path, signature: bytes, *, body_sha256: str) -> Spliced:
    """Copy a document with its signature inserted before the root's end tag.

    The target is written to disk; it must not exist. On any error it is removed again.

    Args:
        source: an XML declaration in its own line (or none), then canonical bytes that end with the root's end tag.
        target: where to write.
        signature: as `Preparation.signature` gives it.
        body_sha256: hex; the digest that the signature refers to.

    Raises:
        OSError: reading or writing failed.
        NotSignable: the source does not begin like a canonical document.
        NotClosed: it does not end with the root's end tag.
        AlreadySigned: there is a signature in it.
        DigestDiffers: its bytes have another digest.
    """
    head = read_head(source)
    with source.open("rb") as reading, target.open("xb") as writing:
        try:
            spliced = _splice(reading, writing, head, signature, body_sha256)
            writing.flush()
            os.fsync(writing.fileno())
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    return spliced


def _splice(reading: BinaryIO, writing: BinaryIO, head: Head, signature: bytes, body_sha256: str) -> Spliced:
    end_tag = head.end_tag
    end = os.fstat(reading.fileno()).st_size - len(end_tag)
    if end < head.body or _ends(reading, end) != end_tag:
        raise NotClosed(end=end_tag.decode("ascii"))
    declaration = reading.read(head.declaration)
    writing.write(declaration)
    body, whole = sha256(), sha256(declaration)
    remaining, before = end - head.declaration, b""
    while remaining and (piece := reading.read(min(CHUNK, remaining))):
        if b"Signature" in before + piece and _SIGNATURE.search(before + piece):
            raise AlreadySigned
        body.update(piece)
        whole.update(piece)
        writing.write(piece)
        remaining -= len(piece)
        before = piece[-_OVERLAP:]
    body.update(end_tag)
    if body.hexdigest() != body_sha256:
        raise DigestDiffers(expected=body_sha256, found=body.hexdigest())
    for piece in (signature, end_tag):
        whole.update(piece)
        writing.write(piece)
    return Spliced(whole.hexdigest(), writing.tell(), (end, end + len(signature)), head)


def _ends(reading: BinaryIO, end: int) -> bytes:
    reading.seek(end)
    tail = reading.read()
    reading.seek(0)
    return tail

"""ZIP archives from outside: looked at before anything in them is unpacked, by bounds that are the same everywhere.

First an archive's ends are looked at, then its directory is loaded, bounded, then each name, size and kind in it is
checked as declared. What a member unpacks to is bounded by what it declared: `zipfile` reads no further.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

MIB: Final = 1024 * 1024

STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
"""How an archive begins: with its first member, or with its end where it has none."""

DAMAGE: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What `zipfile` raises where an archive contradicts itself."""

_END: Final = STARTS[1]
_END_RECORD: Final = 22
_MAX_COMMENT: Final = 0xFFFF
_MAX_PIECE: Final = 4 * MIB
_MAX_NAME: Final = 255
_SHOWN: Final = 100
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x0001 | 0x0040 | 0x2000
_ARCHIVES: Final = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".cab", ".arj", ".lzh")
_ARCHIVE_STARTS: Final = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


@dataclass(frozen=True, slots=True)
class ZipBounds:
    """What an archive may be at most. The defaults let a month of ten million lines through."""

    members: int = 200
    total_bytes: int = 4 * 1024 * MIB
    """All members together."""
    ratio: int = 250
    """Unpacked bytes for one packed byte; ledgers of repeating texts reach about 50."""
    ratio_from: int = 16 * MIB
    """Smaller members may be packed as tightly as they like."""
    depth: int = 8
    """Folders within folders, the file's own name counted."""


class Flaw(StrEnum):
    """What can be wrong with an archive."""

    NO_ZIP = "no_zip"
    CUT = "cut"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    METHOD = "method"
    """Packed in a way that few know."""
    NESTED = "nested"
    """An archive in the archive."""
    NAME = "name"
    """It leads elsewhere, or cannot be printed."""
    LINK = "link"
    """A link, a device, a folder under a file's name."""
    DEPTH = "depth"
    TWICE = "twice"
    COUNT = "count"
    SIZE = "size"
    RATIO = "ratio"
    SHARED = "shared"
    """Members share the same packed bytes."""


class ZipFlaw(Exception):
    """An archive is not to be opened."""

    def __init__(self, flaw: Flaw, member: str = "", found: int = 0, limit: int = 0) -> None:
        super().__init__(f"{flaw}: {member or 'the archive'}")
        self.flaw = flaw
        self.member = member
        """Its name as it may be shown; empty where it is the archive as a whole."""
        self.found = found
        self.limit = limit


@contextmanager
def open_zip(file: Path | IO[bytes], bounds: ZipBounds) -> Iterator[zipfile.ZipFile]:
    """An archive whose directory has been checked; its members' bytes have not been read.

    Raises:
        ZipFlaw: what is wrong with it.
        OSError: the file cannot be read.
    """
    with _Bounded(
        io.FileIO(file if isinstance(file, Path) else file.fileno(), closefd=isinstance(file, Path))
    ) as stream:
        _check_ends(stream)
        try:
            archive = zipfile.ZipFile(stream)
        except _TooMuch:
            raise ZipFlaw(Flaw.COUNT, limit=bounds.members) from None
        except DAMAGE:
            raise ZipFlaw(Flaw.DAMAGED) from None
        with archive:
            _check_together(archive.infolist(), bounds)
            yield archive


def check_start(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """A member's first bytes.

    Raises:
        ZipFlaw: it is an archive under another name, or cannot be unpacked.
    """
    try:
        with archive.open(member) as stream:
            start = stream.read(8)
    except DAMAGE:
        raise ZipFlaw(Flaw.DAMAGED, shown(member.orig_filename)) from None
    if start.startswith(_ARCHIVE_STARTS) and not member.filename.lower().endswith(".xlsx"):
        raise ZipFlaw(Flaw.NESTED, shown(member.orig_filename))
    return start


def shown(name: str) -> str:
    """A member's name as it may stand in an answer."""
    return "".join(character if character.isprintable() else "\ufffd" for character in name[:_SHOWN])


class _TooMuch(Exception):
    pass


class _Bounded(io.BufferedReader):
    """A file that gives no more than a few megabytes at once: `zipfile` reads an archive's directory in one piece.

    Places that an archive names and that no file has are damage, too.
    """

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence == io.SEEK_SET and not 0 <= offset < 1 << 62:
            raise zipfile.BadZipFile("an offset that no file has")
        return super().seek(offset, whence)

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(_MAX_PIECE + 1 if size is None or size < 0 else min(size, _MAX_PIECE + 1))
        if len(piece) > _MAX_PIECE:
            raise _TooMuch
        return piece


def _check_ends(file: IO[bytes]) -> None:
    file.seek(0)
    if file.read(4) not in STARTS:
        raise ZipFlaw(Flaw.NO_ZIP)
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END_RECORD - _MAX_COMMENT))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_RECORD:
        raise ZipFlaw(Flaw.CUT)
    file.seek(0)


def _check_together(members: list[zipfile.ZipInfo], bounds: ZipBounds) -> None:
    if len(members) > bounds.members:
        raise ZipFlaw(Flaw.COUNT, found=len(members), limit=bounds.members)
    names = set()
    for member in members:
        _check_member(member, bounds)
        name = member.filename.casefold()
        if name in names:
            raise ZipFlaw(Flaw.TWICE, shown(member.orig_filename))
        names.add(name)
    total = sum(member.file_size for member in members)
    if total > bounds.total_bytes:
        raise ZipFlaw(Flaw.SIZE, found=total, limit=bounds.total_bytes)
    end = 0  # members that share bytes make small archives large
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise ZipFlaw(Flaw.SHARED, shown(member.orig_filename))
        end = member.header_offset + member.compress_size


def _check_member(member: zipfile.ZipInfo, bounds: ZipBounds) -> None:
    name = shown(member.orig_filename)
    _check_name(member.orig_filename, name, bounds)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFDIR if member.is_dir() else stat.S_IFREG):
        raise ZipFlaw(Flaw.LINK, name)
    if member.flag_bits & _ENCRYPTED:
        raise ZipFlaw(Flaw.ENCRYPTED, name)
    if member.is_dir():
        if member.file_size:
            raise ZipFlaw(Flaw.DAMAGED, name)
        return
    if member.orig_filename.lower().endswith(_ARCHIVES):
        raise ZipFlaw(Flaw.NESTED, name)
    if member.compress_type not in _METHODS:
        raise ZipFlaw(Flaw.METHOD, name)
    ratio = member.file_size // max(member.compress_size, 1)
    if member.file_size > bounds.ratio_from and ratio > bounds.ratio:
        raise ZipFlaw(Flaw.RATIO, name, ratio, bounds.ratio)


def _check_name(name: str, told: str, bounds: ZipBounds) -> None:
    parts = name.removesuffix("/").split("/")
    if (
        not name.isprintable()
        or not name.strip()
        or len(name) > _MAX_NAME
        or "\\" in name
        or ":" in name
        or any(part in ("", ".", "..") for part in parts)
    ):
        raise ZipFlaw(Flaw.NAME, told)
    if len(parts) > bounds.depth:
        raise ZipFlaw(Flaw.DEPTH, told, len(parts), bounds.depth)

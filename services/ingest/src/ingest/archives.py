"""Proves a ZIP archive whole and harmless without unpacking it anywhere. Runs in a child process.

First its directory is loaded, bounded; then names and sizes are checked as declared; then every member is read to its
end, bounded, against its checksum.
"""

import io
import stat
import struct
import time
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from ingest.errors import (
    CutZip,
    DamagedZip,
    EmptyZip,
    EncryptedZip,
    NestedZip,
    NotAZip,
    TooSlow,
    ZipBomb,
    ZipBombCount,
    ZipBombRatio,
    ZipMethod,
    ZipPath,
)

_CHUNK: Final = 1024 * 1024
_END_RECORD: Final = 22
_MAX_COMMENT: Final = 0xFFFF
_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_DIRECTORY_BYTES_PER_MEMBER: Final = 64
"""At least so much does one member take up in the directory."""
_MAX_PIECE: Final = 4 * _CHUNK
_RATIO_COUNTS_FROM: Final = 10 * 1024 * 1024
"""Small files may compress as well as they like."""
_MAX_NAME: Final = 255
_MAX_DEPTH: Final = 8
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED: Final = 0x0001 | 0x0040 | 0x2000
_ARCHIVES: Final = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar", ".cab", ".arj", ".lzh")


@dataclass(frozen=True, slots=True)
class ZipBounds:
    """What an archive may be at most."""

    members: int
    unpacked_bytes: int
    ratio: int
    """Unpacked bytes for one packed byte."""
    seconds: float


def inspect_zip(path: Path, bounds: ZipBounds) -> None:
    """Read an archive wholly.

    Raises:
        DropRefused: what is wrong with it (`zip.…`).
        TooSlow: it took longer than allowed.
    """
    deadline = time.monotonic() + bounds.seconds
    with _Bounded(io.FileIO(path)) as file:
        _check_ends(file)
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, struct.error):
            raise DamagedZip(member=path.name) from None
        with archive:
            members = [_checked(member, bounds) for member in archive.infolist()]
            _check_together(members, bounds)
            for member in members:
                _read(archive, member, deadline)


class _Bounded(io.BufferedReader):
    """A file that gives no more than a bounded piece at once: `zipfile` reads an archive's directory in one piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = _MAX_PIECE + 1
        piece = super().read(min(size, _MAX_PIECE + 1))
        if len(piece) > _MAX_PIECE:
            raise ZipBombCount(limit=_MAX_PIECE // _DIRECTORY_BYTES_PER_MEMBER)
        return piece


def _check_ends(file: IO[bytes]) -> None:
    if file.read(4) not in _STARTS:
        raise NotAZip
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END_RECORD - _MAX_COMMENT))
    if b"PK\x05\x06" not in file.read():
        raise CutZip
    file.seek(0)


def _checked(member: zipfile.ZipInfo, bounds: ZipBounds) -> zipfile.ZipInfo:
    name = member.orig_filename
    shown = _shown(name)
    _check_name(name, shown)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFDIR if member.is_dir() else stat.S_IFREG):
        raise ZipPath(member=shown)
    if member.flag_bits & _ENCRYPTED:
        raise EncryptedZip(member=shown)
    if member.is_dir():
        if member.file_size:
            raise DamagedZip(member=shown)
        return member
    if name.lower().endswith(_ARCHIVES):
        raise NestedZip(member=shown)
    if member.compress_type not in _METHODS:
        raise ZipMethod(member=shown)
    if member.file_size > bounds.unpacked_bytes:
        raise ZipBomb(limit=bounds.unpacked_bytes)
    if member.file_size > max(_RATIO_COUNTS_FROM, member.compress_size * bounds.ratio):
        raise ZipBombRatio(member=shown)
    return member


def _check_name(name: str, shown: str) -> None:
    parts = name.removesuffix("/").split("/")
    if (
        not name.isprintable()
        or len(name) > _MAX_NAME
        or len(parts) > _MAX_DEPTH
        or "\\" in name
        or ":" in name
        or any(part in ("", ".", "..") for part in parts)
    ):
        raise ZipPath(member=shown)


def _check_together(members: list[zipfile.ZipInfo], bounds: ZipBounds) -> None:
    if len(members) > bounds.members:
        raise ZipBombCount(limit=bounds.members)
    if sum(member.file_size for member in members) > bounds.unpacked_bytes:
        raise ZipBomb(limit=bounds.unpacked_bytes)
    if not any(member.file_size for member in members):
        raise EmptyZip
    names = set()
    for member in members:
        if member.filename in names:
            raise DamagedZip(member=_shown(member.filename))
        names.add(member.filename)
    end = 0  # members that share bytes make small archives large
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise ZipBombRatio(member=_shown(member.filename))
        end = member.header_offset + member.compress_size


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, deadline: float) -> None:
    size = 0
    try:
        with archive.open(member) as content:
            while chunk := content.read(_CHUNK):
                size += len(chunk)
                if time.monotonic() > deadline:
                    raise TooSlow
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, struct.error):
        raise DamagedZip(member=_shown(member.filename)) from None
    if size != member.file_size:
        raise DamagedZip(member=_shown(member.filename))


def _shown(name: str) -> str:
    """A member's name as it may stand in an answer."""
    return "".join(character if character.isprintable() else "�" for character in name[:80])

"""Opens a drop: a ZIP with CSV or text files in it, or one such file. Nothing in it is trusted."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from converter.errors import (
    ArchiveCut,
    ArchiveDamaged,
    ArchiveEncrypted,
    ArchiveNested,
    ArchiveTooLarge,
    FoldersTooDeep,
    MemberIsLink,
    MemberNameUnsafe,
    MemberTwice,
    NotAnArchive,
    NothingInside,
    NoUsableMember,
    PackedTooTightly,
    TooManyMembers,
)

_ARCHIVES: Final = (".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst")
_MAGICS: Final = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_USABLE: Final = (".csv", ".txt")
_MAC_FOLDER: Final = "__MACOSX/"
"""What macOS adds to its archives beside the files."""
_LOCAL_HEADER: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError)
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what a drop may unpack to."""

    members: int = 100
    total_bytes: int = 2 * 1024**3
    ratio: int = 250
    """Unpacked to packed, of any member over 16 MiB; ledgers of repeating texts reach about 50."""
    depth: int = 8
    """Folders within folders."""


_RATIO_FROM: Final = 16 * 1024 * 1024
_PIECE: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One readable file of a drop."""

    name: str
    _drop: str
    _archive: zipfile.ZipFile | None
    _source: Path

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes, from the start; it may be opened more than once.

        Raises:
            ArchiveDamaged: they do not fit their checksum, or cannot be unpacked.
        """
        if self._archive is None:
            with self._source.open("rb") as stream:
                yield stream
            return
        try:
            with self._archive.open(self.name) as stream:
                yield stream
        except _DAMAGE as error:
            raise ArchiveDamaged(file=self._drop, member=self.name) from error


@dataclass(frozen=True, slots=True)
class Drop:
    """What a drop holds."""

    members: tuple[Member, ...]
    ignored: tuple[str, ...]
    """Members that are neither CSV nor text."""


@contextmanager
def open_drop(path: Path, name: str, limits: Limits | None = None) -> Iterator[Drop]:
    """Open a dropped file by its bytes; `name` is what it was dropped as.

    Raises:
        DropUnusable: one of its kinds says what is wrong.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
    if not start:
        raise NothingInside(file=name)
    if start in (_LOCAL_HEADER, _END):
        limits = limits or Limits()
        with _Bounded(io.FileIO(path)) as file, _open_archive(file, name, limits) as archive:
            yield _look_inside(archive, path, name, limits)
    elif name.lower().endswith(_USABLE):
        yield Drop((Member(name, name, None, path),), ())
    else:
        raise NotAnArchive(file=name)


class _DirectoryTooLarge(Exception):
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
        piece = super().read(_PIECE + 1 if size is None or size < 0 else min(size, _PIECE + 1))
        if len(piece) > _PIECE:
            raise _DirectoryTooLarge
        return piece


def _open_archive(file: IO[bytes], name: str, limits: Limits) -> zipfile.ZipFile:
    try:
        if not zipfile.is_zipfile(file):
            raise ArchiveCut(file=name)
        return zipfile.ZipFile(file)
    except (*_DAMAGE, zipfile.LargeZipFile, struct.error, ValueError) as error:
        raise ArchiveDamaged(file=name, member="?") from error
    except _DirectoryTooLarge as error:
        raise TooManyMembers(file=name, limit=limits.members) from error


def _look_inside(archive: zipfile.ZipFile, path: Path, name: str, limits: Limits) -> Drop:
    infos = archive.infolist()
    if len(infos) > limits.members:
        raise TooManyMembers(file=name, limit=limits.members)
    names = set()
    for info in infos:
        _check_member(info, name, limits)
        if info.filename.casefold() in names:
            raise MemberTwice(file=name, member=_shown(info.filename))
        names.add(info.filename.casefold())
    total = sum(info.file_size for info in infos)
    if total > limits.total_bytes:
        raise ArchiveTooLarge(file=name, found=total, limit=limits.total_bytes)
    files = [info for info in infos if not info.is_dir() and not info.filename.startswith(_MAC_FOLDER)]
    usable = [info for info in files if info.filename.lower().endswith(_USABLE)]
    if not usable:
        raise NoUsableMember(file=name)
    if not any(info.file_size for info in usable):
        raise NothingInside(file=f"{name}/{usable[0].filename}")
    for info in usable:
        _check_bytes(archive, info, name)
    members = tuple(Member(info.filename, name, archive, path) for info in usable if info.file_size)
    ignored = tuple(info.filename for info in files if info not in usable)
    return Drop(members, ignored)


def _check_member(info: zipfile.ZipInfo, drop: str, limits: Limits) -> None:
    name = info.filename
    shown = _shown(info.orig_filename)
    parts = name.replace("\\", "/").split("/")
    unsafe = (
        ".." in parts
        or name.startswith(("/", "\\"))
        or ":" in name
        or not info.orig_filename.isprintable()
        or not name.strip()
    )
    if unsafe:
        raise MemberNameUnsafe(file=drop, member=shown)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFDIR if info.is_dir() else stat.S_IFREG):
        raise MemberIsLink(file=drop, member=shown)
    if len(parts) > limits.depth:
        raise FoldersTooDeep(file=drop, member=shown, limit=limits.depth)
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveEncrypted(file=drop, member=shown)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ArchiveDamaged(file=drop, member=shown)
    if name.lower().endswith(_ARCHIVES):
        raise ArchiveNested(file=drop, member=shown)
    packed = max(info.compress_size, 1)
    if info.file_size > _RATIO_FROM and info.file_size // packed > limits.ratio:
        raise PackedTooTightly(file=drop, member=shown, found=info.file_size // packed, limit=limits.ratio)


def _check_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, drop: str) -> None:
    try:
        with archive.open(info) as stream:
            start = stream.read(4)
    except _DAMAGE as error:
        raise ArchiveDamaged(file=drop, member=info.filename) from error
    if start.startswith(_MAGICS):
        raise ArchiveNested(file=drop, member=info.filename)


def _shown(name: str) -> str:
    return ascii(name[:100])[1:-1] if not name.isprintable() else name[:100]

"""Opens a drop: a ZIP with exports in it, or one export as it is. Nothing in it is trusted."""

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
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
    DropUnusable,
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
from converter.reading.errors import WorkbookKind
from defterhane.zips import DAMAGE, STARTS, Flaw, ZipBounds, ZipFlaw, check_start, open_zip

Limits = ZipBounds
"""Bounds on what a drop may unpack to."""

_USABLE: Final = (".csv", ".txt", ".xlsx", ".xml")
_OTHER_SHEETS: Final = (".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".ods")
"""What a month may well be in, and what is not read: not to be passed over in silence."""
_ATTACHMENT: Final = ".pdf"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
"""How .xls files begin, and workbooks with a password."""
_WORKBOOK_MARK: Final = "[Content_Types].xml"
"""A member of every workbook, and of no drop."""
_MAC_FOLDER: Final = "__MACOSX/"
"""What macOS adds to its archives beside the files."""
_COPIED: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a drop."""

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
        except DAMAGE as error:
            raise ArchiveDamaged(file=self._drop, member=self.name) from error

    @contextmanager
    def on_disk(self, scratch: Path) -> Iterator[IO[bytes]]:
        """Its bytes in a file of their own, in which one may go to and fro; unpacked into `scratch` where needed.

        Raises:
            ArchiveDamaged: as `open`.
        """
        if self._archive is None:
            with self._source.open("rb") as stream:
                yield stream
            return
        with tempfile.TemporaryFile(dir=scratch) as file:
            with self.open() as stream:
                shutil.copyfileobj(stream, file, _COPIED)
            file.flush()
            yield file


@dataclass(frozen=True, slots=True)
class Drop:
    """What a drop holds."""

    members: tuple[Member, ...]
    ignored: tuple[str, ...]
    """Members that are neither exports nor attachments."""
    attachments: tuple[Member, ...] = ()
    """Members with names of PDF files; whether they are some is not looked at here."""


@contextmanager
def open_drop(path: Path, name: str, limits: ZipBounds | None = None) -> Iterator[Drop]:
    """Open a dropped file by its bytes; `name` is what it was dropped as.

    Raises:
        DropUnusable: one of its kinds says what is wrong.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
    if not start:
        raise NothingInside(file=name)
    if start == _OLD_WORKBOOK or name.lower().endswith(_OTHER_SHEETS):
        raise WorkbookKind(file=name)
    if start in STARTS:
        try:
            with open_zip(path, limits or Limits()) as archive:
                if _WORKBOOK_MARK in archive.namelist():
                    yield Drop((Member(name, name, None, path),), ())
                else:
                    yield _look_inside(archive, path, name)
        except ZipFlaw as flaw:
            raise _error(flaw, name) from flaw
    elif name.lower().endswith(_USABLE):
        yield Drop((Member(name, name, None, path),), ())
    else:
        raise NotAnArchive(file=name)


def _look_inside(archive: zipfile.ZipFile, path: Path, name: str) -> Drop:
    files = [info for info in archive.infolist() if not info.is_dir() and not info.filename.startswith(_MAC_FOLDER)]
    usable, attachments, ignored = [], [], []
    for info in files:
        lower = info.filename.lower()
        start = check_start(archive, info) if info.file_size else b""
        if lower.endswith(_OTHER_SHEETS) or (lower.endswith(_USABLE) and start.startswith(_OLD_WORKBOOK)):
            raise WorkbookKind(file=info.filename)
        if lower.endswith(_USABLE):
            usable.append(info)
        elif lower.endswith(_ATTACHMENT):
            attachments.append(Member(info.filename, name, archive, path))
        else:
            ignored.append(info.filename)
    if not usable:
        raise NoUsableMember(file=name)
    if not any(info.file_size for info in usable):
        raise NothingInside(file=f"{name}/{usable[0].filename}")
    members = tuple(Member(info.filename, name, archive, path) for info in usable if info.file_size)
    return Drop(members, tuple(ignored), tuple(attachments))


def _error(flaw: ZipFlaw, drop: str) -> DropUnusable:
    member = flaw.member or "?"
    kinds: dict[Flaw, Callable[[], DropUnusable]] = {
        Flaw.NO_ZIP: lambda: NotAnArchive(file=drop),
        Flaw.CUT: lambda: ArchiveCut(file=drop),
        Flaw.DAMAGED: lambda: ArchiveDamaged(file=drop, member=member),
        Flaw.METHOD: lambda: ArchiveDamaged(file=drop, member=member),
        Flaw.ENCRYPTED: lambda: ArchiveEncrypted(file=drop, member=member),
        Flaw.NESTED: lambda: ArchiveNested(file=drop, member=member),
        Flaw.NAME: lambda: MemberNameUnsafe(file=drop, member=member),
        Flaw.LINK: lambda: MemberIsLink(file=drop, member=member),
        Flaw.DEPTH: lambda: FoldersTooDeep(file=drop, member=member, limit=flaw.limit),
        Flaw.TWICE: lambda: MemberTwice(file=drop, member=member),
        Flaw.COUNT: lambda: TooManyMembers(file=drop, limit=flaw.limit),
        Flaw.SIZE: lambda: ArchiveTooLarge(file=drop, found=flaw.found, limit=flaw.limit),
        Flaw.RATIO: lambda: PackedTooTightly(file=drop, member=member, found=flaw.found, limit=flaw.limit),
        Flaw.SHARED: lambda: ArchiveDamaged(file=drop, member=member),
    }
    return kinds[flaw.flaw]()

"""What a tenant may do over SFTP, request by request: write to its inbox, read from its outbox.

All work on files happens in threads, as asyncssh's own file calls would block the event loop.
"""

import asyncio
import itertools
import stat
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor
from typing import Final, ParamSpec, TypeVar

import asyncssh
from asyncssh.constants import FXF_APPEND, FXF_CREAT, FXF_EXCL, FXF_TRUNC, FXF_WRITE

from ingest.inbox import Inbox, Upload
from ingest.names import Box, NoSuchPlace, Place, UnusableName, is_temporary, parse_path
from ingest.outbox import Download, Outbox
from ingest.spool import Folder, SpoolFile

P = ParamSpec("P")
R = TypeVar("R")

MAX_OPEN: Final = 32
"""Open files and listings in one session."""
MAX_READ: Final = 256 * 1024
"""A read gives at most so many bytes: a client asks again for the rest."""
_LISTED_AT_ONCE: Final = 100

Handed = Callable[[SpoolFile, bool], None]
"""Called when a client has handed a file over; True = by renaming it to its final name."""


class TenantFiles(asyncssh.SFTPServer):
    """One SFTP session of one tenant."""

    def __init__(
        self,
        channel: "asyncssh.SSHServerChannel[bytes]",
        inbox: Inbox,
        outbox: Outbox,
        threads: Executor,
        handed: Handed,
    ) -> None:
        super().__init__(channel)
        self._inbox = inbox
        self._outbox = outbox
        self._threads = threads
        self._handed = handed
        self._open: set[Upload | Download] = set()
        self._listings: weakref.WeakSet[AsyncIterator[asyncssh.SFTPName]] = weakref.WeakSet()
        self._broken = False

    def break_off(self) -> None:
        """The session is over: what is still being uploaded stays unfinished, although it will be closed."""
        self._broken = True

    async def exit(self) -> None:
        """Let go of everything."""
        await self._in_thread(self._inbox.close)
        await self._in_thread(self._outbox.close)

    # Files

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        """Begin an upload into the inbox, or a download from the outbox."""
        place = _file(path)
        self._check_handles()
        if place.box is Box.OUTBOX:
            if pflags & (FXF_WRITE | FXF_APPEND | FXF_CREAT | FXF_TRUNC):
                raise asyncssh.SFTPPermissionDenied("the outbox can only be read")
            opened: Upload | Download = await self._in_thread(self._outbox.download, _shown(place))
        else:
            if not pflags & FXF_WRITE:
                raise asyncssh.SFTPPermissionDenied("the inbox can only be written to")
            opened = await self._in_thread(
                self._inbox.upload,
                _name(place),
                create=bool(pflags & FXF_CREAT),
                exclusive=bool(pflags & FXF_EXCL),
                truncate=bool(pflags & FXF_TRUNC),
                append=bool(pflags & FXF_APPEND),
            )
        self._open.add(opened)
        return opened

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        """Read from a download."""
        if not isinstance(file_obj, Download):
            raise asyncssh.SFTPPermissionDenied("the inbox can only be written to")
        return await self._in_thread(file_obj.read, offset, min(size, MAX_READ))

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        """Write to an upload."""
        if not isinstance(file_obj, Upload):
            raise asyncssh.SFTPPermissionDenied("the outbox can only be read")
        return await self._in_thread(file_obj.write, offset, data)

    async def close(self, file_obj: object) -> None:
        """End an upload or download. asyncssh calls this for a broken connection too: that finishes nothing."""
        assert isinstance(file_obj, Upload | Download)
        self._open.discard(file_obj)
        if isinstance(file_obj, Download):
            await self._in_thread(file_obj.end)
            return
        finished = not self._broken
        await self._in_thread(file_obj.end, finished)
        if finished:
            await self._tell(file_obj.name, renamed=False)

    async def fsync(self, file_obj: object) -> None:
        """Make an upload durable."""
        if isinstance(file_obj, Upload):
            await self._in_thread(file_obj.sync)

    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        """Rename within the inbox; never over another file."""
        await self._rename(oldpath, newpath, replace=False)

    async def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        """Rename within the inbox; a file there that nobody uses yet gives way."""
        await self._rename(oldpath, newpath, replace=True)

    async def remove(self, path: bytes) -> None:
        """Remove a file: from the inbox before it is taken in, from the outbox at any time."""
        place = _file(path)
        await self._in_thread(self._folder(place).remove, _shown(place))

    # What is there

    async def stat(self, path: bytes) -> asyncssh.SFTPAttrs:
        """What a path is; there are no links to tell apart."""
        place = _place(path)
        if place.name is None:
            return _FOLDER
        return _attributes(place, await self._in_thread(self._folder(place).file, _shown(place)))

    lstat = stat

    async def fstat(self, file_obj: object) -> asyncssh.SFTPAttrs:
        """What an open file is."""
        assert isinstance(file_obj, Upload | Download)
        box = Box.INBOX if isinstance(file_obj, Upload) else Box.OUTBOX
        return _attributes(Place(box), await self._in_thread(file_obj.status))

    async def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        """Clients set times and permissions after an upload: that does nothing here. A size is not set."""
        place = _file(path)
        _check_attributes(place, attrs)
        await self._in_thread(self._inbox.folder.file, _name(place))

    lsetstat = setstat

    async def fsetstat(self, file_obj: object, attrs: asyncssh.SFTPAttrs) -> None:
        """As `setstat`."""
        _check_attributes(Place(Box.INBOX if isinstance(file_obj, Upload) else Box.OUTBOX), attrs)

    def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        """What lies in a folder."""
        place = _place(path)
        if place.name is not None:
            raise asyncssh.SFTPNoSuchFile("not a folder")
        self._check_handles()
        listing = self._list(place)
        self._listings.add(listing)
        return listing

    def realpath(self, path: bytes) -> bytes:
        """A path without dots, as the tenant sees it. New names need not be there yet."""
        return _place(path).path

    def format_user(self, uid: int | None) -> str:
        """Nothing of this machine's users is shown."""
        return "-"

    def format_group(self, gid: int | None) -> str:
        """Nothing of this machine's groups is shown."""
        return "-"

    async def _list(self, place: Place) -> AsyncIterator[asyncssh.SFTPName]:
        for dots in (b".", b".."):
            yield asyncssh.SFTPName(dots, attrs=_FOLDER)
        if place.box is None:
            for box in Box:
                yield asyncssh.SFTPName(box.encode(), attrs=_FOLDER)
            return
        files = self._folder(place).files()
        while some := await self._in_thread(_take, files):
            for file in some:
                if place.box is Box.INBOX or not file.name.startswith("."):
                    yield asyncssh.SFTPName(file.name.encode(), attrs=_attributes(place, file))

    async def _rename(self, oldpath: bytes, newpath: bytes, *, replace: bool) -> None:
        old, new = _file(oldpath), _file(newpath)
        if old.box is not Box.INBOX or new.box is not Box.INBOX:
            raise asyncssh.SFTPPermissionDenied("only files in the inbox can be renamed, and they stay there")
        file = await self._in_thread(self._inbox.rename, _name(old), _name(new), replace=replace)
        if not is_temporary(file.name):
            self._handed(file, True)

    async def _tell(self, name: str, *, renamed: bool) -> None:
        try:
            file = await self._in_thread(self._inbox.folder.file, name)
        except FileNotFoundError:
            return
        self._handed(file, renamed)

    def _folder(self, place: Place) -> Folder:
        return self._inbox.folder if place.box is Box.INBOX else self._outbox.folder

    def _check_handles(self) -> None:
        if len(self._open) + len(self._listings) >= MAX_OPEN:
            raise asyncssh.SFTPFailure(f"at most {MAX_OPEN} files may be open at once")

    async def _in_thread(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: function(*args, **kwargs))


_FOLDER: Final = asyncssh.SFTPAttrs(permissions=stat.S_IFDIR | 0o700, size=0, atime=0, mtime=0)


def _take(files: Iterator[SpoolFile]) -> list[SpoolFile]:
    return list(itertools.islice(files, _LISTED_AT_ONCE))


def _place(path: bytes) -> Place:
    try:
        return parse_path(path)
    except NoSuchPlace as error:
        raise asyncssh.SFTPNoSuchFile(str(error)) from None
    except UnusableName as error:
        raise asyncssh.SFTPPermissionDenied(str(error)) from None


def _file(path: bytes) -> Place:
    place = _place(path)
    if place.name is None:
        raise asyncssh.SFTPPermissionDenied("inbox and outbox stay as they are")
    return place


def _name(place: Place) -> str:
    assert place.name is not None
    return place.name


def _shown(place: Place) -> str:
    name = _name(place)
    if place.box is Box.OUTBOX and name.startswith("."):
        raise asyncssh.SFTPNoSuchFile("no such file")
    return name


def _attributes(place: Place, file: SpoolFile) -> asyncssh.SFTPAttrs:
    permissions = stat.S_IFREG | (0o600 if place.box is Box.INBOX else 0o400)
    modified = int(file.modified)
    return asyncssh.SFTPAttrs(permissions=permissions, size=file.size, atime=modified, mtime=modified)


def _check_attributes(place: Place, attrs: asyncssh.SFTPAttrs) -> None:
    if place.box is not Box.INBOX:
        raise asyncssh.SFTPPermissionDenied("the outbox can only be read")
    if attrs.size is not None:
        raise asyncssh.SFTPOpUnsupported("a file's size is set by writing")

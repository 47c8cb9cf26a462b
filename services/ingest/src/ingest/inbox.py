"""What happens to files in an inbox: being uploaded, renamed, and held while they are taken in."""

import contextlib
import errno
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.names import Box, is_temporary
from ingest.spool import FINISHED, Folder, Spool, SpoolFile, describe

_QUOTA_STEP: Final = 16 * 1024 * 1024
"""An upload's folder is weighed again whenever the file has grown by so much, not at each write."""
_PLAIN: Final = 0o600


@dataclass(frozen=True, slots=True)
class InboxBounds:
    """How much may lie in a tenant's inbox."""

    file_bytes: int
    files: int
    total_bytes: int


class Upload:
    """A file being uploaded. It stays locked until `end`; what comes after a broken connection is never finished."""

    def __init__(self, folder: Folder, name: str, handle: int, bounds: InboxBounds, appending: bool) -> None:
        self.name = name
        self._folder = folder
        self._handle = handle
        self._bounds = bounds
        self._appending = appending
        self._size = os.fstat(handle).st_size
        self._weighed = self._size

    def write(self, offset: int, data: bytes) -> int:
        """Write bytes at an offset.

        Raises:
            OSError: EFBIG, EDQUOT: a bound is reached; or what the system says.
        """
        start = self._size if self._appending else offset
        end = start + len(data)
        if end > self._bounds.file_bytes:
            raise OSError(errno.EFBIG, f"a file has at most {self._bounds.file_bytes} bytes")
        if end > self._weighed:
            self._weigh(end)
        written = 0
        while written < len(data):
            written += os.pwrite(self._handle, memoryview(data)[written:], start + written)
        self._size = max(self._size, end)
        return written

    def status(self) -> SpoolFile:
        """The file as it is now."""
        return describe(self.name, os.fstat(self._handle))

    def sync(self) -> None:
        """Make what has been written durable."""
        os.fsync(self._handle)

    def end(self, finished: bool) -> None:
        """Let go of the file; `finished` says that the client has closed it, and not the connection's end."""
        handle, self._handle = self._handle, -1
        if handle < 0:
            return
        try:
            if finished:
                os.fsync(handle)
                os.fchmod(handle, _PLAIN | FINISHED)
                self._folder.sync()
        finally:
            os.close(handle)

    def _weigh(self, size: int) -> None:
        others = sum(file.size for file in self._folder.files() if file.name != self.name)
        if others + size > self._bounds.total_bytes:
            raise OSError(errno.EDQUOT, f"the inbox holds at most {self._bounds.total_bytes} bytes")
        self._weighed = size + _QUOTA_STEP


class Held:
    """A file locked for being taken in: nobody writes, renames or removes it meanwhile."""

    def __init__(self, folder: Folder, handle: int, file: SpoolFile) -> None:
        self.file = file
        self._folder = folder
        self._handle = handle

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._folder.path / self.file.name

    def remove(self) -> None:
        """Remove it from the inbox."""
        with self._folder.names_locked(), contextlib.suppress(FileNotFoundError):
            found = os.stat(self.file.name, dir_fd=self._folder.handle, follow_symlinks=False)
            if os.path.samestat(found, os.fstat(self._handle)):
                os.unlink(self.file.name, dir_fd=self._folder.handle)

    def release(self) -> None:
        """Let go of it."""
        os.close(self._handle)


class Inbox:
    """One tenant's inbox, open. All calls may block on the disk: make them in threads."""

    def __init__(self, spool: Spool, tenant: str, bounds: InboxBounds) -> None:
        self.folder = spool.open(tenant, Box.INBOX)
        self._bounds = bounds

    def close(self) -> None:
        """Let go of the folder."""
        self.folder.close()

    def upload(self, name: str, *, create: bool, exclusive: bool, truncate: bool, append: bool) -> Upload:
        """Begin or continue an upload; the file is unfinished from now on.

        Raises:
            FileNotFoundError: it is not there and `create` is not asked for.
            FileExistsError: it is there and `exclusive` is asked for.
            BlockingIOError: somebody else writes it, or it is being taken in.
            OSError: EDQUOT: the inbox is full.
        """
        with self.folder.names_locked():
            try:
                self.folder.file(name)
            except FileNotFoundError:
                if not create:
                    raise
                self._check_room()
                handle = self.folder.lock(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            else:
                if create and exclusive:
                    raise FileExistsError(errno.EEXIST, "the file is there already")
                handle = self.folder.lock(name, os.O_WRONLY)
        try:
            os.fchmod(handle, _PLAIN)
            if truncate:
                os.ftruncate(handle, 0)
            return Upload(self.folder, name, handle, self._bounds, append)
        except OSError:
            os.close(handle)
            raise

    def rename(self, old: str, new: str, *, replace: bool) -> SpoolFile:
        """Give a file another name. Its final name makes it finished; returns the file under its new name.

        `replace`: a file that lies there under the new name gives way, unless somebody uses it.

        Raises:
            FileNotFoundError: there is none under the old name.
            FileExistsError: there is one under the new name.
            BlockingIOError: one of them is being uploaded or taken in.
        """
        with self.folder.names_locked(), contextlib.ExitStack() as held:
            handle = self.folder.lock(old)
            held.callback(os.close, handle)
            if new == old:
                return self.folder.file(new)
            try:
                there = self.folder.lock(new)
            except FileNotFoundError:
                pass
            else:
                held.callback(os.close, there)
                if not replace:
                    raise FileExistsError(errno.EEXIST, "the file is there already")
            if not is_temporary(new):
                os.fsync(handle)
                os.fchmod(handle, _PLAIN | FINISHED)
            os.rename(old, new, src_dir_fd=self.folder.handle, dst_dir_fd=self.folder.handle)
            self.folder.sync()
            return describe(new, os.fstat(handle))

    def hold(self, name: str) -> Held | None:
        """Lock a file for being taken in; None where it is in use or gone."""
        try:
            with self.folder.names_locked():
                handle = self.folder.lock(name)
        except (FileNotFoundError, BlockingIOError):
            return None
        return Held(self.folder, handle, describe(name, os.fstat(handle)))

    def _check_room(self) -> None:
        count = 0
        total = 0
        for file in self.folder.files():
            count += 1
            total += file.size
        if count >= self._bounds.files or total >= self._bounds.total_bytes:
            raise OSError(errno.EDQUOT, "the inbox is full: remove files, or wait until they are taken in")

"""The spool: each tenant's `inbox` and `outbox` as folders, used through directory handles alone.

Every name is opened relative to an open folder and without following links, so that no name can lead out of it.
Three facts about a file in an inbox are kept by the file itself, so that they outlive the process and are seen by every
process that shares the volume:

- *It is in use* (being uploaded, or being taken in): it is locked (`flock`); the kernel lets go of it with the process.
- *It is finished*: the client has closed or renamed it properly. The sticky bit says so; it has no other meaning for
  files, and no volume driver touches it. An upload that broke off never gets it.
- *It is this one*: its inode, size and time of last writing (which no client can set), together its `mark`.
"""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from defterhane.edefter.taxid import tax_id
from ingest.names import Box

FINISHED: Final = stat.S_ISVTX
_PLAIN: Final = 0o600
_FOLDER_FLAGS: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE_FLAGS: Final = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_LOCK_NAME: Final = ".lock"


@dataclass(frozen=True, slots=True)
class SpoolFile:
    """A file as it lies in a box."""

    name: str
    size: int
    """Bytes."""
    modified: float
    """When it was last written to: seconds since 1970."""
    finished: bool
    mark: str


def describe(name: str, status: os.stat_result) -> SpoolFile:
    """What a file's status says.

    Raises:
        FileNotFoundError: it is no plain file of one name; such things are not ours.
    """
    if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
        raise FileNotFoundError(errno.ENOENT, "no such file")
    return SpoolFile(
        name,
        status.st_size,
        status.st_mtime,
        bool(status.st_mode & FINISHED),
        f"{status.st_ino}:{status.st_size}:{status.st_mtime_ns}",
    )


class Spool:
    """All tenants' boxes below one folder."""

    def __init__(self, root: Path) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root = root.resolve()

    def tenants_with_files(self) -> list[str]:
        """Tenants in whose inbox something lies, by number."""
        found = []
        for entry in self.root.iterdir():
            try:
                tenant = tax_id(entry.name)
                with os.scandir(entry / Box.INBOX) as files:
                    if next(files, None) is not None:
                        found.append(str(tenant))
            except (ValueError, OSError):
                continue
        return sorted(found)

    def open(self, tenant: str, box: Box) -> "Folder":
        """Open a tenant's box; it is made where it is missing.

        Raises:
            ValueError: not a tax number.
            OSError: the folder cannot be made, or is a link.
        """
        return Folder(self.root / tax_id(tenant), box)


class Folder:
    """One box, open. Use it as a context manager, or close it."""

    def __init__(self, tenant_folder: Path, box: Box) -> None:
        self.path = tenant_folder / box
        for folder in (tenant_folder, self.path):
            folder.mkdir(mode=0o700, exist_ok=True)
        self._tenant = os.open(tenant_folder, _FOLDER_FLAGS)
        try:
            self.handle = os.open(box, _FOLDER_FLAGS, dir_fd=self._tenant)
        except OSError:
            os.close(self._tenant)
            raise

    def __enter__(self) -> "Folder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        for handle in (self.handle, self._tenant):
            if handle >= 0:
                os.close(handle)
        self.handle = self._tenant = -1

    def files(self) -> Iterator[SpoolFile]:
        """Its plain files, in no order."""
        handle = os.open(".", _FOLDER_FLAGS, dir_fd=self.handle)  # its own, as scans of one handle share their place
        try:
            with os.scandir(handle) as entries:
                for entry in entries:
                    try:
                        yield describe(entry.name, entry.stat(follow_symlinks=False))
                    except FileNotFoundError:
                        continue
        finally:
            os.close(handle)

    def file(self, name: str) -> SpoolFile:
        """One of its files.

        Raises:
            FileNotFoundError: there is no such plain file.
        """
        return describe(name, os.stat(name, dir_fd=self.handle, follow_symlinks=False))

    def open_file(self, name: str, flags: int) -> int:
        """Open one of its files; links are not followed.

        Raises:
            FileNotFoundError: there is no such plain file.
            OSError: it cannot be opened.
        """
        try:
            handle = os.open(name, flags | _FILE_FLAGS, _PLAIN, dir_fd=self.handle)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENXIO):  # a link, a pipe
                raise FileNotFoundError(errno.ENOENT, "no such file") from None
            raise
        try:
            describe(name, os.fstat(handle))
        except FileNotFoundError:
            os.close(handle)
            raise
        return handle

    @contextmanager
    def names_locked(self) -> Iterator[None]:
        """While this lasts, nobody else makes, renames or removes names in the tenant's boxes. Keep it short."""
        handle = os.open(_LOCK_NAME, os.O_RDWR | os.O_CREAT | _FILE_FLAGS, _PLAIN, dir_fd=self._tenant)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def lock(self, name: str, flags: int = os.O_RDONLY) -> int:
        """Open one of its files and lock it; call it with the names locked. Closing the handle lets go of it.

        Raises:
            BlockingIOError: somebody writes it, or takes it in.
            FileNotFoundError: there is no such plain file.
        """
        handle = self.open_file(name, flags)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise BlockingIOError(errno.EBUSY, "the file is being uploaded or taken in; try again shortly") from None
        return handle

    def remove(self, name: str) -> None:
        """Remove a file that nobody uses.

        Raises:
            BlockingIOError, FileNotFoundError: as `lock`.
        """
        with self.names_locked():
            handle = self.lock(name)
            try:
                os.unlink(name, dir_fd=self.handle)
            finally:
                os.close(handle)

    def sync(self) -> None:
        """Make names durable."""
        os.fsync(self.handle)

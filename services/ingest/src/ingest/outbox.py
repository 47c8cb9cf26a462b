"""What happens to files in an outbox: the product delivers them, tenants read and remove them."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from ingest.names import Box
from ingest.spool import Spool, SpoolFile, describe


def microseconds(at: datetime) -> int:
    """A moment as files carry it, in whole microseconds since 1970."""
    return round(at.timestamp() * 1_000_000)


class Download:
    """A delivered file, open for reading."""

    def __init__(self, name: str, handle: int) -> None:
        self._handle = handle
        # Asked once: a newer file may take the name while this one is being read.
        self._status = describe(name, os.fstat(handle))

    def read(self, offset: int, size: int) -> bytes:
        """At most `size` bytes from an offset; none at the end."""
        return os.pread(self._handle, size, offset)

    def status(self) -> SpoolFile:
        """The file as it was delivered."""
        return self._status

    def end(self) -> None:
        """Let go of it."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)


class Outbox:
    """One tenant's outbox, open. All calls may block on the disk: make them in threads."""

    def __init__(self, spool: Spool, tenant: str) -> None:
        self.folder = spool.open(tenant, Box.OUTBOX)

    def __enter__(self) -> "Outbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        self.folder.close()

    def download(self, name: str) -> Download:
        """Open a delivered file.

        Raises:
            FileNotFoundError: there is none of that name.
        """
        return Download(name, self.folder.open_file(name, os.O_RDONLY))

    def files(self) -> Iterator[SpoolFile]:
        """What has been delivered and not been removed, in no order."""
        return (file for file in self.folder.files() if not file.name.startswith("."))

    def remove(self, name: str) -> None:
        """Take a delivered file back, if it is still there; whoever is reading it reads on to its end."""
        with contextlib.suppress(FileNotFoundError):
            self.folder.remove(name)

    def deliver(self, name: str, content: bytes | Path, at: datetime | None = None) -> None:
        """Put a file in, whole or not at all; one of the same name is replaced. It is durable on return.

        `at` is the time that the file shall carry; None = now.
        """
        being_written = f".{name}"  # names that begin with a dot are not shown
        with self.folder.names_locked():
            handle = self.folder.open_file(being_written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            with os.fdopen(handle, "wb") as file:
                if isinstance(content, bytes):
                    file.write(content)
                else:
                    with content.open("rb") as source:
                        shutil.copyfileobj(source, file, 1024 * 1024)
                file.flush()
                if at is not None:
                    moment = microseconds(at) * 1000
                    os.utime(handle, ns=(moment, moment))
                os.fsync(handle)
            os.rename(being_written, name, src_dir_fd=self.folder.handle, dst_dir_fd=self.folder.handle)
            self.folder.sync()

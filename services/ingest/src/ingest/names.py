"""Names as tenants use them over SFTP: virtual paths, file names, and which of them are only for the time of an upload.

A tenant sees `/inbox/<name>` and `/outbox/<name>`, and nothing else; there are no folders below.
"""

import posixpath
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MAX_CHARACTERS: Final = 120
MAX_BYTES: Final = 180
"""Room is left for what answers add to a name; file systems take 255."""
_MAX_PATH: Final = 4096
_FORBIDDEN: Final = frozenset('/\\:*?"<>|')
_TEMPORARY: Final = (".part", ".partial", ".tmp", ".temp", ".filepart", ".upload", ".uploading", ".writing", "~")


class Box(StrEnum):
    """The two folders of a tenant."""

    INBOX = "inbox"
    OUTBOX = "outbox"


class NoSuchPlace(ValueError):
    """A path leads nowhere in the virtual tree."""


class UnusableName(ValueError):
    """A file name is too long, or holds characters that are not taken."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a virtual path leads: the root (no box), a box (no name), or a file."""

    box: Box | None = None
    name: str | None = None

    @property
    def path(self) -> bytes:
        """The path that a tenant sees."""
        return "/".join(["", *(part for part in (self.box, self.name) if part)]).encode() or b"/"


def parse_path(path: bytes) -> Place:
    """Find the place that a client's path names, relative to the root; `.` and `..` never leave the virtual tree.

    Raises:
        NoSuchPlace: there is nothing of that kind.
        UnusableName: the file's name cannot be used.
    """
    if len(path) > _MAX_PATH:
        raise UnusableName("the path is too long")
    try:
        text = path.decode("utf-8")
    except UnicodeDecodeError:
        raise UnusableName("the path is not UTF-8") from None
    parts = [part for part in posixpath.normpath(f"/{text}").split("/") if part]
    if not parts:
        return Place()
    if parts[0] not in set(Box) or len(parts) > 2:
        raise NoSuchPlace("there are only inbox and outbox, without folders in them")
    if len(parts) == 1:
        return Place(Box(parts[0]))
    return Place(Box(parts[0]), check_file_name(parts[1]))


def check_file_name(name: str) -> str:
    """A name under which a file may lie in an inbox.

    Raises:
        UnusableName: it is none.
    """
    if not name or name in (".", "..") or name != name.strip():
        raise UnusableName("not a usable file name")
    if len(name) > MAX_CHARACTERS or len(name.encode("utf-8", "replace")) > MAX_BYTES:
        raise UnusableName(f"a file name has at most {MAX_CHARACTERS} characters")
    if not name.isprintable() or not _FORBIDDEN.isdisjoint(name):
        raise UnusableName("the file name holds characters that are not taken")
    return name


def is_temporary(name: str) -> bool:
    """Whether a name is one that clients give a file while they upload it, to rename it in the end."""
    return name.startswith(".") or name.lower().endswith(_TEMPORARY)

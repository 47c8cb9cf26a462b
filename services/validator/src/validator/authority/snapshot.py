"""What an operator has put into the folder, and a copy of it that nobody changes while it is in use.

```
<folder>/2025-01-01/…        one version; it holds for periods that start on that day or later
<folder>/2026-01-01.zip      the same as an archive
```
A folder without such names in it is one version itself, without a date: it holds for every period. So is an archive
that is given in place of the folder.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from defterhane.zips import DAMAGE, MIB, ZipBounds, ZipFlaw, open_zip
from validator.authority.compiling import Unusable

UNDATED: Final = "undated"
FILES: Final = 2000
"""So many files may a version have."""
BYTES: Final = 100 * MIB
"""All files of a version together."""
_DEPTH: Final = 12
_USED: Final = frozenset({".xsd", ".sch", ".xsl", ".xslt", ".xml", ".toml", ".dtd", ".ent"})
_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(\.zip)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """One version as it lies in the operator's folder."""

    version: str
    since: date
    path: Path
    """A folder, or a ZIP archive."""
    stamp: tuple[tuple[str, int, int], ...]
    """Name, size and time of change of all its files: another stamp means other files."""


def sources(folder: Path) -> list[Source]:
    """The versions in an operator's folder, oldest first; of a folder and an archive for one day the folder counts.

    Raises:
        OSError: the folder cannot be read.
    """
    if folder.is_file():
        return [Source(UNDATED, date.min, folder, _stamp(folder))]
    found: dict[str, tuple[date, Path]] = {}
    for path in sorted(folder.iterdir(), key=lambda path: path.suffix.lower() == ".zip"):
        match = _DATE.fullmatch(path.name)
        since = _day(match[1]) if match else None
        if match is not None and since is not None and path.is_file() == bool(match[2]):
            found.setdefault(match[1], (since, path))
    if not found and any(_files(folder)):
        found[UNDATED] = (date.min, folder)
    return sorted(
        (Source(version, since, path, _stamp(path)) for version, (since, path) in found.items()),
        key=lambda source: source.since,
    )


def copy(source: Path, target: Path) -> str:
    """Copy a version's files, from a folder or out of an archive, into an empty folder; returns their digest.

    Raises:
        Unusable: there is too much, or something that does not belong into a package.
        OSError: something cannot be read or written.
    """
    if source.is_dir():
        _copy_folder(source, target)
    else:
        _unpack(source, target)
    digest = hashlib.sha256()
    for path in sorted(_files(target)):
        digest.update(f"{path.relative_to(target).as_posix()}\0".encode("utf-8", "surrogateescape"))
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _copy_folder(source: Path, target: Path) -> None:
    root = source.resolve()
    total = 0
    for number, path in enumerate(_files(source), 1):
        if number > FILES:
            raise Unusable(f"more than {FILES} files")
        if not path.resolve().is_relative_to(root):
            raise Unusable(f"{path.name} is a link that leads out of its folder")
        total += path.stat().st_size
        if total > BYTES:
            raise Unusable(f"more than {BYTES} bytes")
        to = target / path.relative_to(source)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)


def _unpack(source: Path, target: Path) -> None:
    bounds = ZipBounds(members=FILES, total_bytes=BYTES, depth=_DEPTH)
    try:
        with open_zip(source, bounds) as archive:
            for member in archive.infolist():
                if member.is_dir() or Path(member.filename).suffix.lower() not in _USED:
                    continue
                to = target / member.filename
                to.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as packed, to.open("wb") as file:
                    shutil.copyfileobj(packed, file)
    except ZipFlaw as flaw:
        raise Unusable(f"{source.name}: {flaw}") from None
    except DAMAGE as error:
        raise Unusable(f"{source.name}: {error}") from None


def _files(folder: Path) -> Iterator[Path]:
    """What a package can use in a folder, hidden files and folders left out, in a stable order."""
    for base, folders, names in os.walk(folder, followlinks=False):
        here = Path(base)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if len(here.relative_to(folder).parts) >= _DEPTH:
            folders.clear()
        for name in sorted(names):
            path = here / name
            if not name.startswith(".") and path.suffix.lower() in _USED and path.is_file():
                yield path


def _stamp(path: Path) -> tuple[tuple[str, int, int], ...]:
    found = []
    for file in _files(path) if path.is_dir() else (path,):
        told = file.stat()
        found.append((file.relative_to(path).as_posix(), told.st_size, told.st_mtime_ns))
        if len(found) > FILES:
            break
    return tuple(found)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

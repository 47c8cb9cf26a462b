"""Proves a ZIP archive, or a workbook, whole and harmless without unpacking it anywhere. Runs in a child process.

What may be in it at all is checked by `defterhane.zips`; then every member is read to its end, against its checksum.
"""

import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from defterhane.zips import DAMAGE, Flaw, ZipBounds, ZipFlaw, check_start, open_zip, shown
from ingest.errors import (
    CutZip,
    DamagedZip,
    DropRefused,
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

_REFUSALS: Final[dict[Flaw, Callable[[str, int], DropRefused]]] = {
    Flaw.NO_ZIP: lambda member, limit: NotAZip(),
    Flaw.CUT: lambda member, limit: CutZip(),
    Flaw.DAMAGED: lambda member, limit: DamagedZip(member=member),
    Flaw.ENCRYPTED: lambda member, limit: EncryptedZip(member=member),
    Flaw.METHOD: lambda member, limit: ZipMethod(member=member),
    Flaw.NESTED: lambda member, limit: NestedZip(member=member),
    Flaw.NAME: lambda member, limit: ZipPath(member=member),
    Flaw.LINK: lambda member, limit: ZipPath(member=member),
    Flaw.DEPTH: lambda member, limit: ZipPath(member=member),
    Flaw.TWICE: lambda member, limit: DamagedZip(member=member),
    Flaw.COUNT: lambda member, limit: ZipBombCount(limit=limit),
    Flaw.SIZE: lambda member, limit: ZipBomb(limit=limit),
    Flaw.RATIO: lambda member, limit: ZipBombRatio(member=member),
    Flaw.SHARED: lambda member, limit: ZipBombRatio(member=member),
}


def inspect_zip(path: Path, bounds: ZipBounds, seconds: float) -> None:
    """Read an archive wholly, in so many seconds at most.

    Raises:
        DropRefused: what is wrong with it (`zip.…`).
        TooSlow: it took longer than allowed.
    """
    deadline = time.monotonic() + seconds
    try:
        with open_zip(path, bounds) as archive:
            members = archive.infolist()
            if not any(member.file_size for member in members):
                raise EmptyZip
            for member in members:
                if not member.is_dir():
                    check_start(archive, member)
                    _read(archive, member, deadline)
    except ZipFlaw as flaw:
        raise _REFUSALS[flaw.flaw](flaw.member or path.name, flaw.limit) from None


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, deadline: float) -> None:
    size = 0
    try:
        with archive.open(member) as content:
            while chunk := content.read(_CHUNK):
                size += len(chunk)
                if time.monotonic() > deadline:
                    raise TooSlow
    except DAMAGE:
        raise DamagedZip(member=shown(member.filename)) from None
    if size != member.file_size:
        raise DamagedZip(member=shown(member.filename))

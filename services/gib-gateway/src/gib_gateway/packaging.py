"""Packages for GİB: `<berat name>.zip` with the one `.xml` of the same name (and the ledger, where that is wanted)."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from gib_gateway.errors import PackageTooLarge

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_CHUNK: Final = 1024 * 1024


def package(documents: Mapping[str, Path], *, limit: int) -> bytes:
    """The ZIP file of some documents: the same bytes for the same documents, whenever and wherever it is made.

    Args:
        documents: name in the package (`….xml`) → file, in order.
        limit: bytes of the whole package.

    Raises:
        PackageTooLarge: it would have more.
        OSError: a file cannot be read.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, path in documents.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = 0o644 << 16
            entry.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(entry, "w") as target:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)
                    if buffer.tell() > limit:
                        raise PackageTooLarge(size=f"> {buffer.tell()}", limit=limit)
    data = buffer.getvalue()
    if len(data) > limit:
        raise PackageTooLarge(size=len(data), limit=limit)
    return data

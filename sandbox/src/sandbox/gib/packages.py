"""Packages: `<name>.zip` with the one `<name>.xml`, and, where that is accepted, the berat's ledger."""

import io
import zipfile
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from defterhane.edefter.names import DocumentName

_RATIO: Final = 200
"""Documents of this vocabulary shrink to a twentieth or so; far more is a bomb."""
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_CHUNK: Final = 1024 * 1024


class Rejected(Exception):
    """GİB rejects a package after having queued it. The text is the reason, in Turkish."""


@dataclass(frozen=True)
class Unpacked:
    """What was in a package, as files."""

    document: Path
    ledger: Path | None


def is_readable(package: bytes) -> bool:
    """True where the bytes are a ZIP file whose directory can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)):
            return True
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return False


def unpack(package: bytes, name: DocumentName, folder: Path, *, limit: int, ledger_limit: int) -> Unpacked:
    """Write what is in a package into a folder.

    Args:
        package: the ZIP file.
        name: what the package is called; its document must be called so too.
        folder: empty.
        limit: the document's greatest size in bytes.
        ledger_limit: that of a ledger beside its berat; 0 = none is accepted.

    Raises:
        Rejected: it holds anything but that, whole and within the bounds.
    """
    document, ledger = name.file("xml"), replace(name, kind=name.kind.book).file("xml")
    accepted = {document: limit}
    if ledger_limit and name.kind.is_berat:
        accepted[ledger] = ledger_limit
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(set(names)) != len(names) or document not in names or set(names) - set(accepted):
                raise Rejected(f"Paket içerisinde yalnızca {document} dosyası bulunmalıdır.")
            for entry in entries:
                _extract(archive, entry, folder / entry.filename, accepted[entry.filename])
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError) as error:
        raise Rejected("Paket açılamadı.") from error
    return Unpacked(folder / document, folder / ledger if ledger in names and ledger != document else None)


def write_package(name: DocumentName, document: bytes, now: datetime) -> bytes:
    """The package of a document; the same bytes for the same document and time."""
    buffer = io.BytesIO()
    entry = zipfile.ZipInfo(name.file("xml"), now.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, document)
    return buffer.getvalue()


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, limit: int) -> None:
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
        raise Rejected("Paket şifreli ya da desteklenmeyen bir yöntemle sıkıştırılmış.")
    if entry.file_size > min(limit, _RATIO * max(entry.compress_size, 1)):
        raise Rejected("Paket içerisindeki dosyanın boyutu izin verilen sınırı aşıyor.")
    # The library gives no more than the declared size, and checks the CRC at its end.
    with archive.open(entry) as source, target.open("xb") as writing:
        while piece := source.read(_CHUNK):
            writing.write(piece)

"""Faults of the file that is dropped: a ZIP that is cut, damaged, packed wrongly, or holds what it should not."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sandbox.faults.kinds import DropFault

_STAMP: Final = (2025, 1, 1, 0, 0, 0)

_LOCAL: Final = b"PK\x03\x04"
_LINK: Final = 0o120777
_MANY: Final = 1000
_BOMB: Final = 64 * 1024 * 1024
"""Zeros: packed a thousandfold."""


def _with(name: str, data: bytes = b"x", mode: int = 0o100644) -> Callable[[Path], None]:
    """One more file in the ZIP."""

    def change(path: Path) -> None:
        info = zipfile.ZipInfo(name, _STAMP)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = mode << 16
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(info, data)

    return change


def _with_many(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(_MANY):
            archive.writestr(zipfile.ZipInfo(f"dosya-{number:04}.csv", _STAMP), b"x")


def _with_bomb(path: Path) -> None:
    info = zipfile.ZipInfo("sifirlar.csv", _STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    piece = bytes(1 << 20)
    with zipfile.ZipFile(path, "a") as archive, archive.open(info, "w") as member:
        for _ in range(_BOMB // len(piece)):
            member.write(piece)


def _first_again(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        name = archive.namelist()[0]
    _with(name.upper())(path)


def _renamed(path: Path) -> None:
    """No ZIP, though its name says so."""
    path.write_bytes(b"Bu bir ZIP dosyas\xc4\xb1 de\xc4\x9fil.\n")


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size * 2 // 3)


def _damaged(path: Path) -> None:
    """Other bytes in the middle of the first file: they no longer fit its checksum."""
    with zipfile.ZipFile(path) as archive:
        info = archive.infolist()[0]
    place = info.header_offset + 30 + len(info.filename.encode()) + info.compress_size // 2
    with path.open("r+b") as file:
        file.seek(place)
        found = file.read(8)
        file.seek(place)
        file.write(bytes(byte ^ 0xFF for byte in found))


def _patched(offset_central: int, offset_local: int, value: int) -> Callable[[Path], None]:
    """Another byte in the first file's two headers."""

    def change(path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            start = archive.start_dir
        with path.open("r+b") as file:
            for place in (start + offset_central, offset_local):
                file.seek(place)
                file.write(bytes([value]))

    return change


def _emptied_of_records(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("OKUBENI.docx", _STAMP), b"x")


def _without_details(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        info = archive.infolist()[0]
        data = archive.read(info)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, data)


DROPS: Final = (
    DropFault("drop-not-a-zip", "drop.not_zip", "Dosya ZIP değil.", "The file is no ZIP.", _renamed),
    DropFault("drop-of-no-bytes", "drop.empty", "Dosya boş.", "The file is empty.", _emptied),
    DropFault("drop-cut-off", "drop.cut", "ZIP yarım kalmış.", "The ZIP is cut off.", _cut),
    DropFault("drop-damaged", "drop.damaged", "ZIP bozulmuş.", "The ZIP is damaged.", _damaged),
    DropFault(
        "drop-packed-strangely", "drop.damaged",
        "ZIP bilinmeyen bir yöntemle sıkıştırılmış.", "The ZIP is packed in a way that few know.",
        _patched(10, 8, 97),
    ),
    DropFault(
        "drop-with-password", "drop.encrypted",
        "ZIP parolalı.", "The ZIP has a password.", _patched(8, 6, 1),
    ),
    DropFault(
        "drop-in-a-drop", "drop.nested",
        "ZIP içinde ZIP var.", "There is a ZIP in the ZIP.", _with("icinde.zip", _LOCAL),
    ),
    DropFault(
        "drop-in-a-drop-disguised", "drop.nested",
        "ZIP içinde adı .csv olan bir ZIP var.", "There is a ZIP in the ZIP, under the name of a CSV file.",
        _with("icinde.csv", _LOCAL),
    ),
    DropFault(
        "drop-with-path", "drop.unsafe_name",
        "ZIP içindeki bir ad başka klasöre gidiyor.", "A name in the ZIP leads into another folder.",
        _with("../disarida.csv"),
    ),
    DropFault(
        "drop-with-link", "drop.link",
        "ZIP içinde bağlantı var.", "There is a link in the ZIP.", _with("baglanti.csv", b"/etc/passwd", _LINK),
    ),
    DropFault(
        "drop-with-name-twice", "drop.name_twice",
        "ZIP içinde aynı ad iki kez var.", "A name stands in the ZIP twice.", _first_again,
    ),
    DropFault(
        "drop-with-deep-folders", "drop.too_deep",
        "ZIP içindeki klasörler çok derin.", "Folders in the ZIP are too deep.",
        _with("/".join("abcdefghijklmnop") + "/defter.csv"),
    ),
    DropFault(
        "drop-with-many-files", "drop.too_many_files",
        "ZIP içinde bin dosya var.", "There are a thousand files in the ZIP.", _with_many,
    ),
    DropFault(
        "drop-packed-too-tightly", "drop.ratio",
        "ZIP bombası.", "A ZIP bomb.", _with_bomb,
    ),
    DropFault(
        "drop-without-records", "drop.no_usable_member",
        "ZIP içinde kayıt dosyası yok.", "There is no file of records in the ZIP.", _emptied_of_records,
    ),
    DropFault(
        "drop-with-something-else", "file.ignored",
        "ZIP içinde okunmayan bir dosya da var.", "The ZIP holds a file too that is not read.",
        _with("OKUBENI.docx"), value="OKUBENI.docx",
    ),
    DropFault(
        "details-missing", "layout.details_missing",
        "Detay dosyası gönderilmemiş.", "The file of details was not sent.",
        _without_details, layouts=frozenset({"header-detail"}),
    ),
    DropFault(
        "attachment-not-pdf", "attachment.not_pdf",
        "Ek PDF değil.", "An attachment is no PDF.", _with("ekler/fatura.pdf", b"\x89PNG\r\n\x1a\n"),
        value="ekler/fatura.pdf",
    ),
    DropFault(
        "attachment-empty", "attachment.empty",
        "Ek boş.", "An attachment is empty.", _with("ekler/fatura.pdf", b""), value="ekler/fatura.pdf",
    ),
)  # fmt: skip

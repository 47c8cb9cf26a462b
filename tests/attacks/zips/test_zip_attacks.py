"""Archives made to harm or to mislead; each test is named after what it reproduces."""

import contextlib
import io
import os
import stat
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defterhane.zips import ZipBounds
from ingest.archives import inspect_zip
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

MIB = 1024 * 1024
BOUNDS = ZipBounds(members=100, total_bytes=64 * MIB, ratio=100)
SECONDS = 60.0
ROWS = b"entryref;amount\r\n1;10,00\r\n" * 100


def archive(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as made:
        for name, data in members:
            made.writestr(name, data)
    return content.getvalue()


def special(name: str, change: Callable[[zipfile.ZipInfo], None], data: bytes = ROWS) -> bytes:
    content = io.BytesIO()
    info = zipfile.ZipInfo(name)
    change(info)
    with zipfile.ZipFile(content, "w") as made:
        made.writestr(info, data)
    return content.getvalue()


def inspect(folder: Path, content: bytes, bounds: ZipBounds = BOUNDS) -> None:
    path = folder / "x.zip"
    path.write_bytes(content)
    inspect_zip(path, bounds, SECONDS)


def test_good_archives_pass(tmp_path: Path) -> None:
    inspect(tmp_path, archive(("a.csv", ROWS)))
    inspect(tmp_path, archive(("a.csv", ROWS), ("şube/b.txt", ROWS), ("boş.csv", b"")))
    inspect(tmp_path, archive(("a.csv", ROWS), method=zipfile.ZIP_STORED))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.mkdir("folder")
        made.writestr("folder/a.csv", ROWS)
        made.comment = b"PK\x05\x06 said the comment" * 100
    inspect(tmp_path, content.getvalue().replace(b"PK\x05\x06 said", b"PK__ said"))


def test_workbooks_and_papers_inside_pass(tmp_path: Path) -> None:
    workbook = archive(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))
    inspect(tmp_path, workbook)
    inspect(tmp_path, archive(("a.xlsx", workbook), ("b.xml", b"<Edefter/>"), ("c.pdf", b"%PDF-1.7")))


def test_archive_under_another_name(tmp_path: Path) -> None:
    for name in ("inner.csv", "inner.pdf", "inner"):
        for inner in (archive(("a.csv", ROWS)), b"Rar!\x1a\x07\x00", b"\x1f\x8b\x08" + bytes(20)):
            with pytest.raises(NestedZip):
                inspect(tmp_path, archive((name, inner)))


def test_zip64_and_streamed_archives_pass(tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        """Where one cannot seek: sizes follow the data, as some ERPs write them."""

        def __init__(self) -> None:
            self.content = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:
            self.content += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as made, made.open("a.csv", "w", force_zip64=True) as member:
        member.write(ROWS)
    inspect(tmp_path, pipe.content)


def test_flat_bomb(tmp_path: Path) -> None:
    with pytest.raises(ZipBombRatio):
        inspect(tmp_path, archive(("a.csv", b"0" * 30 * MIB)))


def test_many_members_that_are_large_together(tmp_path: Path) -> None:
    member = os.urandom(1000) * 9000
    with pytest.raises(ZipBomb):
        inspect(tmp_path, archive(*((f"{number}.csv", member) for number in range(9))))


def test_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    content = archive(("a.csv", b"0" * 30 * MIB))
    for place in (content.find(b"PK\x03\x04") + 22, content.find(b"PK\x01\x02") + 24):
        content = content[:place] + struct.pack("<I", 1000) + content[place + 4 :]
    tracemalloc.start()
    with pytest.raises(DamagedZip):
        inspect(tmp_path, content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * MIB


def test_memory_stays_small_for_a_large_archive(tmp_path: Path) -> None:
    content = archive(("a.csv", os.urandom(20 * MIB)))
    tracemalloc.start()
    inspect(tmp_path, content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * MIB


def test_nested_bomb(tmp_path: Path) -> None:
    inner = archive(("a.csv", b"0" * MIB))
    for name in ("inner.zip", "inner.ZIP", "inner.gz", "inner.7z"):
        with pytest.raises(NestedZip):
            inspect(tmp_path, archive((name, inner)))


def test_overlapping_members(tmp_path: Path) -> None:
    """One compressed kernel that every directory entry points to."""
    base = archive(("a.csv", ROWS))
    directory_at = base.find(b"PK\x01\x02")
    end_at = base.find(b"PK\x05\x06")
    entry = base[directory_at:end_at]
    count = 50
    directory = b"".join(
        entry.replace(b"a.csv", bytes([97 + number // 10, 48 + number % 10]) + b"csv") for number in range(count)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), directory_at, 0)
    with pytest.raises(ZipBombRatio):
        inspect(tmp_path, base[:directory_at] + directory + end)


def test_too_many_members(tmp_path: Path) -> None:
    with pytest.raises(ZipBombCount):
        inspect(tmp_path, archive(*((f"{number}.csv", b"x") for number in range(101))))


@pytest.mark.parametrize("with_zip64", [False, True])
def test_huge_directory_is_not_loaded(tmp_path: Path, with_zip64: bool) -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    count = 600_000
    directory = entry * count
    start = b"PK\x03\x04"
    if with_zip64:
        record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(directory), len(start))
        locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(start) + len(directory), 1)
        end = record + locator + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 47, 0, 0)
    else:
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), len(start), 0)
    path = tmp_path / "x.zip"
    path.write_bytes(start + directory + end)
    tracemalloc.start()
    with pytest.raises(ZipBombCount):
        inspect_zip(path, BOUNDS, SECONDS)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * MIB


@pytest.mark.parametrize("keep", [0.05, 0.5, 0.9, 0.999])
def test_cut_archive(tmp_path: Path, keep: float) -> None:
    content = archive(("a.csv", os.urandom(100_000)), ("b.csv", os.urandom(100_000)))
    with pytest.raises(CutZip):
        inspect(tmp_path, content[: int(len(content) * keep)])


def test_hole_in_the_middle(tmp_path: Path) -> None:
    """Beginning and end are there, as after an upload in pieces, but not all between them."""
    content = bytearray(archive(("a.csv", os.urandom(100_000))))
    content[40_000:50_000] = bytes(10_000)
    with pytest.raises(DamagedZip):
        inspect(tmp_path, bytes(content))


def test_wrong_checksum(tmp_path: Path) -> None:
    content = archive(("a.csv", ROWS), method=zipfile.ZIP_STORED)
    with pytest.raises(DamagedZip):
        inspect(tmp_path, content.replace(b"1;10,00", b"1;99,00", 1))


def test_directory_and_data_disagree(tmp_path: Path) -> None:
    content = archive(("a.csv", ROWS))
    at = content.find(b"a.csv")
    with pytest.raises(DamagedZip):
        inspect(tmp_path, content[:at] + b"b.csv" + content[at + 5 :])


@pytest.mark.parametrize("flags", [0x1, 0x41, 0x2000])
def test_encrypted_members(tmp_path: Path, flags: int) -> None:
    content = bytearray(archive(("a.csv", ROWS)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature) + offset
        content[at : at + 2] = struct.pack("<H", flags)
    with pytest.raises(EncryptedZip):
        inspect(tmp_path, bytes(content))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_methods(tmp_path: Path, method: int) -> None:
    with pytest.raises(ZipMethod):
        inspect(tmp_path, archive(("a.csv", ROWS), method=method))


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv",
        "a/../../b.csv",
        "/etc/passwd",
        "//server/share/a.csv",
        "C:/a.csv",
        "C:a.csv",
        "folder\\a.csv",
        "..\\a.csv",
        "./a.csv",
        "a//b.csv",
        "a.csv\n",
        "a\x1b[2Jb.csv",
        "\u202evsc.a",
        "x" * 300,
        "/".join("abcdefghijk"),
        "..",
    ],
)
def test_hostile_member_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(ZipPath) as raised:
        inspect(tmp_path, archive((name, ROWS)))
    assert raised.value.problem.text.tr.isprintable()


def test_name_cut_by_a_null(tmp_path: Path) -> None:
    for name in (b"a.csv\0../b", b"\0aaaaaaaaa"):
        with pytest.raises(ZipPath):
            inspect(tmp_path, archive(("a.csv_../b", ROWS)).replace(b"a.csv_../b", name))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK, stat.S_IFDIR])
def test_members_that_are_no_plain_files(tmp_path: Path, kind: int) -> None:
    def change(info: zipfile.ZipInfo) -> None:
        info.create_system = 3
        info.external_attr = (kind | 0o777) << 16

    with pytest.raises(ZipPath):
        inspect(tmp_path, special("a.csv", change, b"/etc/passwd"))


def test_same_name_twice(tmp_path: Path) -> None:
    content = archive(("a.csv", ROWS), ("b.csv", ROWS)).replace(b"b.csv", b"a.csv")
    with pytest.raises(DamagedZip):
        inspect(tmp_path, content)
    with pytest.raises(DamagedZip):
        inspect(tmp_path, content.replace(b"a.csv", b"A.csv", 1).replace(b"a.csv", b"A.csv", 1))


def test_nothing_inside(tmp_path: Path) -> None:
    for content in (archive(), archive(("a.csv", b"")), archive(("folder/", b""))):
        with pytest.raises(EmptyZip):
            inspect(tmp_path, content)


@pytest.mark.parametrize(
    "content", [b"x", b"entryref;amount\r\n" * 100, b"\x1f\x8b" + b"x" * 100, b"Rar!\x1a\x07\x00", b"MZ"]
)
def test_something_else_under_that_name(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NotAZip):
        inspect(tmp_path, content)


def test_program_with_an_archive_at_its_end(tmp_path: Path) -> None:
    with pytest.raises(NotAZip):
        inspect(tmp_path, b"MZ" + bytes(1000) + archive(("a.csv", ROWS)))


def test_time_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(archive(("a.csv", os.urandom(1000) * 10_000)))
    started = time.monotonic()
    with pytest.raises(TooSlow):
        inspect_zip(path, BOUNDS, seconds=0)
    assert time.monotonic() - started < 30


@given(st.data())
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_damaged_bytes_give_a_refusal_or_nothing(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(archive(("a.csv", ROWS), ("b.csv", zlib.compress(ROWS))))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(DropRefused):
        inspect(tmp_path, bytes(content))

"""Packages: one document of the same name, within bounds, whatever is sent."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from defterhane.edefter.names import DocumentName
from sandbox.gib.packages import Rejected, is_readable, unpack, write_package
from support.gib_client import unzipped, zipped

NAME = DocumentName.parse("1234567808-202501-YB-000000")
BERAT, LEDGER = "1234567808-202501-YB-000000.xml", "1234567808-202501-Y-000000.xml"
LIMIT = 100_000


def opened(package, folder, ledger_limit=0):
    return unpack(package, NAME, folder, limit=LIMIT, ledger_limit=ledger_limit)


def test_the_document_comes_out_as_it_went_in(tmp_path):
    unpacked = opened(zipped((BERAT, b"<a/>")), tmp_path)
    assert unpacked.document.read_bytes() == b"<a/>"
    assert unpacked.ledger is None


def test_a_ledger_comes_only_where_it_is_accepted(tmp_path):
    package = zipped((BERAT, b"<a/>"), (LEDGER, b"<b/>"))
    (tmp_path / "one").mkdir()
    with pytest.raises(Rejected, match="yalnızca"):
        opened(package, tmp_path / "one")
    unpacked = opened(package, tmp_path, ledger_limit=10)
    assert unpacked.ledger is not None
    assert unpacked.ledger.read_bytes() == b"<b/>"


def encrypted():
    data = bytearray(zipped((BERAT, b"<a/>")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    return bytes(data)


def damaged():
    data = bytearray(zipped((BERAT, bytes(range(256)) * 20)))
    data[len(BERAT) + 60] ^= 0xFF
    return bytes(data)


def lying_size():
    """The directory says 10 bytes, the data are more."""
    data = bytearray(zipped((BERAT, b"<a>" + b"x" * 5000 + b"</a>")))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def twice():
    with pytest.warns(UserWarning, match="Duplicate"):
        return zipped((BERAT, b"<a/>"), (BERAT, b"<b/>"))


def bzip2():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr(BERAT, b"<a/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: zipped(), "yalnızca"),
        (lambda: zipped(("other.xml", b"<a/>")), "yalnızca"),
        (lambda: zipped((BERAT, b"<a/>"), ("readme.txt", b"x")), "yalnızca"),
        (lambda: zipped((f"../{BERAT}", b"<a/>")), "yalnızca"),
        (lambda: zipped((f"folder/{BERAT}", b"<a/>")), "yalnızca"),
        (lambda: zipped((BERAT.upper(), b"<a/>")), "yalnızca"),
        (twice, "yalnızca"),
        (lambda: zipped((BERAT, b"<a>" + bytes(50_000) + b"</a>")), "sınırı"),
        (lambda: zipped((BERAT, b"%d" % 7 * (LIMIT + 1))), "sınırı"),
        (encrypted, "şifreli"),
        (bzip2, "şifreli"),
        (damaged, "açılamadı"),
        (lying_size, "açılamadı"),
        (lambda: b"PK\x03\x04 no zip", "açılamadı"),
        (lambda: b"", "açılamadı"),
    ],
)
def test_anything_else_is_rejected(tmp_path, make, reason):
    with pytest.raises(Rejected, match=reason):
        opened(make(), tmp_path)
    assert all(path.parent == tmp_path for path in tmp_path.rglob("*"))
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= LIMIT


def test_readable_means_that_there_is_a_directory():
    assert is_readable(zipped((BERAT, b"<a/>")))
    assert not is_readable(b"PK\x03\x04 no zip")
    assert not is_readable(zipped((BERAT, b"<a/>"))[:-10])
    assert not is_readable(b"")


def test_written_packages_are_the_same_every_time():
    now = datetime(2025, 2, 3, 4, 5, 6, tzinfo=UTC)
    first, second = (write_package(NAME.as_approved, b"<a/>", now) for _ in range(2))
    assert first == second
    assert unzipped(first) == {f"GIB-{BERAT}": b"<a/>"}

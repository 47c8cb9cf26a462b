"""What every store does: one suite, a folder and an S3 server."""

import asyncio
import hashlib
from pathlib import Path

import obstore
import pytest
from obstore.store import ObjectStore as Backend

from archive.errors import ArchiveConflict, ArchiveDamaged
from archive.store import AT_ONCE, ArchiveStore
from defterhane.errors import ObjectDamaged, ObjectMissing
from defterhane.objects import ObjectStore, open_backend
from defterhane.settings import Settings
from support.events import FIRM, OTHER_FIRM, reference


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.s3)])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    if request.param == "folder":
        values = {"objects_url": (tmp_path / "objects").as_uri()}
    else:
        values = dict(request.getfixturevalue("s3"))
        values["objects_url"] += f"/{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:12]}"
    settings = Settings.model_validate({"database_url": "postgresql://none", **values})
    return open_backend(settings, settings.objects_url)


@pytest.fixture
def objects(backend: Backend, tmp_path: Path) -> ObjectStore:
    return ObjectStore(backend, tmp_path)


async def test_what_is_stored_comes_back(objects: ObjectStore, tmp_path: Path) -> None:
    data = bytes(range(256)) * 40_000
    source = tmp_path / "source"
    source.write_bytes(data)
    stored = await objects.put_file(FIRM, source)
    assert stored == await objects.put_bytes(FIRM, data)
    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert await objects.read(FIRM, stored) == data
    async with objects.fetch(FIRM, stored) as path:
        assert path.read_bytes() == data
    assert not path.exists()


async def test_another_tenants_object_is_not_given_out(objects: ObjectStore) -> None:
    stored = await objects.put_bytes(FIRM, b"books")
    with pytest.raises(PermissionError):
        await objects.read(OTHER_FIRM, stored)
    forged = stored.model_copy(update={"uri": f"object:{OTHER_FIRM}/{stored.sha256}"})
    with pytest.raises(ObjectMissing):
        await objects.read(OTHER_FIRM, forged)
    for uri in (f"object:{FIRM}/../{OTHER_FIRM}/x", f"object:{FIRM}/{stored.sha256}/..", "file:///etc/passwd"):
        with pytest.raises(PermissionError):
            await objects.read(FIRM, stored.model_copy(update={"uri": uri}))


async def test_changed_bytes_are_noticed(objects: ObjectStore, backend: Backend) -> None:
    stored = await objects.put_bytes(FIRM, b"books")
    for wrong in (b"bookz", b"book", b"books and more"):
        await obstore.put_async(backend, f"{FIRM}/{stored.sha256[:2]}/{stored.sha256}", wrong)
        with pytest.raises(ObjectDamaged):
            await objects.read(FIRM, stored)
        with pytest.raises(ObjectDamaged):
            async with objects.fetch(FIRM, stored):
                pass


async def test_what_is_not_there_is_said_to_be_missing(objects: ObjectStore) -> None:
    with pytest.raises(ObjectMissing):
        await objects.read(FIRM, reference())


async def test_a_large_object_is_not_read_whole(objects: ObjectStore) -> None:
    stored = await objects.put_bytes(FIRM, b"x" * 100)
    with pytest.raises(ValueError, match="at most 99"):
        await objects.read(FIRM, stored, limit=99)


@pytest.mark.parametrize("size", [1, AT_ONCE // 8 + 1])
async def test_the_archive_keeps_a_file_once_and_for_all(backend: Backend, tmp_path: Path, size: int) -> None:
    archive = ArchiveStore(backend)
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"approved" * size)
    second.write_bytes(b"another!" * size)
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (first, second)]
    for _ in range(2):
        await archive.keep("1/2025/01/a.xml", first, digests[0])
    with pytest.raises(ArchiveConflict):
        await archive.keep("1/2025/01/a.xml", second, digests[1])
    with pytest.raises(ArchiveConflict):
        await archive.keep_bytes("1/2025/01/a.xml", b"another")
    target = tmp_path / "out.xml"
    await archive.copy_out("1/2025/01/a.xml", digests[0], target)
    assert target.read_bytes() == b"approved" * size


async def test_an_export_never_shows_a_damaged_file(backend: Backend, tmp_path: Path) -> None:
    archive = ArchiveStore(backend)
    await archive.keep_bytes("1/a.xml", b"approved")
    target = tmp_path / "out.xml"
    with pytest.raises(ArchiveDamaged):
        await archive.copy_out("1/a.xml", "0" * 64, target)
    with pytest.raises(ArchiveDamaged):
        await archive.copy_out("1/missing.xml", "0" * 64, target)
    assert not target.exists()


async def test_many_at_once(objects: ObjectStore) -> None:
    stored = await asyncio.gather(*(objects.put_bytes(FIRM, str(number % 5).encode()) for number in range(40)))
    assert len({one.uri for one in stored}) == 5

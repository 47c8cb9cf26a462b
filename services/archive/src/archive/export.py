"""The folder tree that GİB's viewer and storage tool expect, written from the archive, every digest checked."""

import asyncio
import hashlib
from dataclasses import dataclass
from importlib.resources import files as package_files
from pathlib import Path

from sqlalchemy import select

from archive.models import File, Month
from archive.store import ArchiveStore
from defterhane.db import Database


@dataclass(frozen=True, slots=True)
class Exported:
    """One file of an export."""

    path: Path
    sha256: str
    size: int


async def export_tree(database: Database, store: ArchiveStore, tenant: str, target: Path) -> list[Exported]:
    """Write all archived files of a tenant, the manifests of its closed months and the viewers, under `target`.

    Raises:
        ArchiveDamaged: an archived file is missing or not what was archived.
    """
    async with database.tenant(tenant) as tx:
        archived = (await tx.session.scalars(select(File).where(File.tenant == tenant).order_by(File.path))).all()
        months = (await tx.session.scalars(select(Month).where(Month.tenant == tenant))).all()
    wanted = [(file.path, file.sha256) for file in archived]
    wanted += [(month.manifest_path, month.manifest_sha256) for month in months]
    exported = []
    for path, sha256 in wanted:
        place = target / path
        await asyncio.to_thread(place.parent.mkdir, parents=True, exist_ok=True)
        await store.copy_out(path, sha256, place)
        exported.append(Exported(place, sha256, place.stat().st_size))
    for folder in sorted({one.path.parent for one in exported}):
        exported += await asyncio.to_thread(_write_viewers, folder)
    return exported


def _write_viewers(folder: Path) -> list[Exported]:
    """The stylesheets that the documents name, beside them."""
    written = []
    for source in sorted(package_files("archive").joinpath("viewers").iterdir(), key=lambda one: one.name):
        data = source.read_bytes()
        place = folder / source.name
        place.write_bytes(data)
        written.append(Exported(place, hashlib.sha256(data).hexdigest(), len(data)))
    return written

"""The folder tree that GİB's viewer and storage tool expect, written from the archive, every digest checked."""

import asyncio
from dataclasses import dataclass
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
    """Write all archived files of a tenant, with the manifests of its closed months, under `target`.

    Raises:
        ArchiveDamaged: an archived file is missing or not what was archived.
    """
    async with database.tenant(tenant) as tx:
        files = (await tx.session.scalars(select(File).where(File.tenant == tenant).order_by(File.path))).all()
        months = (await tx.session.scalars(select(Month).where(Month.tenant == tenant))).all()
    wanted = [(file.path, file.sha256) for file in files]
    wanted += [(month.manifest_path, month.manifest_sha256) for month in months]
    exported = []
    for path, sha256 in wanted:
        place = target / path
        await asyncio.to_thread(place.parent.mkdir, parents=True, exist_ok=True)
        await store.copy_out(path, sha256, place)
        exported.append(Exported(place, sha256, place.stat().st_size))
    return exported

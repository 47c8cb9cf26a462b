"""Write-once keeping: a file is put at its place in the folder tree, and never changed."""

import asyncio
import hashlib
from pathlib import Path
from typing import Final

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import ObjectStore as Backend

from archive.errors import ArchiveConflict, ArchiveDamaged
from defterhane.objects import CHUNK

AT_ONCE: Final = 16 * 1024 * 1024
"""Bytes of a file that is put in one piece, on the condition that nothing lies there."""


class ArchiveStore:
    """Files by path. What is there already must be the same bytes."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    async def keep(self, path: str, source: Path, sha256: str) -> None:
        """Put a file at `path`; its SHA-256 is `sha256`. Putting the same file again does nothing.

        A large file goes in pieces, which stores do not make conditional: the caller sees to it that nobody else
        writes at `path` meanwhile.

        Raises:
            ArchiveConflict: another file lies there.
        """
        size = (await asyncio.to_thread(source.stat)).st_size
        try:
            if size <= AT_ONCE:
                await obstore.put_async(self._backend, path, source, mode="create", use_multipart=False)
            elif await self._is_there(path):
                await self._check_same(path, sha256)
            else:
                await obstore.put_async(self._backend, path, source, chunk_size=CHUNK * 2, max_concurrency=2)
        except AlreadyExistsError:
            await self._check_same(path, sha256)

    async def keep_bytes(self, path: str, data: bytes) -> None:
        """As `keep`, for a small file's bytes."""
        try:
            await obstore.put_async(self._backend, path, data, mode="create", use_multipart=False)
        except AlreadyExistsError:
            await self._check_same(path, hashlib.sha256(data).hexdigest())

    async def copy_out(self, path: str, sha256: str, target: Path) -> None:
        """Copy an archived file to `target`, which appears only once its digest has been checked.

        Raises:
            ArchiveDamaged: the file is missing or not what was archived.
        """
        partial = target.with_name(target.name + ".part")
        try:
            if await self._stream(path, partial) != sha256:
                raise ArchiveDamaged(path=path)
        except FileNotFoundError as error:
            partial.unlink(missing_ok=True)
            raise ArchiveDamaged(path=path) from error
        await asyncio.to_thread(partial.replace, target)

    async def _is_there(self, path: str) -> bool:
        try:
            await obstore.head_async(self._backend, path)
        except FileNotFoundError:
            return False
        return True

    async def _check_same(self, path: str, sha256: str) -> None:
        if await self._stream(path, None) != sha256:
            raise ArchiveConflict(path=path)

    async def _stream(self, path: str, target: Path | None) -> str:
        result = await obstore.get_async(self._backend, path)
        digest = hashlib.sha256()
        file = await asyncio.to_thread(target.open, "wb") if target else None
        try:
            async for chunk in result.stream(min_chunk_size=CHUNK):
                data = bytes(chunk)
                await asyncio.to_thread(digest.update, data)
                if file is not None:
                    await asyncio.to_thread(file.write, data)
        finally:
            if file is not None:
                file.close()
        return digest.hexdigest()

"""The object store: written once, content-addressed, under the tenant; a reader checks the digest while streaming."""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import obstore
from obstore.store import LocalStore, S3Store
from obstore.store import ObjectStore as Backend

from defterhane.edefter.taxid import tax_id
from defterhane.errors import ObjectDamaged, ObjectMissing
from defterhane.events.models import ObjectRef
from defterhane.settings import Settings

CHUNK: Final = 4 * 1024 * 1024


def open_backend(settings: Settings, url: str) -> Backend:
    """The store that a URL names: `file:///folder` or `s3://bucket/prefix`.

    Raises:
        ValueError: no such kind of store.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        folder = Path(parts.path)
        folder.mkdir(parents=True, exist_ok=True)
        return LocalStore(folder, mkdir=True, automatic_cleanup=False)
    if parts.scheme == "s3":
        key, secret = settings.s3_access_key, settings.s3_secret_key
        return S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            endpoint=settings.s3_endpoint,
            region=settings.s3_region,
            access_key_id=key.get_secret_value() if key else None,
            secret_access_key=secret.get_secret_value() if secret else None,
            virtual_hosted_style_request=False,
            client_options={"allow_http": bool(settings.s3_endpoint and settings.s3_endpoint.startswith("http:"))},
        )
    raise ValueError(f"an object store's URL begins with file:// or s3://, not {url!r}")


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 (hex) and size of a file, read in chunks."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return digest, file.tell()


class ObjectStore:
    """Objects of all tenants. An object's URI is `object:<tenant>/<sha256>`."""

    def __init__(self, backend: Backend, scratch: Path | None = None) -> None:
        self._backend = backend
        self._scratch = scratch

    async def put_file(self, tenant: str, path: Path) -> ObjectRef:
        """Store a file; the same bytes are stored once."""
        sha256, size = await asyncio.to_thread(digest_of, path)
        reference = _reference(tenant, sha256, size)
        if not await self._holds(reference):
            await obstore.put_async(self._backend, _key(reference), path)
        return reference

    async def put_bytes(self, tenant: str, data: bytes) -> ObjectRef:
        """Store bytes; the same bytes are stored once."""
        reference = _reference(tenant, hashlib.sha256(data).hexdigest(), len(data))
        if not await self._holds(reference):
            await obstore.put_async(self._backend, _key(reference), data)
        return reference

    @asynccontextmanager
    async def fetch(self, tenant: str, reference: ObjectRef) -> AsyncIterator[Path]:
        """A local copy for as long as the block lasts; its digest has been checked.

        Raises:
            PermissionError: the object is another tenant's.
            ObjectMissing: it is not there.
            ObjectDamaged: its bytes are not those that were stored.
        """
        _check_owner(tenant, reference)
        handle, name = await asyncio.to_thread(tempfile.mkstemp, ".object", "defterhane-", self._scratch)
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                digest = hashlib.sha256()
                size = 0
                async for chunk in self._stream(reference):
                    size += len(chunk)
                    if size > reference.size:
                        break
                    await asyncio.to_thread(file.write, chunk)
                    await asyncio.to_thread(digest.update, chunk)
            if size != reference.size or digest.hexdigest() != reference.sha256:
                raise ObjectDamaged(uri=reference.uri)
            yield path
        finally:
            path.unlink(missing_ok=True)

    async def read(self, tenant: str, reference: ObjectRef, limit: int = 64 * 1024 * 1024) -> bytes:
        """A small object's bytes, checked.

        Raises:
            ValueError: it is larger than `limit`.
            PermissionError, ObjectMissing, ObjectDamaged: as `fetch`.
        """
        _check_owner(tenant, reference)
        if reference.size > limit:
            raise ValueError(f"{reference.uri} has {reference.size} bytes; at most {limit} are read at once")
        chunks = []
        size = 0
        async for chunk in self._stream(reference):
            size += len(chunk)
            if size > reference.size:
                break
            chunks.append(chunk)
        data = b"".join(chunks)
        if hashlib.sha256(data).hexdigest() != reference.sha256:
            raise ObjectDamaged(uri=reference.uri)
        return data

    async def _stream(self, reference: ObjectRef) -> AsyncIterator[bytes]:
        try:
            result = await obstore.get_async(self._backend, _key(reference))
        except FileNotFoundError as error:
            raise ObjectMissing(uri=reference.uri) from error
        async for chunk in result.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)

    async def _holds(self, reference: ObjectRef) -> bool:
        try:
            found = await obstore.head_async(self._backend, _key(reference))
        except FileNotFoundError:
            return False
        return found["size"] == reference.size


def _reference(tenant: str, sha256: str, size: int) -> ObjectRef:
    return ObjectRef(uri=f"object:{tax_id(tenant)}/{sha256}", sha256=sha256, size=size)


def _check_owner(tenant: str, reference: ObjectRef) -> None:
    if reference.uri != f"object:{tax_id(tenant)}/{reference.sha256}":
        raise PermissionError(f"{reference.uri} is not an object of tenant {tenant}")


def _key(reference: ObjectRef) -> str:
    tenant, sha256 = reference.uri.removeprefix("object:").split("/")
    return f"{tenant}/{sha256[:2]}/{sha256}"

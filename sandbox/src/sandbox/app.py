"""The sandbox's composition root: GİB, the time-stamp authority and the certificates in one application."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.serialization import Encoding
from fastapi import FastAPI
from starlette.responses import Response

from defterhane.xades import SoftwareKey
from sandbox.certificates import Certificates, open_certificates
from sandbox.errors import DataUnusable
from sandbox.gib.admin import admin_router
from sandbox.gib.api import Endpoint, gib_router
from sandbox.gib.judge import Judge
from sandbox.gib.service import GibService
from sandbox.gib.store import Store
from sandbox.gib.trouble import Troubles
from sandbox.gib.worker import Worker
from sandbox.settings import SandboxSettings
from sandbox.tsa import TimeStampAuthority
from sandbox.tsa_api import tsa_router

_log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The clock of every day."""
    return datetime.now(UTC)


def create_app(
    settings: SandboxSettings,
    clock: Callable[[], datetime] = utc_now,
    new_id: Callable[[], UUID] = uuid4,
) -> FastAPI:
    """The outside world as one ASGI application.

    - `/edefter/services/EDefterWsPort`: GİB's web service, its WSDL at `?wsdl`.
    - `/tsa`: a time-stamp authority (RFC 3161).
    - `/certificates/root.pem`, `/certificates/issuer.pem`: whom to trust.
    - `/sandbox/…`: only where `settings.admin` says so.

    Args:
        settings: see there; the first start makes the certificates in its folder.
        clock: aware.
        new_id: serial numbers of time stamps.

    Raises:
        DataUnusable: the data folder cannot be used.
    """
    certificates = open_certificates(settings.data / "certificates", clock())
    store = _open_store(settings)
    troubles = Troubles()
    service = GibService(settings, store, clock)
    gib = certificates.gib
    judge = Judge(
        key=SoftwareKey(gib.key, gib.certificate, gib.chain),
        trusted=certificates.trusted,
        may_sign=service.may_act,
        document_limit=settings.document_limit,
        ledger_limit=settings.ledger_limit,
        clock=clock,
        new_id=new_id,
    )
    worker = Worker(store, judge, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        _log.warning("THIS IS A SANDBOX: nothing is filed anywhere, and its signatures have no legal value")
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run(), name="sandbox judge")
            yield
            worker.stop()
        store.close()

    app = FastAPI(title="Defterhane sandbox", lifespan=lifespan, openapi_url=None)
    endpoint = Endpoint(
        service=service,
        store=store,
        troubles=troubles,
        trusted=certificates.trusted,
        package_limit=settings.package_limit,
        clock=clock,
        on_sent=worker.wake,
    )
    app.include_router(gib_router(endpoint))
    time_stamps = TimeStampAuthority(certificates.tsa, clock=clock, new_id=new_id, users=settings.time_stamp_users)
    app.include_router(tsa_router(time_stamps))
    _serve_certificates(app, certificates)
    if settings.admin:
        app.include_router(admin_router(store, troubles))
    return app


def _open_store(settings: SandboxSettings) -> Store:
    try:
        return Store(settings.data / "gib")
    except (OSError, sqlite3.Error) as error:
        raise DataUnusable(folder=settings.data, why=error) from error


def _serve_certificates(app: FastAPI, certificates: Certificates) -> None:
    authority = certificates.authority
    for name, credential in (("root", authority.root), ("issuer", authority.issuer)):
        data = credential.certificate.public_bytes(Encoding.PEM)
        app.add_api_route(f"/certificates/{name}.pem", _file(data), response_model=None)


def _file(data: bytes) -> Callable[[], Response]:
    def download() -> Response:
        return Response(data, media_type="application/x-pem-file")

    return download

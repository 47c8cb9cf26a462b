"""The service over HTTP: SOAP 1.2 in and out, faults with status 500, the WSDL at `?wsdl`."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from typing import Final

from cryptography import x509
from cryptography.x509.verification import VerificationError
from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from defterhane.soap import wsse
from defterhane.soap.errors import BadEnvelope, BadSecurity
from sandbox.bodies import read_body
from sandbox.gib import messages
from sandbox.gib.faults import FaultCode, GibFault
from sandbox.gib.messages import Request
from sandbox.gib.service import GibService
from sandbox.gib.store import Store
from sandbox.gib.trouble import Trouble, Troubles

PATH: Final = "/edefter/services/EDefterWsPort"
_SOAP_TYPE: Final = "application/soap+xml"
_OVERHEAD: Final = 256 * 1024
"""What an envelope may weigh besides its attachment, in bytes."""
_NAME: Final = 100


@dataclass(frozen=True)
class _Call:
    caller: str
    request: Request

    @property
    def package(self) -> str:
        """The package's name as it was given, at most so much of it as a name can be long."""
        attachment = self.request.attachment
        given = attachment.file_name.removesuffix(".zip") if attachment else self.request.package
        return given[:_NAME]


class Endpoint:
    """Takes a call from its bytes to its answer.

    Args:
        service: what GİB does.
        store: where calls are remembered.
        troubles: what befalls calls.
        trusted: where a caller's certificate path may end.
        package_limit: bytes of a package; a message may be twice as large.
        clock: aware.
        on_sent: called when something may have been queued.
    """

    def __init__(
        self,
        *,
        service: GibService,
        store: Store,
        troubles: Troubles,
        trusted: Sequence[x509.Certificate],
        package_limit: int,
        clock: Callable[[], datetime],
        on_sent: Callable[[], None],
    ) -> None:
        self._service = service
        self._store = store
        self._troubles = troubles
        self._trusted = list(trusted)
        self._limit = 2 * package_limit + _OVERHEAD
        self._clock = clock
        self._on_sent = on_sent

    async def describe(self, request: HttpRequest) -> Response:
        """The WSDL."""
        if "wsdl" not in {name.lower() for name in request.query_params}:
            return Response(status_code=404)
        return Response(messages.description(str(request.url)), media_type="text/xml")

    async def call(self, request: HttpRequest) -> Response:
        """A call of one of the operations."""
        content_type, action = _content_type(request.headers.get("content-type", ""))
        if content_type != _SOAP_TYPE:
            return Response(status_code=415)
        body = await read_body(request, self._limit)
        if body is None:
            return await self._refuse(FaultCode.TOO_LARGE, None)
        try:
            call = await asyncio.to_thread(self._open, body, action)
        except GibFault as fault:
            return await self._refuse(fault.code, None)
        except BadSecurity as error:
            return _fault(messages.security_fault(error.problem.text.tr))
        except BadEnvelope as error:
            return _fault(messages.envelope_fault(error.problem.text.tr))
        return await self._answer(call, request)

    def _open(self, body: bytes, action: str | None) -> _Call:
        """Believe a message, then read it."""
        try:
            certificate = wsse.verify(body, now=self._clock(), roots=self._trusted, limit=self._limit)
        except BadSecurity as error:
            # The signature holds, but nobody vouches for the signer: that is the service's own fault 101.
            if isinstance(error.__cause__, VerificationError):
                raise GibFault(FaultCode.UNKNOWN_SIGNER) from error
            raise
        caller = self._service.admit(certificate)
        request = messages.read_request(body, self._limit)
        if action is not None and action != request.operation:
            raise BadEnvelope(why=f"the action is {action}, the operation {request.operation}")
        return _Call(caller, request)

    async def _answer(self, call: _Call, request: HttpRequest) -> Response:
        trouble = self._troubles.take(call.request.operation, call.package)
        if trouble is not None and trouble.code is not None:
            return await self._refuse(trouble.code, call)
        if trouble is not None and trouble.kind == "http":
            await self._log(call, f"http {trouble.status}")
            return Response(status_code=trouble.status)
        if trouble is not None and trouble.kind == "slow":
            await asyncio.sleep(trouble.seconds)
        try:
            response = Response(
                await asyncio.to_thread(self._service.answer, call.request, call.caller), media_type=_SOAP_TYPE
            )
            await self._log(call, "ok")
            self._on_sent()
        except GibFault as fault:
            response = await self._refuse(fault.code, call)
        return await _lose(request, trouble) if trouble is not None and trouble.kind == "lost" else response

    async def _refuse(self, code: FaultCode, call: _Call | None) -> Response:
        await self._log(call, str(code.value))
        return _fault(messages.fault(code))

    async def _log(self, call: _Call | None, outcome: str) -> None:
        try:
            await asyncio.to_thread(
                self._store.log_call,
                operation=call.request.operation if call else None,
                package=call.package if call else None,
                sent_by=call.caller if call else None,
                outcome=outcome,
                now=self._clock(),
            )
        except sqlite3.Error:
            # The call itself has its own answer for a database that is in trouble.
            return


def gib_router(endpoint: Endpoint) -> APIRouter:
    """The service's one path."""
    router = APIRouter()
    router.add_api_route(PATH, endpoint.describe, methods=["GET"], response_model=None)
    router.add_api_route(PATH, endpoint.call, methods=["POST"], response_model=None)
    return router


class _Cut(Response):
    """An answer that never comes: its body is announced and not sent, so that the server cuts the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


async def _lose(request: HttpRequest, trouble: Trouble) -> Response:
    try:
        async with asyncio.timeout(trouble.seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return _Cut()
    return _Cut()


def _fault(envelope: bytes) -> Response:
    return Response(envelope, status_code=500, media_type=_SOAP_TYPE)


def _content_type(header: str) -> tuple[str, str | None]:
    """Media type and the SOAP action, where one is given."""
    message = Message()
    message["content-type"] = header
    action = message.get_param("action")
    return message.get_content_type(), action if isinstance(action, str) and action else None

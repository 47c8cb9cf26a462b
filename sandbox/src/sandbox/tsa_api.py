"""The time-stamp authority over HTTP (RFC 3161 section 3.4)."""

import asyncio
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from sandbox.bodies import read_body
from sandbox.tsa import REQUEST_LIMIT, TimeStampAuthority

PATH: Final = "/tsa"
QUERY: Final = "application/timestamp-query"
REPLY: Final = "application/timestamp-reply"


def tsa_router(authority: TimeStampAuthority) -> APIRouter:
    """`POST /tsa`: a query in, a reply out; the header `identity` as Kamu SM wants it."""
    router = APIRouter()

    @router.post(PATH)
    async def stamp(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != QUERY:
            return Response(status_code=415)
        body = await read_body(request, REQUEST_LIMIT)
        if body is None:
            return Response(status_code=413)
        reply = await asyncio.to_thread(authority.answer, body, request.headers.get("identity"))
        return Response(reply, media_type=REPLY)

    return router

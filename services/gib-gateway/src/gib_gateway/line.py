"""The line to GİB: one POST a message, with bounds on time and size, and no redirects."""

import asyncio
import ssl
from dataclasses import dataclass
from typing import Final

import httpx

from defterhane.soap.names import Operation
from gib_gateway.answers import Lost, NotSent
from gib_gateway.settings import GatewaySettings

_TYPES: Final = frozenset({"application/soap+xml", "text/xml", "application/xml"})


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, as it came."""

    status: int
    body: bytes


class Line:
    """The way to GİB's endpoint. Every call has a connection of its own: one that GİB has closed meanwhile would leave
    it unknown whether a message has arrived."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._endpoint = settings.gib_endpoint
        self._limit = settings.gib_answer_limit
        self._seconds = settings.gib_call_seconds
        self._timeout = httpx.Timeout(settings.gib_call_seconds, connect=settings.gib_connect_seconds)
        self._tls = ssl.create_default_context(cafile=str(settings.gib_tls_ca) if settings.gib_tls_ca else None)

    async def call(self, operation: Operation, message: bytes) -> Reply | Lost | NotSent:
        """Send a signed message.

        Returns:
            The reply; `NotSent` where no connection was made; `Lost` where the message may have arrived, but no
            whole answer within the bounds came back.
        """
        try:
            async with (
                asyncio.timeout(self._seconds),
                httpx.AsyncClient(verify=self._tls, timeout=self._timeout, follow_redirects=False) as client,
            ):
                return await self._post(client, operation, message)
        except TimeoutError:
            return Lost(f"no answer in {self._seconds:g} s")
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return NotSent(type(error).__name__)
        except httpx.HTTPError as error:
            return Lost(type(error).__name__)

    async def _post(self, client: httpx.AsyncClient, operation: Operation, message: bytes) -> Reply | Lost:
        headers = {
            "Content-Type": operation.content_type,
            "Accept": "application/soap+xml",
            "Accept-Encoding": "identity",
        }
        async with client.stream("POST", self._endpoint, content=message, headers=headers) as response:
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                return Lost("a compressed answer")
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > self._limit:
                    return Lost(f"more than {self._limit} bytes")
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if response.status_code in (200, 500) and kind not in _TYPES:
            return Lost(f"HTTP {response.status_code} with {kind[:60] or 'no type'}")
        return Reply(response.status_code, bytes(body))

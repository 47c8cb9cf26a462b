"""Reading request bodies within bounds."""

from typing import Final

from starlette.requests import Request

_DRAINED: Final = 4
"""So many times the limit is read and thrown away, that the caller may finish sending and read the answer."""


async def read_body(request: Request, limit: int) -> bytes | None:
    """A request's body of at most `limit` bytes; None where it is longer."""
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        else:
            chunks.clear()
        if size > _DRAINED * limit:
            break
    return b"".join(chunks) if size <= limit else None

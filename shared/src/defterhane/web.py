"""HTTP servers inside a process that has an event loop already."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI


class _Quiet(uvicorn.Server):
    """uvicorn's server without its own signal handlers: the process answers signals as a whole."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WebServer:
    """Serves an application on a host and port; port 0 takes a free one, which `port` then tells."""

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        self._socket = socket.create_server((host, port), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            app, log_config=None, access_log=False, timeout_graceful_shutdown=5, server_header=False
        )
        self._server = _Quiet(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to answer."""
        self._task = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started and not self._task.done():  # noqa: ASYNC110
            await asyncio.sleep(0.01)  # uvicorn tells only by a flag

    async def stop(self) -> None:
        """Finish the requests at hand, then stop."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task

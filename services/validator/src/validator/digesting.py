"""Digests beside other work: SHA-256 lets go of the interpreter, so another core can compute it."""

from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from typing import Final

_WORTH_IT: Final = 1 << 16
"""Bytes from which on handing over costs less than it saves."""


class DigestBeside:
    """A SHA-256 whose large pieces are taken in by a thread, one after the other."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads
        self._digest = sha256()
        self._running: Future[None] | None = None

    def update(self, data: bytes, /) -> None:
        """Take more bytes in."""
        self._wait()
        if len(data) < _WORTH_IT:
            self._digest.update(data)
        else:
            self._running = self._threads.submit(self._digest.update, data)

    def hexdigest(self) -> str:
        """The digest of all bytes so far."""
        self._wait()
        return self._digest.hexdigest()

    def _wait(self) -> None:
        if self._running is not None:
            self._running.result()
            self._running = None

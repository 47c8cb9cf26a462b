"""Digests beside other work: SHA-256 lets go of the interpreter, so another core can compute it."""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from typing import Final

_WORTH_IT: Final = 1 << 16
"""Bytes from which on handing over costs less than it saves."""
_AHEAD: Final = 3
"""So many pieces may wait."""


class DigestBeside:
    """A SHA-256 whose large pieces are taken in by a thread."""

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        """`thread` has one worker: pieces are taken in the order in which they come."""
        self._thread = thread
        self._digest = sha256()
        self._running: deque[Future[None]] = deque()

    def update(self, data: bytes, /) -> None:
        """Take more bytes in."""
        if not self._running and len(data) < _WORTH_IT:
            self._digest.update(data)
            return
        self._running.append(self._thread.submit(self._digest.update, data))
        if len(self._running) > _AHEAD:
            self._running.popleft().result()

    def hexdigest(self) -> str:
        """The digest of all bytes so far."""
        while self._running:
            self._running.popleft().result()
        return self._digest.hexdigest()

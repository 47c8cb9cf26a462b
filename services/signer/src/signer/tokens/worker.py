"""A process with one token session, and how the service talks to it.

Requests and answers are small tuples over a pipe. Whatever happens to the session, the process ends with it, and the
next one logs in anew.
"""

import asyncio
import contextlib
import multiprocessing
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any, Final

from cryptography import x509

from defterhane.errors import DefterhaneError
from defterhane.log import logger
from defterhane.xades.algorithms import SignatureAlgorithm
from signer.choice import Candidate
from signer.errors import TokenAway, TokenLocked
from signer.tokens.session import TokenAddress, TokenSession, der

_log = logger(__name__)

_START_SECONDS: Final = 30.0
"""A fresh interpreter and the library are ready by then; the log-in has its own time."""

Wire = tuple[bytes, str, bytes | None]
"""A candidate on its way: certificate (DER), label, key."""


class TokenWorkers:
    """Worker processes, started when they are first needed; a lost one is replaced by a fresh one.

    A refused PIN stops everything for good: no process logs in again, for each try brings the card nearer to its lock.
    """

    def __init__(self, address: TokenAddress, processes: int, seconds: float) -> None:
        self._address = address
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="token")
        self._free = asyncio.Semaphore(processes)
        self._idle: list[_Worker] = []
        self._starting = asyncio.Lock()
        self._locked: type[TokenLocked] | None = None

    async def candidates(self) -> list[Candidate]:
        """All certificates on the token.

        Raises:
            TokenLocked, TokenUnusable, TokenAway: as `TokenSession`.
        """
        found: list[Wire] = await self._call("candidates")
        return [Candidate(x509.load_der_x509_certificate(data), label, key) for data, label, key in found]

    async def sign(self, key: bytes, algorithm: SignatureAlgorithm, data: bytes) -> bytes:
        """Sign with a key of the token.

        Raises:
            TokenLocked, TokenUnusable, TokenAway: as `TokenSession`.
        """
        made: bytes = await self._call("sign", key, algorithm.value, data)
        return made

    async def close(self) -> None:
        """End the processes that are idle; those at work end with their last answer."""
        idle, self._idle = self._idle, []
        for worker in idle:
            await self._in_thread(worker.close)
        self._threads.shutdown(wait=False)

    async def _call(self, *request: Any) -> Any:
        async with self._free:
            try:
                return await self._call_once(*request)
            except TokenAway as error:
                # A session that was lost meanwhile costs one attempt with a fresh process, not the document's.
                _log.warning("token.lost", error=str(error))
                return await self._call_once(*request)

    async def _call_once(self, *request: Any) -> Any:
        worker = self._idle.pop() if self._idle else await self._start()
        try:
            answer = await self._in_thread(worker.call, self._seconds, *request)
        except BaseException:
            worker.kill()
            raise
        self._idle.append(worker)
        return answer

    async def _start(self) -> "_Worker":
        async with self._starting:  # one log-in at a time: a wrong PIN is tried once, not once per process
            if self._locked is not None:
                raise self._locked
            try:
                worker: _Worker = await self._in_thread(_Worker, self._address, self._seconds)
            except TokenLocked as error:
                _log.error("token.locked", error=str(error))
                self._locked = type(error)
                raise
            return worker

    async def _in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)


class _Worker:
    """One process, seen from ours. Its methods block."""

    def __init__(self, address: TokenAddress, seconds: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=run, args=(theirs, address), name="token", daemon=True)
        self._process.start()
        theirs.close()
        try:
            self._answer(seconds + _START_SECONDS)
        except BaseException:
            self.kill()
            raise

    def call(self, seconds: float, *request: Any) -> Any:
        """Ask for something.

        Raises:
            TokenAway: the process has ended, or has not answered in time.
            DefterhaneError: its answer.
        """
        try:
            self._pipe.send(request)
        except OSError as error:
            raise TokenAway(why="process") from error
        return self._answer(seconds)

    def kill(self) -> None:
        """End it at once. The pipe closes by itself: another thread may still be waiting at it."""
        self._process.kill()
        self._process.join()

    def close(self) -> None:
        """Let it log out and end."""
        self._pipe.close()
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _answer(self, seconds: float) -> Any:
        try:
            if not self._pipe.poll(seconds):
                raise TokenAway(why=f"> {seconds:g} s")
            answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise TokenAway(why="process") from error
        if isinstance(answer, DefterhaneError):
            raise answer
        return answer


def run(pipe: Connection, address: TokenAddress) -> None:
    """The process: log in, then answer until the pipe closes or the session is lost."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the service's to answer
    signal.signal(signal.SIGTERM, _end)
    with contextlib.suppress(EOFError, BrokenPipeError):
        try:
            session = TokenSession(address)
        except DefterhaneError as error:
            pipe.send(error)
            return
        try:
            pipe.send(None)
            _answer_all(pipe, session)
        finally:
            session.close()


def _answer_all(pipe: Connection, session: TokenSession) -> None:
    while True:
        name, *args = pipe.recv()
        try:
            if name == "sign":
                key, algorithm, data = args
                pipe.send(session.sign(key, SignatureAlgorithm(algorithm), data))
            else:
                pipe.send([(der(one.certificate), one.label, one.key) for one in session.candidates()])
        except DefterhaneError as error:
            pipe.send(error)
            return


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)

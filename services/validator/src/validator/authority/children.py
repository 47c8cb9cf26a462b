"""Child processes that run the authority's files: each bounded in time, memory and what it may write.

A child that dies, takes too long or grows too large is ended alone; the others go on.
"""

import asyncio
import multiprocessing
import os
import resource
import signal
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final, cast

from validator.authority.errors import NoAnswer
from validator.authority.judge import Judge
from validator.authority.wire import Refused, Reply, Request

SERVED: Final = 200
"""After so many requests a child is replaced by a fresh one."""
_LOOK: Final = 0.2
"""Seconds between two looks at a child that works."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may take."""

    seconds: float = 300
    """For one request."""
    memory: int = 1_500_000_000
    """Resident bytes; a child that holds more than half of it when it has answered is replaced."""
    written: int = 500_000_000
    """Bytes that it may write into one file: what a stylesheet says of a document."""
    scratch: Path | None = None
    """Where it keeps short-lived files; None = the system's folder."""


class Child:
    """One child process, which answers one request after the other. Start it in a thread that lives as long."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._served = 0
        spawn = multiprocessing.get_context("spawn")
        self._connection, theirs = spawn.Pipe()
        # What a child that is killed leaves behind goes with it.
        self._scratch = tempfile.TemporaryDirectory(prefix="defterhane-authority-", dir=limits.scratch)
        arguments = theirs, os.getpid(), limits.written, Path(self._scratch.name)
        self._process = spawn.Process(target=_serve, args=arguments, name="authority", daemon=True)
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int | None:
        """Its process id."""
        return self._process.pid

    @property
    def is_worn(self) -> bool:
        """Whether a fresh one should take its place."""
        return self._served >= SERVED or self._resident() > self._limits.memory // 2

    def ask(self, request: Request) -> Reply:
        """Ask, and wait for the answer.

        Raises:
            NoAnswer: it died, or was ended because it took too much; it is of no use any more.
        """
        deadline = time.monotonic() + self._limits.seconds
        try:
            self._connection.send(request)
            while not self._connection.poll(_LOOK):
                if time.monotonic() > deadline:
                    raise self._lost("slow")
                if self._resident() > self._limits.memory:
                    raise self._lost("memory")
            self._served += 1
            return cast("Reply", self._connection.recv())
        except (OSError, EOFError):
            raise self._lost("died") from None

    def close(self) -> None:
        """End it, whatever it does."""
        self._process.kill()  # whoever still waits for its answer sees the connection end
        self._process.join()
        self._scratch.cleanup()

    def _lost(self, reason: str) -> NoAnswer:
        self._process.kill()
        return NoAnswer(reason=reason)

    def _resident(self) -> int:
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_bytes().split()[1]
        except (OSError, IndexError):  # gone, or a system without /proc: its container bounds it
            return 0
        return int(pages) * resource.getpagesize()


class Children:
    """So many children at a time, started when they are first needed."""

    def __init__(self, processes: int, limits: Limits) -> None:
        self._limits = limits
        self._free = asyncio.Semaphore(processes)
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="authority")
        self._idle: list[Child] = []

    async def ask(self, request: Request) -> Reply:
        """Ask a child that is free; time spent waiting for one is not counted.

        Raises:
            NoAnswer: it died, or was ended because it took too much.
        """
        async with self._free:
            child = self._idle.pop() if self._idle else Child(self._limits)
            keep = False
            try:
                loop = asyncio.get_running_loop()
                reply = await loop.run_in_executor(self._threads, child.ask, request)
                keep = not child.is_worn
                return reply
            finally:  # also where the caller has gone away: what the child does is nobody's business then
                if keep:
                    self._idle.append(child)
                else:
                    child.close()

    def close(self) -> None:
        """End all children that are idle. Those at work end with their callers."""
        while self._idle:
            self._idle.pop().close()
        self._threads.shutdown(wait=False)


def _serve(connection: Connection, parent: int, written: int, scratch: Path) -> None:
    _close_in(parent, written)
    judge = Judge(scratch)
    while True:
        try:
            request = connection.recv()
        except EOFError:
            return
        try:
            reply: Reply = judge.answer(request)
        except Exception as error:
            reply = Refused(f"{type(error).__name__}: {error}"[:500])
        connection.send(reply)


def _close_in(parent: int, written: int) -> None:
    # What stylesheets print goes nowhere, what they write is bounded, secrets in the environment are not theirs.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.environ.clear()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _die_with(parent)


def _die_with(parent: int) -> None:
    import ctypes  # noqa: PLC0415 — only in children

    if os.uname().sysname == "Linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGKILL)
        if os.getppid() != parent:  # it went before the call
            os._exit(0)

"""Heavy work (XML, ZIP, hashing, signatures) runs in spawned child processes, never in the event loop."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from defterhane.errors import TryLater
from defterhane.log import logger
from defterhane.texts import Text

P = ParamSpec("P")
R = TypeVar("R")

_log = logger(__name__)


class WorkerLost(TryLater):
    """A child process died, or took too long and was ended."""

    key = "later.worker_lost"
    text = Text(
        tr="İşi yapan alt süreç sona erdi; yeniden denenecek.",
        en="The child process at work has ended; it will be tried again.",
    )


class ProcessPool:
    """Child processes that take one piece of work each; a lost one costs one attempt, not the service."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._free = asyncio.Semaphore(processes)
        self._executor: ProcessPoolExecutor | None = None

    async def run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a top-level function with picklable arguments in a child process.

        Raises:
            WorkerLost: the child died.
            Exception: whatever the function raises.
        """
        async with self._free:
            return await self._run(function, *args, **kwargs)

    async def _run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        executor = self._executor or self._start()
        try:
            return await asyncio.wrap_future(executor.submit(function, *args, **kwargs))
        except BrokenProcessPool as error:
            if self._executor is executor:
                self._executor = None
                executor.shutdown(wait=False, cancel_futures=True)
            _log.warning("pool.worker_lost", function=getattr(function, "__name__", "?"))
            raise WorkerLost from error

    async def run_within(self, seconds: float, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """As `run`, but all children are ended when it takes longer; time spent waiting for a free one is not counted.

        Raises:
            WorkerLost: the child died or took longer, or another call's time was over.
        """
        async with self._free:
            try:
                async with asyncio.timeout(seconds):
                    return await self._run(function, *args, **kwargs)
            except TimeoutError as error:
                self.kill()
                raise WorkerLost from error

    async def close(self) -> None:
        """Wait for what runs, then end the children."""
        executor, self._executor = self._executor, None
        if executor is not None:
            await asyncio.to_thread(executor.shutdown, wait=True, cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        self._executor = ProcessPoolExecutor(
            self._processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_in_child,
            max_tasks_per_child=200,
        )
        return self._executor

    def kill(self) -> None:
        """End the children at once, whatever they are at; what they were called for is lost."""
        executor, self._executor = self._executor, None
        if executor is None:
            return
        for process in list((executor._processes or {}).values()):
            process.kill()
        executor.shutdown(wait=False, cancel_futures=True)


def _in_child() -> None:
    # Ctrl-C and SIGTERM are the parent's to answer; a child whose parent is gone ends itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _die_with_parent()


def _die_with_parent() -> None:
    import ctypes  # noqa: PLC0415 — only in children

    if os.uname().sysname == "Linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGKILL)

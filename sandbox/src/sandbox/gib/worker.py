"""Judges what waits: one package after the other in the order of receipt, each when it is due."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Final

from sandbox.gib.facts import Facts
from sandbox.gib.judge import Judge, Verdict
from sandbox.gib.store import Attempt, Store

_IDLE: Final = 60.0
"""Seconds between looks when nothing waits; a new package wakes it at once."""
_AFTER_FAILURE: Final = 1.0

_log = logging.getLogger(__name__)


class Worker:
    """The loop that approves and rejects.

    Packages are judged one at a time: whether one may be approved depends on those before it.
    """

    def __init__(self, store: Store, judge: Judge, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._judge = judge
        self._clock = clock
        self._news = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Something new waits."""
        self._news.set()

    def stop(self) -> None:
        """Let `run` return once the package at hand is judged."""
        self._stopping = True
        self._news.set()

    async def run(self) -> None:
        """Judge until stopped. A package that was being judged when the process died is judged again."""
        while not self._stopping:
            self._news.clear()
            try:
                pause = await self._step()
            except sqlite3.Error:
                _log.exception("the database cannot be used; it will be tried again")
                pause = _AFTER_FAILURE
            if pause > 0 and not self._stopping:
                await self._sleep(pause)

    async def _step(self) -> float:
        """Judge the next due package. Returns the seconds until there is something to do."""
        attempt = await asyncio.to_thread(self._store.next_waiting)
        if attempt is None:
            return _IDLE
        early = (datetime.fromisoformat(attempt.due_at) - self._clock()).total_seconds()
        if early > 0:
            return min(early, _IDLE)
        await asyncio.to_thread(self._conclude, attempt)
        return 0

    def _conclude(self, attempt: Attempt) -> None:
        verdict = self._verdict(attempt)
        now = self._clock()
        if verdict.facts is None:
            self._store.reject(attempt, reason=verdict.reason, now=now)
            _log.info("rejected %s: %s", attempt.package, verdict.reason)
        else:
            self._store.approve(attempt, facts=verdict.facts.to_json(), approved=verdict.approved, now=now)
            _log.info("approved %s", attempt.package)

    def _verdict(self, attempt: Attempt) -> Verdict:
        try:
            approved = [Facts.from_json(item.facts or "") for item in self._store.approved(attempt.name.tax_id)]
            return self._judge.judge(attempt.name, self._store.content(attempt.sha256), approved)
        except sqlite3.Error:
            raise
        except OSError:
            _log.exception("%s cannot be read from disk", attempt.package)
            return Verdict(reason="Paket diskten okunamadı.")
        except Exception:
            # One package must not keep all others waiting for ever.
            _log.exception("%s could not be judged", attempt.package)
            return Verdict(reason="Sistem hatası.")

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return

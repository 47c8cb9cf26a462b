"""Looks through the inboxes and decides which files count: at once after an upload, and all of them now and then.

A file counts
- once it has its final name by renaming;
- as a ZIP (or workbook) uploaded directly under its final name, once it is proved whole, however its upload ended;
- as any other file uploaded directly under its final name, once the client has closed it and it has settled.
A finished file that is no whole ZIP is refused once it has settled. What was never finished is cleared away in the end.
"""

import asyncio
from dataclasses import dataclass
from enum import Enum, auto

from defterhane.errors import TryLater, UnknownTenant
from defterhane.house import House
from defterhane.log import logger
from defterhane.zips import ZipBounds
from ingest.archives import inspect_zip
from ingest.errors import DropRefused, Unfinished
from ingest.inbox import Held, Inbox, InboxBounds
from ingest.names import is_temporary
from ingest.receiving import Receiver
from ingest.settings import IngestSettings
from ingest.spool import Spool, SpoolFile

_log = logger(__name__)

_PROVEN = (".zip", ".xlsx")
"""A workbook is a ZIP, too."""


class Step(Enum):
    """What to do with a file now."""

    WAIT = auto()
    PROVE = auto()
    """It is a ZIP: whether it counts depends on its content."""
    TAKE = auto()
    CLEAR = auto()
    """It was never finished, long ago."""


def next_step(file: SpoolFile, *, settled: bool, old: bool) -> Step:
    """Decide by what is known without reading the file.

    `settled`: it was renamed to its name, or has stayed unchanged for the time set. `old`: unchanged for very long.
    """
    if is_temporary(file.name):
        return Step.CLEAR if old else Step.WAIT
    if file.name.lower().endswith(_PROVEN):
        return Step.PROVE
    if file.finished:
        return Step.TAKE if settled else Step.WAIT
    return Step.CLEAR if old else Step.WAIT


def step_after_proof(file: SpoolFile, problem: DropRefused | None, *, settled: bool, old: bool) -> Step:
    """Decide on a ZIP that has been read; `problem` is what is wrong with it."""
    if problem is None or (file.finished and settled):
        return Step.TAKE
    return Step.CLEAR if old and not file.finished else Step.WAIT


@dataclass(slots=True)
class _Seen:
    mark: str
    since: float
    """Event loop's time when it was first seen like this."""
    renamed: bool = False
    proved: bool = False
    problem: DropRefused | None = None


class Scanner:
    """Finds files that count and has them taken in; one tenant's one after the other, several tenants at a time."""

    def __init__(self, house: House, settings: IngestSettings, spool: Spool, receiver: Receiver) -> None:
        self._house = house
        self._settings = settings
        self._spool = spool
        self._receiver = receiver
        self._bounds = InboxBounds(settings.file_bytes, settings.inbox_files, settings.inbox_bytes)
        self._zip_bounds = ZipBounds(settings.zip_members, settings.zip_bytes, settings.zip_ratio)
        self._seen: dict[str, dict[str, _Seen]] = {}
        self._due: dict[str, float] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()

    def handed(self, tenant: str, file: SpoolFile, renamed: bool) -> None:
        """A client has handed a file over: look soon. Call it in the event loop."""
        now = asyncio.get_running_loop().time()
        self._seen.setdefault(tenant, {})[file.name] = _Seen(file.mark, now, renamed)
        self._look_at(tenant, now + self._settings.grace_seconds)

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop`; what has been begun is finished."""
        loop = asyncio.get_running_loop()
        next_scan = loop.time()
        stopping = asyncio.ensure_future(stop.wait())
        stopping.add_done_callback(lambda _: self._wake.set())
        while not stop.is_set():
            self._wake.clear()
            if loop.time() >= next_scan:
                await self._scan()
                next_scan = loop.time() + self._settings.scan_seconds
            self._start(stop)
            waiting = [due for tenant, due in self._due.items() if tenant not in self._running]
            pause = min([next_scan, *waiting]) - loop.time() if not self._is_full else next_scan - loop.time()
            try:
                async with asyncio.timeout(max(0.0, pause)):
                    await self._wake.wait()
            except TimeoutError:
                continue
        await asyncio.gather(*self._running.values())

    async def _scan(self) -> None:
        try:
            tenants = await asyncio.to_thread(self._spool.tenants_with_files)
        except OSError as error:
            _log.error("spool.unreadable", error=repr(error))
            return
        for tenant in tenants:
            self._look_at(tenant, asyncio.get_running_loop().time())

    @property
    def _is_full(self) -> bool:
        return len(self._running) >= self._settings.intakes

    def _look_at(self, tenant: str, when: float) -> None:
        self._due[tenant] = min(when, self._due.get(tenant, when))
        self._wake.set()

    def _start(self, stop: asyncio.Event) -> None:
        now = asyncio.get_running_loop().time()
        for tenant, due in sorted(self._due.items(), key=lambda item: item[1]):
            if self._is_full or due > now:
                return
            if tenant not in self._running:
                del self._due[tenant]
                self._running[tenant] = asyncio.create_task(self._look(tenant, stop), name=f"inbox:{tenant}")

    async def _look(self, tenant: str, stop: asyncio.Event) -> None:
        try:
            inbox = await asyncio.to_thread(Inbox, self._spool, tenant, self._bounds)
            try:
                await self._look_through(tenant, inbox, stop)
            finally:
                inbox.close()
        except UnknownTenant:
            _log.warning("inbox.unknown_tenant", tenant=tenant)
        except (TryLater, OSError) as error:
            _log.warning("inbox.later", tenant=tenant, error=repr(error))
        except Exception:  # one tenant's trouble is not the others': it is tried again at the next scan
            _log.exception("inbox.failed", tenant=tenant)
        finally:
            del self._running[tenant]
            self._wake.set()

    async def _look_through(self, tenant: str, inbox: Inbox, stop: asyncio.Event) -> None:
        started = asyncio.get_running_loop().time()
        files = await asyncio.to_thread(
            lambda: sorted(inbox.folder.files(), key=lambda file: (file.modified, file.name))
        )
        seen = self._remember(tenant, files, started)
        for file in files:
            if stop.is_set():
                return
            known = seen.get(file.name)
            if known is not None and known.mark == file.mark and await self._consider(tenant, inbox, file, known):
                del seen[file.name]
        if not seen:
            self._seen.pop(tenant, None)

    def _remember(self, tenant: str, files: list[SpoolFile], started: float) -> dict[str, _Seen]:
        """Bring what is known of a tenant's files up to date; what clients handed over since `started` stays."""
        known = self._seen.setdefault(tenant, {})
        listed = {file.name: file for file in files}
        for name in [name for name, one in known.items() if name not in listed and one.since < started]:
            del known[name]
        for file in files:
            one = known.get(file.name)
            if one is None or (one.mark != file.mark and one.since < started):
                known[file.name] = _Seen(file.mark, started)
        return known

    async def _consider(self, tenant: str, inbox: Inbox, file: SpoolFile, seen: _Seen) -> bool:
        """Do what is due with one file; returns whether it has gone."""
        settings = self._settings
        now = asyncio.get_running_loop().time()
        if now < seen.since + settings.grace_seconds:
            self._look_at(tenant, seen.since + settings.grace_seconds)
            return False
        settled = seen.renamed or now >= seen.since + settings.settle_seconds
        old = self._house.clock().timestamp() - file.modified > settings.unfinished_seconds
        step = next_step(file, settled=settled, old=old)
        if step is Step.PROVE and seen.proved:
            step = step_after_proof(file, seen.problem, settled=settled, old=old)
        if step is Step.WAIT:
            if file.finished and not settled:
                self._look_at(tenant, seen.since + settings.settle_seconds)
            return False
        held = await asyncio.to_thread(inbox.hold, file.name)
        if held is None:
            return False
        try:
            if held.file != file:
                self._look_at(tenant, now)
                return False
            if step is Step.PROVE:
                await self._prove(held, seen)
                step = step_after_proof(file, seen.problem, settled=settled, old=old)
            if step is Step.TAKE:
                await self._receiver.take(tenant, held, seen.problem)
            elif step is Step.CLEAR:
                await self._receiver.take(tenant, held, Unfinished(name=file.name))
            elif file.finished:
                self._look_at(tenant, seen.since + settings.settle_seconds)
            return step in (Step.TAKE, Step.CLEAR)
        finally:
            held.release()

    async def _prove(self, held: Held, seen: _Seen) -> None:
        try:
            await self._house.pool.run(inspect_zip, held.path, self._zip_bounds, self._settings.zip_seconds)
        except DropRefused as problem:
            seen.problem = problem
        seen.proved = True

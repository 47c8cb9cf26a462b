"""The versions of the authority's files that are in use; the folder is looked at every few seconds.

What is new is copied, tried in a child, and used from then on. What is broken is refused loudly, and what was in use
for that day stays.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from prometheus_client import Gauge

from defterhane.log import logger
from validator.authority.compiling import Unusable
from validator.authority.errors import NoAnswer, PackageBroken
from validator.authority.package import read_package
from validator.authority.snapshot import Source, copy, sources
from validator.authority.wire import Package, Refused, Reply, Request, Trial

PACKAGES: Final = Gauge(
    "defterhane_authority_packages", "Versions of the authority's files in the folder, by state", ["state"]
)
"""`state`: `used`, or `refused` (a broken version; one that was in use before may still be)."""
POLL_SECONDS: Final = 5.0
_TRIALS: Final = 3
"""So often a version is tried where the child gives no answer."""

_log = logger(__name__)


@dataclass(slots=True)
class _Version:
    stamp: tuple[tuple[str, int, int], ...] = ()
    """What has been dealt with."""
    seen: tuple[tuple[str, int, int], ...] = ()
    """What was there at the last look."""
    package: Package | None = None
    refused: str | None = None
    """Why what is there now cannot be used."""
    silent: int = 0
    """How often it has been tried since it changed, and no child has answered."""


class Library:
    """The versions in one folder."""

    def __init__(
        self, folder: Path, ask: Callable[[Request], Awaitable[Reply]], *, scratch: Path | None = None
    ) -> None:
        """
        Args:
            folder: the operator's.
            ask: asks a child.
            scratch: where copies are kept while they are in use; None = the system's folder.
        """
        self._folder = folder
        self._ask = ask
        self._copies = tempfile.TemporaryDirectory(prefix="defterhane-authority-", dir=scratch)
        self._versions: dict[str, _Version] = {}
        self._retired: list[Path] = []
        self._lock = asyncio.Lock()
        self._looked = False
        self._unreadable: str | None = None

    async def ready(self) -> None:
        """Return once the folder has been looked at for the first time."""
        if not self._looked:
            async with self._lock:
                if not self._looked:
                    await self._look()

    async def refresh(self) -> None:
        """Look at the folder; take in what is new or has changed, once it has come to rest."""
        async with self._lock:
            await self._look()

    async def watch(self, stop: asyncio.Event, seconds: float = POLL_SECONDS) -> None:
        """Look at the folder again and again, until told to stop."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                looking = asyncio.create_task(self.refresh())
                try:
                    await asyncio.wait({looking, stopping}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    looking.cancel()  # a trial may take minutes
                await asyncio.wait({looking})
                if not looking.cancelled():
                    looking.result()
                await asyncio.wait({stopping}, timeout=seconds)
        finally:
            stopping.cancel()

    def package_for(self, day: date | None) -> Package | None:
        """The newest version that holds on a day, or of all where the day is not known; None where none does."""
        holding = [
            version.package
            for version in self._versions.values()
            if version.package is not None and (day is None or version.package.since <= day)
        ]
        return max(holding, key=lambda package: package.since, default=None)

    @property
    def refused(self) -> dict[str, str]:
        """The versions that cannot be used as they are now, and why."""
        return {name: version.refused for name, version in self._versions.items() if version.refused is not None}

    def close(self) -> None:
        """Remove the copies."""
        self._copies.cleanup()

    async def _look(self) -> None:
        try:
            found = await asyncio.to_thread(sources, self._folder)
        except OSError as error:
            if self._unreadable != (reason := repr(error)):
                _log.error("authority.folder_unreadable", folder=str(self._folder), error=reason)
            self._unreadable, self._looked = reason, True
            return
        self._unreadable = None
        for version in sorted(self._versions.keys() - {source.version for source in found}):
            self._miss(version)
        for source in found:
            await self._look_at(source)
        self._looked = True
        self._count()

    def _miss(self, name: str) -> None:
        version = self._versions[name]
        if version.seen:  # somebody may be putting other files in its place
            version.seen = ()
            return
        _log.warning("authority.package_removed", package=name)
        self._retire(self._versions.pop(name).package)

    async def _look_at(self, source: Source) -> None:
        version = self._versions.setdefault(source.version, _Version())
        at_rest = source.stamp == version.seen or not self._looked  # else somebody may still be copying
        version.seen = source.stamp
        if source.stamp == version.stamp or not at_rest:
            return
        try:
            package = await self._take_in(source)
        except OSError as error:  # rights, a full disk: no stamp will tell when it has passed
            name = Path(str(error.filename or "")).name
            _refuse(source, version, f"{error.strerror or error}: {name}")
        except NoAnswer as error:
            version.silent += 1
            _refuse(source, version, f"no answer ({error.values['reason']})", final=version.silent >= _TRIALS)
        except PackageBroken as error:
            _refuse(source, version, str(error.values["reason"]), final=True)
        else:
            self._retire(version.package)
            version.stamp, version.silent, version.refused, version.package = source.stamp, 0, None, package
            _log.info(
                "authority.package_used",
                package=package.version,
                digest=package.digest,
                schema=package.schema is not None,
                schematron=sorted(package.stylesheets),
            )

    async def _take_in(self, source: Source) -> Package:
        folder = Path(tempfile.mkdtemp(prefix=f"{source.version}-", dir=self._copies.name))
        try:
            package = await asyncio.to_thread(_copied, source, folder)
            reply = await self._ask(Trial(package))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        if isinstance(reply, Refused):
            shutil.rmtree(folder, ignore_errors=True)
            raise PackageBroken(package=source.version, reason=reply.reason)
        return package

    def _retire(self, package: Package | None) -> None:
        """A child may still be reading what goes out of use: it is removed when the next one goes."""
        while self._retired:
            shutil.rmtree(self._retired.pop(), ignore_errors=True)
        if package is not None:
            self._retired.append(package.folder)

    def _count(self) -> None:
        versions = self._versions.values()
        PACKAGES.labels("used").set(sum(version.package is not None for version in versions))
        PACKAGES.labels("refused").set(len(self.refused))


def _copied(source: Source, folder: Path) -> Package:
    try:
        digest = copy(source.path, folder)
        return read_package(folder, source.version, source.since, digest)
    except Unusable as error:
        raise PackageBroken(package=source.version, reason=str(error)) from None


def _refuse(source: Source, version: _Version, reason: str, *, final: bool = False) -> None:
    """Say once that what is there cannot be used; unless it is final, it is tried again at the next look."""
    if reason != version.refused or final:
        _log.error("authority.package_refused", package=source.version, reason=reason)
    version.refused = reason
    if final:
        version.stamp, version.silent = source.stamp, 0

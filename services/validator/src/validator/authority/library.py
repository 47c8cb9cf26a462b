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
    silent: int = 0
    """How often it has been tried in vain since it changed."""


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

    async def ready(self) -> None:
        """Return once the folder has been looked at for the first time."""
        if not self._looked:
            await self.refresh()

    async def refresh(self) -> None:
        """Look at the folder; take in what is new or has changed, once it has come to rest."""
        async with self._lock:
            try:
                found = await asyncio.to_thread(sources, self._folder)
            except OSError as error:
                _log.error("authority.folder_unreadable", folder=str(self._folder), error=repr(error))
                self._looked = True
                return
            for version in self._versions.keys() - {source.version for source in found}:
                _log.warning("authority.package_removed", package=version)
                self._retire(self._versions.pop(version).package)
            for source in found:
                await self._look_at(source)
            self._looked = True
            self._count()

    async def watch(self, stop: asyncio.Event, seconds: float = POLL_SECONDS) -> None:
        """Look at the folder again and again, until told to stop."""
        while not stop.is_set():
            await self.refresh()
            try:
                await asyncio.wait_for(stop.wait(), seconds)
            except TimeoutError:
                continue

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

    async def _look_at(self, source: Source) -> None:
        version = self._versions.setdefault(source.version, _Version())
        if source.stamp == version.stamp:
            return
        at_rest = source.stamp == version.seen or not self._looked  # else somebody may still be copying
        version.seen = source.stamp
        if not at_rest:
            return
        try:
            package = await self._take_in(source)
        except (NoAnswer, OSError) as error:  # a child that dies, a disk that is full: it may pass
            version.silent += 1
            version.refused = f"no answer ({error.values['reason']})" if isinstance(error, NoAnswer) else str(error)
            if version.silent >= _TRIALS:
                version.stamp, version.silent = source.stamp, 0
            _log.error("authority.package_refused", package=source.version, reason=version.refused)
        except PackageBroken as error:
            version.stamp, version.silent, version.refused = source.stamp, 0, str(error.values["reason"])
            _log.error("authority.package_refused", package=source.version, reason=version.refused)
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
    except OSError as error:
        raise PackageBroken(package=source.version, reason=f"{error.strerror}: {error.filename}") from None

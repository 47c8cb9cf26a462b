"""The authority's files for one machine: a folder, a file, our verdict, and an opinion on it. No service needed."""

import tempfile
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from validator.authority.children import Child, Limits
from validator.authority.compiling import Unusable
from validator.authority.errors import NoAnswer, PackageBroken
from validator.authority.opinion import Opinion, compare, silent
from validator.authority.package import read_package
from validator.authority.snapshot import Source, copy, sources
from validator.authority.wire import Answer, Package, Question, Refused, Reply, Trial
from validator.check import Verdict


def first_day(verdict: Verdict) -> date | None:
    """The day on which a document's period starts; None where it does not say it."""
    try:
        return date.fromisoformat(verdict.summary.start.strip()) if verdict.summary is not None else None
    except ValueError:
        return None


class FolderJudge:
    """Judges files by the versions in a folder, in a child of its own that is started when it is first needed."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        """`folder` has versions, or is one itself: see `validator.authority.snapshot`."""
        self._folder = folder
        self._limits = limits or Limits()
        self._child: Child | None = None
        self._sources: list[Source] | None = None
        self._packages: dict[str, Package] = {}
        self._copies = tempfile.TemporaryDirectory(prefix="defterhane-authority-", dir=self._limits.scratch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the child, remove the copies."""
        self._end_child()
        self._copies.cleanup()

    def judge(self, path: Path, verdict: Verdict) -> Opinion:
        """What the authority's files say of a file that we have judged; nothing where it is no document.

        Raises:
            PackageBroken: the version for its period cannot be used.
            OSError: the folder cannot be read.
        """
        if verdict.kind is None:
            return Opinion()
        package = self._package_for(first_day(verdict))
        if package is None:
            return Opinion()
        question = Question(package, verdict.kind, path, path.name, verdict.signed)
        reply: Reply
        try:
            reply = self._running().ask(question)
        except NoAnswer as error:
            self._end_child()
            reply = Refused(str(error.values["reason"]))
        if isinstance(reply, Answer):
            return compare(reply, package.version, verdict)
        return silent(package.version, reply.reason if isinstance(reply, Refused) else "?")

    def _package_for(self, day: date | None) -> Package | None:
        if self._sources is None:
            self._sources = sources(self._folder)
            if not self._sources:
                raise PackageBroken(package=str(self._folder), reason="there is nothing in it that could be used")
        holding = [source for source in self._sources if day is None or source.since <= day]
        if not holding:
            return None
        source = holding[-1]
        if source.version not in self._packages:
            self._packages[source.version] = self._loaded(source)
        return self._packages[source.version]

    def _loaded(self, source: Source) -> Package:
        folder = Path(tempfile.mkdtemp(dir=self._copies.name))
        try:
            package = read_package(folder, source.version, source.since, copy(source.path, folder))
        except Unusable as error:
            raise PackageBroken(package=source.version, reason=str(error)) from None
        try:
            reply = self._running().ask(Trial(package))
        except NoAnswer as error:
            self._end_child()
            raise PackageBroken(package=source.version, reason=str(error.values["reason"])) from None
        if isinstance(reply, Refused):
            raise PackageBroken(package=source.version, reason=reply.reason)
        return package

    def _running(self) -> Child:
        if self._child is not None and self._child.is_worn:
            self._end_child()
        self._child = self._child or Child(self._limits)
        return self._child

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None

"""The second opinion as the service asks it: by policy, over a pool of children, with what must be loud said loudly."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Final

from prometheus_client import Counter
from structlog.stdlib import BoundLogger

from defterhane.edefter.kinds import DocumentKind
from defterhane.events import Document, DocumentWritten, ValidationDisagreed
from defterhane.log import logger
from validator.authority.children import Children, Limits
from validator.authority.errors import NoAnswer
from validator.authority.folder import first_day
from validator.authority.library import POLL_SECONDS, Library
from validator.authority.opinion import Opinion, compare, silent
from validator.authority.wire import Answer, Package, Question, Refused, Reply
from validator.check import Verdict
from validator.settings import ValidatorSettings

TRIES: Final = 3
"""After so many deliveries of a document without an answer our verdict stands alone."""

DISAGREEMENTS: Final = Counter(
    "defterhane_validation_disagreements_total",
    "Documents on which our rules and the authority's own files differ, by who alone finds something",
    ["kind", "version", "side"],
)
"""`side`: `ours` or `authority`."""
ANSWERS: Final = Counter(
    "defterhane_authority_answers_total",
    "Questions to the authority's own files, by how they ended",
    ["kind", "outcome"],
)
"""`outcome`: `agreed`, `disagreed`, `lost` (tried again), `silent` (given up)."""

_log = logger(__name__)


class Authority:
    """The authority's own files, as far as the settings want them asked."""

    def __init__(self, settings: ValidatorSettings) -> None:
        """Nothing is read or started before it is needed."""
        self._settings = settings
        self._children: Children | None = None
        self._library: Library | None = None
        if settings.authority_folder is not None:
            limits = Limits(
                seconds=settings.authority_seconds, memory=settings.authority_memory, scratch=settings.scratch
            )
            self._children = Children(settings.authority_processes, limits)
            self._library = Library(settings.authority_folder, self._children.ask, scratch=settings.scratch)

    async def watch(self, stop: asyncio.Event) -> None:
        """The service's task: look at the folder until told to stop. Documents at hand are still judged then."""
        if self._library is not None:
            await self._library.watch(stop, POLL_SECONDS)

    def close(self) -> None:
        """End the children, remove the copies of packages; what is not closed goes with the process."""
        if self._library is not None:
            self._library.close()
        if self._children is not None:
            self._children.close()

    async def judge(self, path: Path, document: Document, verdict: Verdict, attempt: int) -> Opinion:
        """What the authority's files say of a document that we have judged, where the policy wants them asked.

        Args:
            path: the document's file.
            attempt: the delivery's number: the last tries are not for ever.

        Raises:
            NoAnswer: none this time, and the document could still pass: try again later.
        """
        package = await self._package_for(path, document, verdict)
        if package is None or verdict.kind is None or self._children is None:
            return Opinion()
        question = Question(package, verdict.kind, path, document.name.file("xml"), verdict.signed)
        log = _log.bind(document=str(document.name), revision=document.revision, package=package.version)
        try:
            reply = await self._ask(self._children, question)
        except NoAnswer as error:
            reason = str(error.values["reason"])
            if verdict.valid and attempt < TRIES:
                ANSWERS.labels(verdict.kind, "lost").inc()
                log.warning("authority.no_answer", reason=reason, attempt=attempt)
                raise
            reply = Refused(reason)
        if not isinstance(reply, Answer):
            reason = reply.reason if isinstance(reply, Refused) else "?"
            ANSWERS.labels(verdict.kind, "silent").inc()
            log.error("authority.silent", reason=reason, attempt=attempt)
            return silent(package.version, reason)
        opinion = compare(reply, package.version, verdict)
        self._tell(opinion, verdict.kind, log)
        return opinion

    async def _ask(self, children: Children, question: Question) -> Reply:
        try:
            reply = await children.ask(question)
        except NoAnswer as error:
            if error.values["reason"] != "died":  # what took too much once would do so again
                raise
            reply = await children.ask(question)
        if isinstance(reply, Refused) and not question.package.folder.is_dir():
            raise NoAnswer(reason="replaced")  # while it waited for a child
        return reply

    async def _package_for(self, path: Path, document: Document, verdict: Verdict) -> Package | None:
        if self._library is None or verdict.kind is None or not self._wants(verdict.kind, path.stat().st_size):
            return None
        await self._library.ready()
        month = document.filing.month
        return self._library.package_for(first_day(verdict) or date(month.year, month.month, 1))

    def _wants(self, kind: DocumentKind, size: int) -> bool:
        if kind.is_ledger:
            return size <= self._settings.authority_ledger_bytes
        return self._settings.authority_berats

    def _tell(self, opinion: Opinion, kind: DocumentKind, log: BoundLogger) -> None:
        disagreement = opinion.disagreement
        if disagreement is None:
            ANSWERS.labels(kind, "agreed").inc()
            return
        ANSWERS.labels(kind, "disagreed").inc()
        for side, rules in (("ours", disagreement.ours), ("authority", disagreement.authority)):
            if rules:
                DISAGREEMENTS.labels(kind, disagreement.package, side).inc()
        log.warning("authority.disagreement", kind=kind, ours=disagreement.ours, authority=disagreement.authority)


def disagreed(opinion: Opinion, event: DocumentWritten) -> tuple[ValidationDisagreed, ...]:
    """What to publish of an opinion: one event where we and the authority's files disagree."""
    found = opinion.disagreement
    if found is None:
        return ()
    return (
        ValidationDisagreed(
            document=event.document,
            object=event.object,
            package=found.package,
            rules=found.ours,
            authority=found.authority,
        ),
    )

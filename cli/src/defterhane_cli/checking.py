"""Checks many documents, each in a child process of its own where there is enough to do; memory stays bounded.

Findings are laid down in a scratch folder as they come, one file a document: only figures stay in memory.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from defterhane.documents.safe_xml import Bounds
from defterhane.edefter.kinds import DocumentKind
from defterhane.errors import Problem
from defterhane.findings import Finding, Findings
from defterhane.zips import DAMAGE, Flaw, ZipBounds, ZipFlaw, open_zip
from defterhane_cli.documents_found import Candidate, printable
from defterhane_cli.errors import of_os_error
from defterhane_cli.errors_found import CheckLost, of_zip_flaw
from validator.check import Verdict, check_document
from validator.summary import Summary

if TYPE_CHECKING:
    from validator.authority import FolderJudge, Opinion

_ALONE: Final = 8_000_000
"""Fewer bytes than this in all are checked sooner than child processes have started."""

_judge: "FolderJudge | None" = None
"""This process's own."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What has been found out about a document, without its findings' words."""

    candidate: Candidate
    kind: DocumentKind | None
    """None where it is no e-Defter document, or could not be read."""
    unique_id: str | None
    signed: bool
    sha256: str | None
    body_sha256: str | None
    rules: str | None
    """The rule set by which it was checked, such as `journal/2020-01-01`."""
    entries: int
    lines: int
    summary: Summary | None
    counts: Mapping[str, int]
    """All findings by rule, also those that are not listed."""
    errors: int
    listed: Path
    """The listed findings, one JSON a line."""
    problem: Problem | None = None
    """Why there is no verdict."""
    opinion: "Opinion | None" = None
    """Of the authority's own files, where one was asked; its findings are among the others."""
    unanswered: bool = False
    """It could not be read at all, or not to the end of its check."""

    @property
    def valid(self) -> bool:
        """True where no error has been found."""
        return not self.errors

    @property
    def warnings(self) -> int:
        """So many findings are no errors."""
        return sum(self.counts.values()) - self.errors

    @property
    def unusable(self) -> bool:
        """True where there is no answer: not readable, or not a document though the user says so."""
        return self.unanswered or (self.kind is None and self.candidate.given)

    def findings(self, most: int | None = None) -> Iterator[Finding]:
        """The listed findings, or the first of them."""
        with self.listed.open(encoding="utf-8") as lines:
            for line in islice(lines, most):
                yield Finding.model_validate_json(line)


def check_all(
    candidates: Sequence[Candidate],
    scratch: Path,
    *,
    package: Path | None = None,
    jobs: int | None = None,
    done: Callable[[Candidate], None] = lambda _: None,
) -> list[Checked]:
    """Check documents; answers are in the order of `candidates`.

    Args:
        candidates: the documents.
        scratch: a folder that outlives the answers.
        package: a folder with the authority's own files, which are asked as well.
        jobs: so many child processes; None = one a core.
        done: is told of each that is through.

    Raises:
        PackageBroken, FileUnreadable: the authority's files cannot be used.
    """
    work = [(candidate, scratch / f"{number}", package) for number, candidate in enumerate(candidates)]
    processes = min(jobs or _cores(), len(work))
    alone = processes < 2 or sum(candidate.size for candidate in candidates) < _ALONE
    if package is not None or not alone:
        _quiet()
    if alone:
        try:
            return [_told(check_one(*one), done) for one in work]
        finally:
            _end_judge()
    return asyncio.run(_spread(work, processes, done))


def _cores() -> int:
    """So many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_one(candidate: Candidate, target: Path, package: Path | None) -> Checked:
    """Check one document; its findings are written to `target`. Trouble with the file is a finding like any other."""
    try:
        if candidate.problem is not None:
            return _without(candidate, target, candidate.problem, unanswered=candidate.unreadable)
        with _on_disk(candidate, target.parent) as path:
            verdict = check_document(path, printable(candidate.name))
            opinion = _opinion(path, verdict, package, target.parent)
            verdict.findings.extend(opinion.findings if opinion is not None else ())
            return _keep(candidate, target, verdict, opinion)
    except ZipFlaw as flaw:
        return _without(candidate, target, of_zip_flaw(printable(candidate.file), flaw).problem)
    except OSError as error:
        told = of_os_error(OSError(error.errno, error.strerror, printable(candidate.file)))
        return _without(candidate, target, told.problem, unanswered=True)


def _without(candidate: Candidate, target: Path, problem: Problem, *, unanswered: bool = False) -> Checked:
    """What is told of a file that could not be checked."""
    findings = Findings()
    findings.add(Finding(rule=problem.key, message=problem.text, cure=problem.cure))
    return Checked(
        candidate=candidate,
        kind=None,
        unique_id=None,
        signed=False,
        sha256=None,
        body_sha256=None,
        rules=None,
        entries=0,
        lines=0,
        summary=None,
        counts=findings.counts,
        errors=findings.errors,
        listed=_listed(findings, target),
        problem=problem,
        unanswered=unanswered,
    )


def _opinion(path: Path, verdict: Verdict, package: Path | None, scratch: Path) -> "Opinion | None":
    """What the authority's files say, which are loaded once a process; None where none holds for the document.

    Raises:
        PackageBroken, FileUnreadable: they cannot be used.
    """
    global _judge
    if package is None:
        return None
    if _judge is None:
        from validator.authority import FolderJudge  # noqa: PLC0415 — few ask for it
        from validator.authority.children import Limits  # noqa: PLC0415

        _judge = FolderJudge(package, Limits(scratch=scratch))
    try:
        opinion = _judge.judge(path, verdict)
    except OSError as error:
        raise of_os_error(error) from None
    return opinion if opinion.package is not None else None


def _end_judge() -> None:
    global _judge
    if _judge is not None:
        _judge.close()
        _judge = None


def _keep(candidate: Candidate, target: Path, verdict: Verdict, opinion: "Opinion | None") -> Checked:
    return Checked(
        candidate=candidate,
        kind=verdict.kind,
        unique_id=verdict.unique_id,
        signed=verdict.signed,
        sha256=verdict.sha256,
        body_sha256=verdict.body_sha256,
        rules=verdict.rules,
        entries=verdict.entries,
        lines=verdict.lines,
        summary=verdict.summary,
        counts=verdict.findings.counts,
        errors=verdict.findings.errors,
        listed=_listed(verdict.findings, target),
        opinion=opinion and replace(opinion, findings=()),
    )


def _listed(findings: Iterable[Finding], target: Path) -> Path:
    with target.open("w", encoding="utf-8", newline="\n") as file:
        for finding in findings:
            file.write(finding.model_dump_json(exclude_none=True) + "\n")
    return target


@contextmanager
def _on_disk(candidate: Candidate, scratch: Path) -> Iterator[Path]:
    """The document as a file of its own; a ZIP's member is unpacked as far as a document may be large."""
    if candidate.member is None:
        yield candidate.file
        return
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        path = Path(folder) / candidate.name
        with open_zip(candidate.file, ZipBounds()) as archive, path.open("wb") as target:
            left = Bounds().size + 1
            try:
                with archive.open(candidate.member) as source:
                    while left > 0 and (data := source.read(min(left, 1 << 20))):
                        target.write(data)
                        left -= len(data)
            except (*DAMAGE, KeyError):
                raise ZipFlaw(Flaw.DAMAGED, candidate.member) from None
        yield path


async def _spread(
    work: Sequence[tuple[Candidate, Path, Path | None]], processes: int, done: Callable[[Candidate], None]
) -> list[Checked]:
    """All at once, as many at a time as there are processes; what a lost process was at is tried once more, alone."""
    from defterhane.pools import ProcessPool, WorkerLost  # noqa: PLC0415 — few documents need no pool

    pool = ProcessPool(processes)

    async def run(one: tuple[Candidate, Path, Path | None]) -> Checked | None:
        try:
            return _told(await pool.run(check_one, *one), done)
        except WorkerLost:
            return None

    try:
        answers = await asyncio.gather(*(run(one) for one in work))
        return [answer or await run(one) or _lost(one, done) for one, answer in zip(work, answers, strict=True)]
    finally:
        pool.kill()


def _lost(one: tuple[Candidate, Path, Path | None], done: Callable[[Candidate], None]) -> Checked:
    candidate, target, _ = one
    problem = CheckLost(path=candidate.shown).problem
    return _told(_without(candidate, target, problem, unanswered=True), done)


def _told(checked: Checked, done: Callable[[Candidate], None]) -> Checked:
    done(checked.candidate)
    return checked


def _quiet() -> None:
    """Logs go to standard error, and only errors: standard output is the answer's."""
    from defterhane.log import configure_logging  # noqa: PLC0415 — nothing logs where little is done
    from defterhane.settings import Settings  # noqa: PLC0415

    configure_logging(Settings.model_construct(log_format="console", log_level="ERROR"))

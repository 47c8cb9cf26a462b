"""One drop to journal and ledger, in one process and little memory: made to run in a child process."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Final

from converter.entries import Assembler, line_of
from converter.errors import BranchUnknown, MonthInParts, NoRows, PeriodNotOver
from converter.problems import Place, of_error, problem
from converter.reading.archive import Limits, open_drop
from converter.reading.table import Table
from converter.rows import RowChecker
from converter.spool import Spool
from converter.writing.canonical import Written
from converter.writing.head import Heading
from converter.writing.journal import JournalWriter
from converter.writing.ledger import LedgerWriter
from defterhane.edefter.counters import Counters, unique_id
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from defterhane.edefter.period import Span
from defterhane.edefter.totals import Totals
from defterhane.errors import FixInput
from defterhane.events.models import Filing
from defterhane.findings import LISTED, Finding, Findings, Severity
from defterhane.tenant import Tenant

SIZE_LIMIT: Final = 200_000_000
"""Bytes that one Y or K file may have."""

SIGNATURE_ROOM: Final = 64 * 1024
"""Bytes kept free for the signature."""


@dataclass(frozen=True, slots=True)
class ConversionJob:
    """What is to be converted, and everything that its documents say beyond the rows."""

    tenant: Tenant
    filing: Filing
    name: str
    """The drop's name, as dropped."""
    created: date
    """creationDate, by the calendar of Istanbul."""
    source_application: str
    start: Counters = field(default_factory=Counters)
    """The last numbers given in the fiscal year before this filing."""
    span: Span | None = None
    """The days covered; None = all of the month, which then has one part alone."""
    size_limit: int | None = SIZE_LIMIT
    limits: Limits = field(default_factory=Limits)

    @property
    def heading(self) -> Heading:
        """What is the same in all documents of the filing."""
        span = self.span or Span.whole(self.filing.month)
        return Heading(self.tenant, self.filing.branch, span, self.created, self.source_application)


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """A document on disk, unsigned and canonical."""

    kind: DocumentKind
    unique_id: str
    path: Path
    written: Written


@dataclass(frozen=True, slots=True)
class ConversionOutcome:
    """What became of a drop: two documents, or the findings that say why not (and warnings either way)."""

    documents: tuple[MadeDocument, ...]
    """Journal and ledger, or nothing."""
    totals: Totals
    end: Counters
    """The last numbers given; the start counters where nothing was made."""
    findings: tuple[Finding, ...]
    """The first of them, errors before warnings, in the order of the files' lines."""
    counts: dict[str, int]
    """All of them, by key."""

    @property
    def made(self) -> bool:
        """True where the month has its documents."""
        return bool(self.documents)


def convert_drop(source: Path, out: Path, job: ConversionJob) -> ConversionOutcome:
    """Convert a dropped file (`source`; its name is `job.name`) into `out`, an empty folder.

    Bad input gives findings, never an exception. Peak memory does not grow with the input.

    Raises:
        OSError: the disk is full, or a folder is not there.
    """
    findings = _Collected()
    totals = Totals()
    documents: tuple[MadeDocument, ...] = ()
    end = job.start
    try:
        _check_month(job)
        with Spool(out) as spool:
            _read(source, job, spool, findings)
            documents = _write(out, job, spool, findings, totals)
    except FixInput as error:
        findings.add(of_error(error, job.name))
    if findings.errors:
        for document in documents:
            document.path.unlink()
        documents = ()
    if documents:
        end = job.start.after_part(totals.entries, totals.lines)
    return ConversionOutcome(documents, totals, end, findings.sorted(), dict(findings.counts))


def _check_month(job: ConversionJob) -> None:
    filing, end = job.filing, job.heading.span.end
    if filing.branch is not None and job.tenant.branch(filing.branch) is None:
        raise BranchUnknown(tenant=filing.tenant, branch=filing.branch)
    if filing.part != WHOLE and job.span is None:
        raise MonthInParts(period=filing.period, part=filing.part)
    if job.created < end:
        raise PeriodNotOver(period=filing.period, end=end, today=job.created)


def _read(source: Path, job: ConversionJob, spool: Spool, findings: "_Collected") -> None:
    span = job.heading.span
    with open_drop(source, job.name, job.limits) as drop:
        for name in drop.ignored:
            findings.add(problem("file.ignored", Place(job.name), value=name))
        for member in drop.members:
            findings.files.append(member.name)
            table = Table(member)
            checker = RowChecker(
                member.name,
                span=span,
                branch=job.filing.branch,
                amounts=table.amounts,
                spool=spool,
                findings=findings,
            )
            for row in table.rows(findings):
                checker.take(row)
    if not spool.rows and not findings.errors:
        raise NoRows(file=job.name)


def _write(
    out: Path, job: ConversionJob, spool: Spool, findings: "_Collected", totals: Totals
) -> tuple[MadeDocument, ...]:
    for shared in spool.shared_subs():
        place = Place(shared.file, shared.source_line, account=shared.sub)
        findings.add(problem("account.sub_under_two_mains", place, shared.sub, mains=shared.mains))
    month, heading = job.filing.month, job.heading
    limit = job.size_limit - SIGNATURE_ROOM if job.size_limit is not None else None
    made = []
    for kind, number in ((DocumentKind.JOURNAL, job.start.journal + 1), (DocumentKind.LEDGER, job.start.ledger + 1)):
        path, name = out / f"{kind}.xml", unique_id(kind, month, number)
        with path.open("wb") as sink:
            if kind is DocumentKind.JOURNAL:
                assembler = Assembler(spool, job.start, heading.span, findings)
                written = _write_journal(JournalWriter(sink, name, heading), assembler, findings, totals, limit)
            else:
                written = _write_ledger(LedgerWriter(sink, name, heading), spool)
        made.append(MadeDocument(kind, name, path, written))
        if limit is not None and written.size > limit:
            findings.add(problem("part.too_large", Place(job.name), limit=job.size_limit))
        if findings.errors:
            break
    return tuple(made)


def _write_journal(
    journal: JournalWriter, assembler: Assembler, findings: Findings, totals: Totals, limit: int | None
) -> Written:
    for entry in assembler.entries():
        # Once something is wrong nothing more is written, but all else is still looked at.
        if findings.errors or (limit is not None and journal.size > limit):
            continue
        journal.add(entry)
        totals.entries += 1
        for line in entry.lines:
            totals.add(line)
    return journal.finish()


def _write_ledger(ledger: LedgerWriter, spool: Spool) -> Written:
    accounts = groupby(spool.ledger_lines(), key=lambda line: (line.main, line.sub))
    for account, (_, lines) in zip(spool.accounts(), accounts, strict=True):
        ledger.add(account.debit, account.credit, ((line_of(line, line.number), line.counter) for line in lines))
    return ledger.finish()


class _Collected(Findings):
    """Lists errors and warnings apart, so that many warnings hide no error."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[str] = []
        self._warnings: list[Finding] = []

    def add(self, finding: Finding) -> None:
        if finding.severity is Severity.ERROR:
            super().add(finding)
            return
        self.counts[finding.rule] += 1
        if len(self._warnings) < LISTED:
            self._warnings.append(finding)

    def sorted(self) -> tuple[Finding, ...]:
        """The first of them, errors before warnings, each by file and line."""

        def place(finding: Finding) -> tuple[int, int]:
            known = finding.file in self.files
            return (self.files.index(finding.file or "") if known else -1, finding.line or 0)

        return tuple((sorted(self.items, key=place) + sorted(self._warnings, key=place))[:LISTED])

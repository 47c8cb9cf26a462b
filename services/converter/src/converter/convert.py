"""One drop to journals and ledgers, in one process and little memory: made to run in a child process."""

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from converter.attached import attachments_of
from converter.bookorder import BookOrder
from converter.entries import check_entries
from converter.errors import BranchUnknown, NoRows, PeriodNotOver
from converter.job import SIZE_LIMIT, ConversionJob, ConversionOutcome, MadeDocument, MadePart
from converter.parts import SIGNATURE_ROOM, Parts
from converter.plausibility import warn
from converter.problems import Place, of_error, problem
from converter.reading.archive import Drop, open_drop
from converter.reading.clean import clean
from converter.reading.recognised import Recognised
from converter.reading.sources import open_sources
from converter.rows import RowChecker
from converter.spool import Spool
from defterhane.edefter.counters import Counters
from defterhane.edefter.totals import Totals
from defterhane.errors import FixInput
from defterhane.findings import LISTED, Finding, Findings, Severity

__all__ = [
    "SIGNATURE_ROOM",
    "SIZE_LIMIT",
    "ConversionJob",
    "ConversionOutcome",
    "MadeDocument",
    "MadePart",
    "convert_drop",
]

_LEFT_OUT: Final = frozenset({"row.columns", "row.unreadable", "report.row_unknown"})
"""Said of rows that are not taken."""


def convert_drop(source: Path, out: Path, job: ConversionJob) -> ConversionOutcome:
    """Convert a dropped file (`source`; its name is `job.name`) into `out`, an empty folder.

    Bad input gives findings, never an exception. Peak memory does not grow with the input. What remains in `out` are
    the documents of the outcome; nothing where there is an exception.

    Raises:
        OSError: the disk is full, or a folder is not there.
    """
    conversion = _Conversion(out, job)
    try:
        conversion.run(source)
    except FixInput as error:
        conversion.findings.add(of_error(error, job.name))
    except sqlite3.OperationalError as error:  # the only ones that are not mistakes: SQLite cannot read or write
        raise OSError(
            errno.ENOSPC if error.sqlite_errorcode == sqlite3.SQLITE_FULL else errno.EIO, str(error)
        ) from error
    return conversion.outcome()


class _Conversion:
    def __init__(self, out: Path, job: ConversionJob) -> None:
        self._out = out
        self._job = job
        self.findings = _Collected()
        self._recognised: list[Recognised] = []
        self._totals = Totals()
        self._parts: tuple[MadePart, ...] = ()
        self._end: Counters = job.start

    def run(self, source: Path) -> None:
        """Read, check, write.

        Raises:
            FixInput: the drop as a whole cannot be used.
        """
        job = self._job
        _check_month(job)
        with (
            TemporaryDirectory(prefix=".converting-", dir=self._out) as name,
            open_drop(source, job.name, job.limits) as drop,
            Spool(scratch := Path(name)) as spool,
        ):
            self._read(drop, scratch, spool)
            self._totals = spool.totals
            profile = job.tenant.profile
            order = BookOrder(spool, profile.numbering if profile is not None else None)
            check_entries(order, job.start.entry, job.span, self.findings)
            attachments = attachments_of(drop, self.findings)
            warn(spool, spool.totals, job.name, self.findings)
            if not self.findings.errors:
                parts = Parts(self._out, scratch, job, order, self.findings, attachments)
                self._parts = parts.write()
                if self._parts:
                    self._end = parts.end

    def outcome(self) -> ConversionOutcome:
        """What has come of it."""
        findings = self.findings
        return ConversionOutcome(
            parts=self._parts,
            totals=self._totals,
            end=self._end,
            findings=findings.sorted(),
            counts=dict(findings.counts),
            recognised=tuple(self._recognised),
        )

    def _read(self, drop: Drop, scratch: Path, spool: Spool) -> None:
        job, findings = self._job, self.findings
        tenant = job.tenant
        for name in drop.ignored:
            findings.add(problem("file.ignored", Place(job.name), value=name))
        for source in open_sources(drop, tenant.profile, scratch, findings, clean(tenant.creator)[0]):
            findings.files.append(source.file)
            self._recognised.append(source.recognised)
            checker = RowChecker(
                source.file,
                span=job.span,
                branch=job.filing.branch,
                divisions=frozenset(branch.number for branch in tenant.branches),
                currency=tenant.currency,
                amounts=source.amounts,
                read_date=source.read_date,
                spool=spool,
                findings=findings,
            )
            for row in source.rows(_OfSource(findings, checker.lose_row)):
                checker.take(row)
        # Parts may be empty, but not all of a month: an export that found nothing would be filed as its books.
        if job.first_part == 0 and not spool.rows and not findings.errors:
            raise NoRows(file=job.name)


def _check_month(job: ConversionJob) -> None:
    filing, end = job.filing, job.span.end
    if filing.branch is not None and job.tenant.branch(filing.branch) is None:
        raise BranchUnknown(tenant=filing.tenant, branch=filing.branch)
    if job.created < end:
        raise PeriodNotOver(period=filing.period, end=end, today=job.created)


class _OfSource(Findings):
    """Passes on what a source says, and tells where it has left a row out."""

    def __init__(self, findings: Findings, lost: Callable[[], None]) -> None:
        super().__init__()
        self._findings = findings
        self._lost = lost

    def add(self, finding: Finding) -> None:
        self._findings.add(finding)
        if finding.rule in _LEFT_OUT:
            self._lost()


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

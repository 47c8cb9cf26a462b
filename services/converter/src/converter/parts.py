"""A drop cut into parts: never within an entry, always at the ends of spans, and where a file would get too large."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from converter.bookorder import BookOrder, JournalEntry
from converter.filling import Filling, Stretch, WrittenBook
from converter.job import ConversionJob, MadeDocument, MadePart
from converter.problems import Place, problem
from converter.writing.attachments import Attachment, measure
from converter.writing.books import account_bound, frame_size
from defterhane.edefter.counters import LAST_SEQUENCE, unique_id
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from defterhane.edefter.period import Span
from defterhane.edefter.totals import Totals
from defterhane.findings import Findings

SIGNATURE_ROOM: Final = 64 * 1024
"""Bytes kept free for the signature."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """A part that has been written; its number is known once all have been."""

    span: Span
    totals: Totals
    journal: WrittenBook
    ledger: WrittenBook

    def made(self, part: str, out: Path) -> MadePart:
        """The part by its number, its documents moved to `out`."""
        journal, ledger = (
            MadeDocument(kind, part, book.unique_id, book.path.rename(out / book.path.name), book.written)
            for kind, book in ((DocumentKind.JOURNAL, self.journal), (DocumentKind.LEDGER, self.ledger))
        )
        return MadePart(part, self.span, self.totals, journal, ledger)


class _Room:
    """How much fits into the files of one part."""

    def __init__(self, job: ConversionJob) -> None:
        month, heading = job.filing.month, job.heading_for(job.span)
        self.limited = job.part_bytes is not None
        self._bytes = (job.part_bytes or 0) - SIGNATURE_ROOM
        self._journal = frame_size(DocumentKind.JOURNAL, unique_id(DocumentKind.JOURNAL, month, 1), heading)
        self._ledger = frame_size(DocumentKind.LEDGER, unique_id(DocumentKind.LEDGER, month, 1), heading)
        self._account = account_bound(job.tenant.currency)

    def holds(self, part: Stretch, new: Stretch, carried: int = 0) -> bool:
        """Whether a part has room for new entries besides its own, where its journal carries so many bytes more."""
        if not self.limited:
            return True
        accounts = len(part.ranks) + len(new.ranks - part.ranks)
        return (
            self._journal + carried + part.journal + new.journal <= self._bytes
            and self._ledger + part.ledger + new.ledger + accounts * self._account <= self._bytes
        )


class Parts:
    """Writes the parts of one drop. `findings` hold no error when it begins; once they do, nothing more is written."""

    def __init__(
        self,
        out: Path,
        scratch: Path,
        job: ConversionJob,
        order: BookOrder,
        findings: Findings,
        attachments: Sequence[Attachment] = (),
    ) -> None:
        """Documents are written in `scratch`, and come to `out` once all of them are there."""
        self._out = out
        self._job = job
        self._order = order
        self._findings = findings
        self._attachments = attachments
        self._carried = measure(attachments)
        self._room = _Room(job)
        self._filling = Filling(scratch, order, job.tenant.currency, limited=self._room.limited)
        self._cuts: list[_Cut] = []
        self.end = job.start
        """The last numbers given, but for those in the part that is being filled."""
        self._part = Stretch(0, 0)
        self._start = job.span.start
        self._last = job.span.start

    def write(self) -> tuple[MadePart, ...]:
        """Write all parts, empty ones too.

        Raises:
            OSError: the disk is full.
        """
        try:
            self._fill()
        finally:
            self._filling.close()
        if self._findings.errors:
            return ()
        first = self._job.first_part
        if first == 0 and len(self._cuts) == 1:
            return (self._cuts[0].made(WHOLE, self._out),)
        return tuple(cut.made(f"{number:06}", self._out) for number, cut in enumerate(self._cuts, first or 1))

    def _fill(self) -> None:
        self._check_attachments()
        spans = iter(self._job.spans or (self._job.span,))
        span = next(spans)
        for entry in self._order.entries():
            day = date.fromisoformat(entry.stored.day)
            while day > span.end:
                self._finish(span.end)
                span = next(spans)
                self._begin(span.start)
            self._take(entry, day)
        self._finish(span.end)
        for span in spans:
            self._begin(span.start)
            self._finish(span.end)

    def _check_attachments(self) -> None:
        """See whether the attachments fit into a journal."""
        if self._attachments and not self._room.holds(self._part, self._part, self._carried):
            name = max(self._attachments, key=lambda attachment: attachment.size).name
            place = Place(self._job.name)
            self._findings.add(problem("attachment.too_large", place, name, limit=self._job.part_bytes))

    def _take(self, entry: JournalEntry, day: date) -> None:
        counter, number = self.end.entry + self._part.entries + 1, self.end.line + self._part.lines + 1
        new = self._filling.render(entry, counter, number)
        if not self._room.holds(self._part, new, 0 if self._cuts else self._carried):
            if not self._room.holds(Stretch(0, 0), new):
                self._report_size(entry)
            self._finish(self._last)
            self._begin(day if day == self._last else self._last + timedelta(days=1))
        self._part.add(new)
        self._last = day

    def _begin(self, start: date) -> None:
        self._start = self._last = start

    def _finish(self, end: date) -> None:
        """Write the part that has been filled, and begin with an empty one."""
        part = self._part
        self.end = self.end.after_part(part.entries, part.lines)
        if max(self.end.journal, self.end.ledger) > LAST_SEQUENCE and not self._findings.errors:
            self._findings.add(problem("counter.used_up", Place(self._job.name), last=LAST_SEQUENCE))
        if not self._findings.errors:
            span = Span(self._start, end)
            heading = self._job.heading_for(span)
            attachments = () if self._cuts else self._attachments
            journal = self._filling.write_journal(part, heading, self.end.journal, attachments)
            ledger, totals = self._filling.write_ledger(part, heading, self.end.ledger, self.end.line)
            self._cuts.append(_Cut(span, totals, journal, ledger))
        self._filling.drop(part)
        self._part = Stretch(part.end, part.end)

    def _report_size(self, entry: JournalEntry) -> None:
        stored = entry.stored
        number = str(stored.counter) if stored.counter is not None else None
        place = Place(stored.file, stored.line, number, stored.voucher)
        self._findings.add(problem("part.entry_too_large", place, limit=self._job.part_bytes))

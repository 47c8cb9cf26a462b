"""What is to be converted, and what comes of it."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from converter.reading.archive import Limits
from converter.reading.recognised import Recognised
from converter.writing.canonical import Written
from converter.writing.head import Heading
from defterhane.edefter.counters import Counters
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.period import Span
from defterhane.edefter.totals import Totals
from defterhane.events.models import Filing
from defterhane.findings import Finding
from defterhane.tenant import Tenant

SIZE_LIMIT: Final = 200_000_000
"""Bytes that one Y or K file may have."""


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
    """The last numbers given in the fiscal year before this drop."""
    spans: tuple[Span, ...] = ()
    """Stretches of days that follow each other; a part ends with each. None: the whole month as one."""
    first_part: int = 0
    """0: the drop is the whole month, alone as `000000` or in parts from `000001`; n: its parts are numbered from n."""
    part_bytes: int | None = SIZE_LIMIT
    """The most bytes that one signed Y or K file may have; None = parts are never cut by size."""
    limits: Limits = field(default_factory=Limits)

    @property
    def span(self) -> Span:
        """All days that the drop covers."""
        if not self.spans:
            return Span.whole(self.filing.month)
        return Span(self.spans[0].start, self.spans[-1].end)

    def heading_for(self, span: Span) -> Heading:
        """What is the same in all documents of one part."""
        return Heading(self.tenant, self.filing.branch, span, self.created, self.source_application)


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """A document on disk, unsigned and canonical."""

    kind: DocumentKind
    part: str
    unique_id: str
    path: Path
    written: Written


@dataclass(frozen=True, slots=True)
class MadePart:
    """One part: journal and ledger over the same days."""

    part: str
    """Six digits; `000000` = the whole month."""
    span: Span
    totals: Totals
    journal: MadeDocument
    ledger: MadeDocument


@dataclass(frozen=True, slots=True)
class ConversionOutcome:
    """What became of a drop: its parts, or the findings that say why not (and warnings either way)."""

    parts: tuple[MadePart, ...]
    totals: Totals
    """Of all parts."""
    end: Counters
    """The last numbers given; the start counters where nothing was made."""
    findings: tuple[Finding, ...]
    """The first of them, errors before warnings, in the order of the files' lines."""
    counts: dict[str, int]
    """All of them, by key."""
    recognised: tuple[Recognised, ...]
    """What each file was taken for."""

    @property
    def made(self) -> bool:
        """True where the drop has its documents."""
        return bool(self.parts)

    @property
    def documents(self) -> tuple[MadeDocument, ...]:
        """Journal and ledger of every part, in order."""
        return tuple(document for part in self.parts for document in (part.journal, part.ledger))

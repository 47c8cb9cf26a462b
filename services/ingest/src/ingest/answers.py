"""Answers to tenants: from an event to small files in the outbox: one to read, one for programs, and where there are
findings, a table of them for a spreadsheet.

The text is UTF-8 with a byte order mark and CRLF line ends, so that every editor on Windows shows it right: Turkish
first, then English. The JSON is plain UTF-8. Pure; the same event always gives the same bytes.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from defterhane.edefter.names import WHOLE
from defterhane.errors import Problem
from defterhane.events import (
    BeratRefused,
    ConversionFailed,
    ConversionMade,
    Document,
    DocumentRejected,
    Event,
    FileRefused,
    Filing,
    FilingHeld,
    MonthClosed,
    SignatureRefused,
)
from defterhane.findings import Finding
from defterhane.findings_csv import findings_csv
from defterhane.texts import Text
from ingest.models import File
from ingest.rendering import render
from ingest.wording import BY_ITSELF, GATES, SUPERSEDES, Outcome

_ABOUT: Final = re.compile(
    r"(?P<stem>.+?)(?:\.(?:[A-Z]{1,2}-)?[0-9]{6})?\.(?P<outcome>" + "|".join(Outcome) + r")\.(?:txt|json|csv)"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tenant is told."""

    outcome: Outcome
    stem: str
    """What the answer is about, as its file name begins: the dropped file's name, or the month's."""
    tenant: str
    at: datetime
    detail: str = ""
    """What of it: a document (`Y-000000`), a part (`000002`)."""
    file: str | None = None
    period: str | None = None
    branch: str | None = None
    document: str | None = None
    reason: Text | None = None
    cure: Text | None = None
    key: str | None = None
    code: str | None = None
    rules: tuple[str, ...] = ()
    """The authority's rules that GİB's words quote."""
    findings: tuple[Finding, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    """Findings by rule, those that are not listed too."""
    before_conversion: bool = False
    """A file that has been found good, and waits to be converted."""
    recognised: tuple[Text, ...] = ()
    """What each file was taken for."""
    figures: dict[str, int] = field(default_factory=dict)
    """What was made: `revision`, `entries`, `lines`, `total` (kuruş)."""
    parts: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    size: int | None = None
    sha256: str | None = None

    @property
    def name(self) -> str:
        """The files' name without suffix."""
        detail = f".{self.detail}" if self.detail else ""
        return f"{self._shown_stem}{detail}.{self.outcome}"

    @property
    def _shown_stem(self) -> str:
        return self.stem.lstrip(".") or self.tenant  # names that begin with a dot are not shown

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Its files: name and content."""
        yield f"{self.name}.txt", render(self).encode("utf-8")
        text = json.dumps(self.data(), ensure_ascii=False, indent=2)
        yield f"{self.name}.json", f"{text}\n".encode()
        if self.findings:
            yield f"{self.name}.csv", findings_csv(self.findings, self.counts).encode("utf-8")

    @property
    def makes_untrue(self) -> frozenset[Outcome]:
        """Earlier answers about the same file that must not stand beside this one."""
        if self.before_conversion:
            return frozenset({Outcome.REFUSED, Outcome.FAILED})
        return SUPERSEDES.get(self.outcome, frozenset())

    def outcome_in(self, name: str) -> Outcome | None:
        """What a file in the outbox tells of the same thing as this answer; None where it is about another."""
        match = _ABOUT.fullmatch(name)
        return Outcome(match["outcome"]) if match is not None and match["stem"] == self._shown_stem else None

    def data(self) -> dict[str, Any]:
        """The answer for programs: what is empty is left out."""
        found: dict[str, Any] = {
            "outcome": self.outcome.value,
            "tenant": self.tenant,
            "at": self.at.isoformat(),
            "file": self.file,
            "period": self.period,
            "branch": self.branch,
            "document": self.document,
            "key": self.key,
            "reason": self.reason.model_dump() if self.reason else None,
            "cure": self.cure.model_dump() if self.cure else None,
            "code": self.code,
            "rules": list(self.rules),
            "size": self.size,
            "sha256": self.sha256,
            **self.figures,
            "parts": list(self.parts),
            "recognised": [text.model_dump() for text in self.recognised],
            "findings": [finding.model_dump(mode="json", exclude_none=True) for finding in self.findings],
            "counts": self.counts,
            "documents": list(self.documents),
        }
        return {name: value for name, value in found.items() if value not in (None, [], {})}


def receipt(row: File) -> Answer:
    """The answer to a file that has been received."""
    return Answer(
        Outcome.RECEIVED,
        row.name,
        row.tenant,
        row.received_at,
        file=row.name,
        period=row.period,
        branch=row.branch,
        size=row.size,
        sha256=row.sha256,
    )


def answer_to(event: Event, at: datetime, dropped: str | None) -> Answer | None:
    """The answer that an event gives rise to; None where it is nothing that a tenant should hear of.

    `dropped` is the name of the file that the event's month came in, where it is known.
    """
    found: Answer | None = None
    match event:
        case FileRefused():
            found = Answer(Outcome.REFUSED, event.name, event.tenant, at, file=event.name, **_problem(event.problem))
        case ConversionFailed():
            found = Answer(Outcome.FAILED, **_converted(event, at))
        case ConversionMade():
            figures = {name: getattr(event, name) for name in ("revision", "entries", "lines", "total")}
            found = Answer(Outcome.CONVERTED, **_converted(event, at), figures=figures, parts=event.parts)
        case DocumentRejected():
            about = _document(event.document, at, dropped)
            found = Answer(Outcome.REJECTED, **about, findings=event.findings, counts=event.counts)
        case SignatureRefused(document=Document() as document):  # why is the operator's business
            found = Answer(Outcome.SIGNATURE_REFUSED, **_document(document, at, dropped), key=event.problem.key)
        case BeratRefused():
            about = _document(event.document, at, dropped)
            found = Answer(
                Outcome.BERAT_REFUSED, **about, **_problem(event.problem), code=event.code, rules=event.rules
            )
        case FilingHeld():
            found = _held(event, at, dropped)
        case MonthClosed(filing=filing):
            about = {**_month(filing, at, dropped), "stem": month_name(filing)}
            found = Answer(Outcome.CLOSED, **about, documents=event.documents)
    return found


def month_name(filing: Filing) -> str:
    """`<VKN>-<YYYYMM>`, with a branch `<VKN>-<SSSS>-<YYYYMM>`: as its files are dropped."""
    branch = f"-{filing.branch}" if filing.branch else ""
    return f"{filing.tenant}{branch}-{filing.month.compact}"


def _converted(event: ConversionFailed | ConversionMade, at: datetime) -> dict[str, Any]:
    return {
        "stem": event.name,
        "tenant": event.tenant,
        "at": at,
        "file": event.name,
        "period": event.period,
        "branch": event.branch,
        "recognised": event.recognised,
        "findings": event.findings,
        "counts": event.counts,
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"reason": problem.text, "cure": problem.cure, "key": problem.key}


def _month(filing: Filing, at: datetime, dropped: str | None) -> dict[str, Any]:
    return {
        "stem": dropped or month_name(filing),
        "tenant": filing.tenant,
        "at": at,
        "file": dropped,
        "period": filing.period,
        "branch": filing.branch,
    }


def _document(document: Document, at: datetime, dropped: str | None) -> dict[str, Any]:
    about = _month(document.filing, at, dropped)
    return {**about, "detail": f"{document.kind}-{document.filing.part}", "document": str(document.name)}


def _held(event: FilingHeld, at: datetime, dropped: str | None) -> Answer:
    about = _month(event.filing, at, dropped)
    if event.filing.part != WHOLE:
        about["detail"] = event.filing.part
    reason = _problem(event.reason)
    reason["cure"] = reason["cure"] or (GATES[event.gate] if event.gate else BY_ITSELF)
    before = event.gate == "convert" or (event.gate is None and event.reason.key.startswith("month."))
    return Answer(Outcome.HELD, **about, **reason, before_conversion=before)

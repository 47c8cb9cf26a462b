"""What one event adds to what is known: facts to join, and findings to keep."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from defterhane.edefter.names import WHOLE, DropName
from defterhane.errors import Problem
from defterhane.events import (
    BeratApproved,
    BeratRefused,
    BeratSent,
    ConversionFailed,
    ConversionMade,
    ConversionRequested,
    ConversionWithdrawn,
    Document,
    DocumentArchived,
    DocumentRejected,
    DocumentSigned,
    DocumentValidated,
    DocumentWritten,
    Envelope,
    Event,
    FileReceived,
    FileRefused,
    FilingHeld,
    FilingReleased,
    MonthClosed,
    ObjectRef,
    ReportAccepted,
    SignatureMade,
    SignatureRefused,
    ValidationDisagreed,
)
from defterhane.findings import Finding, Severity
from defterhane.rulebook import as_findings
from defterhane.texts import Text
from portal.facts import (
    ConversionFacts,
    DocumentFacts,
    Drop,
    FileFacts,
    HoldFacts,
    Mark,
    MonthKey,
    Result,
    Said,
)

_TEXT_LIMIT: Final = 500


@dataclass(frozen=True)
class News:
    """What one event says."""

    month: MonthKey | None = None
    document: DocumentFacts | None = None
    conversion: ConversionFacts | None = None
    files: tuple[FileFacts, ...] = ()
    hold: HoldFacts | None = None
    closed: Mark | None = None
    signer: dict[Said, Mark] = field(default_factory=dict)
    """About the tenant's signer as a whole."""
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """All findings by rule, those too that are not listed."""
    report: ObjectRef | None = None
    """Where more findings lie than are listed."""


def read(envelope: Envelope) -> News:  # noqa: PLR0911 — one case a family of events
    """What an event says; nothing where it says nothing about a month, a file or a signer.

    Raises:
        KeyError, ValueError: the envelope's data are not such an event's.
    """
    event = envelope.event
    mark = Mark(at=envelope.time, event=envelope.id)
    match event:
        case FileReceived() | ConversionRequested() | FileRefused():
            return _about_file(event, mark)
        case ConversionFailed() | ConversionMade():
            return _about_result(event, mark)
        case ConversionWithdrawn():
            return _about_withdrawal(event, mark)
        case FilingHeld() | FilingReleased() | MonthClosed():
            return _about_filing(event, mark)
        case SignatureRefused(document=None):
            return News(signer={Said.SIGNER_REFUSED: mark.model_copy(update={"problem": event.problem})})
        case SignatureMade():
            return News(signer={Said.SIGNER_WORKED: mark})
        case ValidationDisagreed(document=document):  # its verdict is told by another event
            filing = document.filing
            return News(month=MonthKey(tenant=filing.tenant, branch=filing.branch, period=filing.period))
        case _:
            return _about_document(event, mark)


def month_in_name(tenant: str, name: str) -> tuple[str, str | None, str | None] | None:
    """Period, branch and part that a dropped file's name tells; None where it tells none of this tenant's."""
    try:
        drop = DropName.parse(name)
    except ValueError:
        return None
    return (str(drop.period), drop.branch, drop.part) if drop.tax_id == tenant else None


def summary(key: str, findings: tuple[Finding, ...], counts: Mapping[str, int]) -> Problem:
    """Findings as one problem: how many, and the first error's words."""
    first = next((finding for finding in findings if finding.severity is Severity.ERROR), None)
    number = max(sum(counts.values()), len(findings))
    text = Text(tr=f"{number} bulgu.", en=f"{number} finding{'' if number == 1 else 's'}.")
    if first is not None:
        message = Text(tr=_cut(first.message.tr), en=_cut(first.message.en))
        text = Text(
            tr=f"{message.tr}" if number == 1 else f"{number} bulgu. İlki: {message.tr}",
            en=f"{message.en}" if number == 1 else f"{number} findings. The first: {message.en}",
        )
    return Problem(key=key, text=text, cure=first.cure if first is not None else None)


def _about_file(event: FileReceived | ConversionRequested | FileRefused, mark: Mark) -> News:
    if isinstance(event, FileRefused):
        period, branch, part = month_in_name(event.tenant, event.name) or (None, None, None)
        said = Said.FILE_REFUSED
        mark = mark.model_copy(update={"problem": event.problem})
        drop = Drop(name=event.name, period=period, branch=branch, part=part, object=event.object)
    else:
        said = Said.RECEIVED if isinstance(event, FileReceived) else Said.REQUESTED
        drop = Drop(name=event.name, period=event.period, branch=event.branch, part=event.part, object=event.object)
    marks = {said: mark.model_copy(update={"drop": drop})}
    file = FileFacts(tenant=event.tenant, file_id=event.file_id, marks=marks)
    return News(month=file.month, files=(file,))


def _about_result(event: ConversionFailed | ConversionMade, mark: Mark) -> News:
    """What came of a file: it is the file's news, and where ledgers were made also that of a new conversion."""
    month = MonthKey(tenant=event.tenant, branch=event.branch, period=event.period)
    result = Result(recognised=event.recognised)
    if isinstance(event, ConversionMade):
        names = ("parts", "spans", "entries", "lines", "total")
        figures = {name: getattr(event, name) for name in names}
        result = result.model_copy(update=figures)
    mark = mark.model_copy(
        update={
            "drop": Drop(name=event.name, period=event.period, branch=event.branch, part=_slot(event.part)),
            "count": sum(event.counts.values()),
            "result": result,
        }
    )
    conversion = None
    if isinstance(event, ConversionMade):
        conversion = ConversionFacts(revision=event.revision, file_id=event.file_id, marks={Said.MADE: mark})
        marks = {Said.CONVERTED: mark}
    else:
        problem = summary("conversion.failed", event.findings, event.counts)
        marks = {Said.FAILED: mark.model_copy(update={"problem": problem})}
    return News(
        month=month,
        conversion=conversion,
        files=(FileFacts(tenant=event.tenant, file_id=event.file_id, marks=marks),),
        findings=event.findings,
        counts=event.counts,
        report=event.report,
    )


def _about_withdrawal(event: ConversionWithdrawn, mark: Mark) -> News:
    filing = event.filing
    mark = mark.model_copy(
        update={
            "drop": Drop(name=event.name, period=filing.period, branch=filing.branch, part=_slot(filing.part)),
            "problem": event.reason,
            "result": Result(parts=event.parts),
        }
    )
    return News(
        month=MonthKey(tenant=filing.tenant, branch=filing.branch, period=filing.period),
        conversion=ConversionFacts(revision=event.revision, file_id=event.file_id, marks={Said.WITHDRAWN: mark}),
    )


def _slot(part: str) -> str | None:
    return part if part != WHOLE else None


def _about_filing(event: FilingHeld | FilingReleased | MonthClosed, mark: Mark) -> News:
    filing = event.filing
    month = MonthKey(tenant=filing.tenant, branch=filing.branch, period=filing.period)
    if isinstance(event, MonthClosed):
        return News(month=month, closed=mark)
    if isinstance(event, FilingHeld):
        marks = {Said.HELD: mark.model_copy(update={"problem": event.reason})}
    else:
        marks = {Said.RELEASED: mark.model_copy(update={"note": event.by})}
    return News(month=month, hold=HoldFacts(part=filing.part, gate=event.gate, marks=marks))


def _about_document(event: Event, mark: Mark) -> News:
    found = _document_mark(event, mark)
    if found is None:
        return News()
    document, said, mark = found
    filing = document.filing
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = {}
    if isinstance(event, DocumentRejected):
        findings, counts = event.findings, event.counts
    elif isinstance(event, DocumentValidated):
        findings, counts = event.warnings, Counter(warning.rule for warning in event.warnings)
    elif isinstance(event, BeratRefused):
        findings, counts = as_findings(event.rules, str(document.name)), Counter(event.rules)
    return News(
        month=MonthKey(tenant=filing.tenant, branch=filing.branch, period=filing.period),
        document=DocumentFacts(
            part=filing.part,
            kind=document.kind,
            revision=document.revision,
            unique_id=document.unique_id,
            marks={said: mark},
        ),
        findings=findings,
        counts=counts,
    )


def _document_mark(event: Event, mark: Mark) -> tuple[Document, Said, Mark] | None:
    match event:
        case DocumentWritten(document=document):
            update: dict[str, object] = {"object": event.object}
            said = Said.WRITTEN
        case DocumentValidated(document=document):
            said, update = Said.VALIDATED, {"object": event.object, "count": len(event.warnings)}
        case DocumentRejected(document=document):
            problem = summary("document.rejected", event.findings, event.counts)
            said, update = Said.REJECTED, {"problem": problem, "count": sum(event.counts.values())}
        case DocumentSigned(document=document):
            said, update = Said.SIGNED, {"object": event.object}
        case SignatureRefused(document=Document() as document):
            said, update = Said.SIGNATURE_REFUSED, {"problem": event.problem}
        case BeratSent(document=document):
            said, update = Said.SENT, {"note": _cut(event.answer)}
        case BeratApproved(document=document):
            said, update = Said.APPROVED, {"object": event.object}
        case ReportAccepted(document=document):
            said, update = Said.APPROVED, {"note": _cut(event.answer)}
        case BeratRefused(document=document):
            said, update = Said.REFUSED, {"problem": event.problem, "note": event.code}
        case DocumentArchived(document=document):
            said = Said.ARCHIVED_APPROVED if event.approved else Said.ARCHIVED
            update = {"object": event.object, "note": event.path}
        case _:
            return None
    return document, said, mark.model_copy(update=update)


def _cut(text: str) -> str:
    return text if len(text) <= _TEXT_LIMIT else text[: _TEXT_LIMIT - 1] + "…"

"""Writes the page of a document: reads it, lays it out, keeps the pages aside, and puts the whole together at the end.

A document of a few pages is plain HTML that needs no script. Of a larger one only the first page is; the
others lie compressed in the file and are unpacked by the browser one at a time, so that its size does not matter.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

from defterhane.edefter.kinds import DocumentKind
from defterhane.figures import grouped
from defterhane.findings import Finding
from defterhane.texts import Language
from defterhane_cli.view import events
from defterhane_cli.view import words as say
from defterhane_cli.view.blocks import Account, Page, Sums
from defterhane_cli.view.fields import Leaf
from defterhane_cli.view.head import Head, signature_facts
from defterhane_cli.view.kept import Kept
from defterhane_cli.view.marking import Marks, element_of
from defterhane_cli.view.pages import Pages
from defterhane_cli.view.reading import Reading
from defterhane_cli.view.rendering import write_document
from defterhane_cli.view.sheets import Sheets

if TYPE_CHECKING:  # for its type alone: a page without a check needs no rules
    from validator.check import Verdict

PRINTED: Final = 40
"""So many pages of a large document are printed at once: some 20,000 lines."""
_SHOWN: Final = 20
"""So many findings are listed openly."""
_ATTACHMENTS: Final = 1_000
_IN_MEMORY: Final = 8_000_000
_SCOPES: Final = ("text", "entry", "line", "account", "voucher", "amount")


@dataclass(frozen=True, slots=True)
class Written:
    """What has been written."""

    entries: int
    lines: int
    pages: int
    stopped: bool
    """The document could not be read to its end."""
    errors: int
    """So many errors are marked or listed; with them the warnings."""
    warnings: int


def write_view(source: Path, target: Path, language: Language, verdict: "Verdict | None" = None) -> Written:
    """Write the page. Memory is bounded by one page of it, however long the document is.

    Args:
        source: a document, signed or not.
        target: the HTML file; it takes an older one's place once it is complete.
        verdict: what has been found out about the document; its findings are marked where they belong.

    Raises:
        OSError: a file cannot be read or written.
        XmlRefused: the source is not XML that is read, and does not say which document it is.
        ValueError: it is not one of the five documents.
    """
    partial = target.with_name(target.name + ".part")
    try:
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
            written = _Document(source, language, verdict, cast("IO[bytes]", spool)).write(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return written


class _Document:
    def __init__(self, source: Path, language: Language, verdict: "Verdict | None", spool: IO[bytes]) -> None:
        self._source = source
        self._language = language
        self._verdict = verdict
        self._findings = list(verdict.findings) if verdict is not None else []
        self._marks = Marks(self._findings)
        self._head = Head(source.name, language, self._marks)
        self._kept = Kept(spool)
        self._index: list[list[int | None]] = []
        self._reading = Reading(self._marks.last)
        self._laid: Pages | None = None
        self._sheets: Sheets | None = None
        self._signature: events.Signature | None = None
        self._signature_findings: list[Finding] = []
        self._attachments: list[dict[str, object]] = []
        self._more_attachments = 0
        self._stopped: events.Stopped | None = None
        self._anchors: dict[int, str] = {}

    def write(self, target: Path) -> Written:
        for event in self._reading.events(self._source):
            self._take(event)
        pages = self._pages()
        pages.close()
        return self._put_together(target, pages)

    def _take(self, event: events.Event) -> None:
        match event:
            case events.Line():
                self._pages().line(event.piece)
            case events.Entry():
                self._pages().entry(event.piece)
            case events.EntryEnd():
                self._pages().end(event.piece)
            case events.Head():
                self._head.take(event.name, event.leaves)
            case events.Stray():
                self._head.stray(event.leaf)
            case events.Attachment():
                self._attach(event)
            case events.Signature():
                self._signature = event
                self._signature_findings = self._marks.of_signature(event.line)
                self._anchors.update((id(one), "signature") for one in self._signature_findings)
            case events.Stopped():
                self._stopped = event

    def _pages(self) -> Pages:
        if self._laid is None:
            kind = cast("DocumentKind", self._reading.kind)  # known once entries come, or all is read
            self._sheets = Sheets(kind, self._language)
            self._laid = Pages(kind, self._language, self._marks, self._turn)
        return self._laid

    def _turn(self, page: Page, last: bool) -> None:
        if self._sheets is not None:
            self._kept.add(self._sheets.sheet(page, last=last))
        ranges = (page.entries.least, page.entries.greatest, page.numbers.least, page.numbers.greatest)
        self._index.append([page.first_entry, page.first_line, *ranges])

    def _attach(self, event: events.Attachment) -> None:
        if len(self._attachments) >= _ATTACHMENTS:
            self._more_attachments += 1
            return
        anchor = f"a{len(self._attachments) + 1}"
        found = self._marks.of_leaf(Leaf("defterek:binaryObject", "", event.line))
        self._anchors.update((id(one), anchor) for one in found)
        size = "?" if event.size is None else f"{grouped(event.size, self._language)} B"
        self._attachments.append(
            {"id": anchor, "name": event.name, "mime": event.mime, "size": size, "findings": found}
        )

    def _put_together(self, target: Path, pages: Pages) -> Written:
        language, head = self._language, self._head
        kind = cast("DocumentKind", self._reading.kind)
        head.close(kind)
        self._anchors |= head.anchors | pages.anchors
        stopped = self._stopped.refusal if self._stopped is not None else None
        counts = dict(self._verdict.findings.counts) if self._verdict is not None else {}
        told = counts.pop(stopped.problem.key, 0) if stopped is not None else 0  # it has a place of its own
        found = [one for one in self._findings if one.rule in counts]
        errors = self._verdict.findings.errors - told if self._verdict is not None else 0
        warnings = sum(counts.values()) - errors
        signed = self._signature.signed if self._signature is not None else None
        counter = signed.counter if signed is not None else None
        write_document(
            target,
            kind,
            language,
            large=self._kept.large,
            firm=head.firm,
            period=head.period,
            checked=self._verdict is not None,
            stopped=stopped.problem if stopped is not None else None,
            stopped_at=stopped.line if stopped is not None else None,
            found=[(one, self._anchors.get(id(one), ""), self._place(one)) for one in found],
            shown=_SHOWN,
            counts=sorted(counts.items()),
            number_found=sum(counts.values()),
            errors=errors,
            warnings=warnings,
            sections=list(head.sections.items()),
            hidden=head.hidden,
            signed=signed is not None,
            approved=counter is not None,
            signature=signature_facts(signed, language) if signed is not None else [],
            counter=signature_facts(counter, language) if counter is not None else [],
            signature_findings=self._signature_findings,
            attachments=self._attachments,
            more_attachments=self._more_attachments,
            entries=pages.entries,
            lines=pages.lines,
            totals=None if kind.is_berat else pages.total.texts(language),
            balanced=pages.total.difference == 0,
            balance=_balance(pages.total, language),
            entries_word="entries" if kind.is_ledger else "tax_lines" if kind.is_berat else "accounts",
            accounts=_summary(pages, language),
            pages=pages.pages,
            print_limit=PRINTED,
            scopes=_SCOPES,
            first=self._kept.first if pages.entries else "",
            chunks=self._kept.packed,
            index=self._for_script(),
        )
        return Written(pages.entries, pages.lines, pages.pages, stopped is not None, errors, warnings)

    def _place(self, finding: Finding) -> str:
        """Where a finding is, in words."""
        said = say.words(self._language)
        facts = [
            (said["entry"], finding.entry if finding.entry != finding.account else None),
            (said["voucher"], finding.voucher),
            (said["account"], finding.account),
        ]
        named = [f"{name} {value}" for name, value in facts if value]
        if finding.where:
            named.append(say.name_of(element_of(finding), self._language))
        if finding.line is not None:
            named.append(f"{said['file_line']} {grouped(finding.line, self._language)}")
        return " · ".join(named)

    def _for_script(self) -> dict[str, object]:
        said = say.words(self._language)
        spoken = ("searching", "hits", "hits_more", "nothing", "loading", "too_old", "page", "line")
        return {
            "pages": self._index,
            "printed": PRINTED,
            "decimal": "," if self._language == "tr" else ".",
            "words": {key: said[key] for key in spoken},
        }


def _balance(total: Sums, language: Language) -> str:
    """Whether both sides agree, in words."""
    said, difference = say.words(language), total.difference
    if difference is None:
        return said["unknown"]
    return said["unbalanced"].format(difference=total.balance(language)) if difference else said["balanced"]


def _summary(pages: Pages, language: Language) -> list[tuple[Account, dict[str, str]]] | None:
    """The main accounts by their numbers."""
    if pages.accounts is None:
        return None
    accounts = sorted(pages.accounts.values(), key=lambda one: one.id)
    return [(one, one.sums.texts(language)) for one in accounts]

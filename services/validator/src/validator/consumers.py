"""What the validator does: checks what has been written, and takes note of what berats and reports are held against."""

from pathlib import Path
from typing import Final

from sqlalchemy.dialects.postgresql import insert

from defterhane.db import Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.events import (
    BeratApproved,
    ConversionWithdrawn,
    Document,
    DocumentRejected,
    DocumentSigned,
    DocumentValidated,
    DocumentWritten,
)
from defterhane.findings import Finding, Severity
from defterhane.house import House
from defterhane.log import logger
from defterhane.service import Received
from defterhane.tenancy import get_tenant
from defterhane.texts import Text
from defterhane.work import once, work
from validator.agreement import against, identity
from validator.agreement_findings import made
from validator.agreement_rows import Beside, beside, note_revision, note_signed
from validator.agreement_words import KINDS, MONTHS_BOOKS
from validator.authority.service import Authority, disagreed
from validator.check import Verdict, check_document
from validator.errors import BesideLate
from validator.models import VerdictRow
from validator.settings import ValidatorSettings

DOCUMENTS: Final = "validator.documents"
SIGNED: Final = "validator.signed"
REVISIONS: Final = "validator.revisions"
TOLD: Final = 100
"""So many findings travel in an event; their counts are complete."""

_log = logger(__name__)

_HELD_AGAINST: Final = {
    DocumentKind.LEDGER: DocumentKind.JOURNAL,
    DocumentKind.JOURNAL_BERAT: DocumentKind.JOURNAL,
    DocumentKind.LEDGER_BERAT: DocumentKind.LEDGER,
}

_DIFFERENT: Final = Finding(
    rule="document.digest",
    message=Text(
        tr="Belgenin özeti, yazılırken alınan özetle tutmuyor; bu belge imzalanmaz.",
        en="The document's digest is not the one taken while it was written; it will not be signed.",
    ),
    cure=Text(
        tr="Dosyayı yeniden gönderin; yinelenirse işletmene bildirin.",
        en="Drop the file again; if it happens again, tell the operator.",
    ),
)


class Checker:
    """Handles `document.written`."""

    def __init__(self, house: House, settings: ValidatorSettings, authority: Authority | None = None) -> None:
        """`authority` asks the authority's own files; None = as the settings say."""
        self._authority = authority or Authority(settings)
        self._house = house
        self._settings = settings
        self._database = house.database("validator")

    async def handle(self, received: Received) -> None:
        """Check one document and publish the verdict."""
        event = received.event
        assert isinstance(event, DocumentWritten)
        document = event.document
        tenant = document.filing.tenant
        name = document.name.file("xml")
        async with work(self._database, DOCUMENTS, received, key=f"{document.name}/{document.revision}") as job:
            if job is None:
                return
            near = await self._beside(document, received.attempt)
            async with self._house.objects.fetch(tenant, event.object) as path:
                verdict = await self._check(path, name)
                opinion = await self._authority.judge(path, document, verdict, received.attempt)
            verdict.findings.extend(opinion.findings)
            if verdict.valid and verdict.body_sha256 != event.body_sha256:
                verdict.findings.add(_DIFFERENT.model_copy(update={"file": name}))
            _hold(verdict, document, near)
            async with job.commit() as tx:
                await self._keep(tx, event, verdict)
                await self._tell(tx, event, verdict)
                for disagreement in disagreed(opinion, event):
                    await tx.publish(disagreement)

    async def _beside(self, document: Document, attempt: int) -> Beside:
        """What the document is held against; after a whole ladder of tries it is no longer waited for.

        Raises:
            BesideLate: it is on its way.
        """
        async with self._database.tenant(document.filing.tenant) as tx:
            near = await beside(tx, document)
        if near.late and attempt <= len(self._settings.retry_seconds):
            raise BesideLate(document=document.name)
        if near.late or near.unknown:
            _log.warning("document.not_compared", document=str(document.name), late=near.late)
        return near

    async def _check(self, path: Path, name: str) -> Verdict:
        settings = self._settings
        return await self._house.pool.run_within(
            settings.validation_seconds, check_document, path, name, None, settings.newer_journal_since
        )

    async def _keep(self, tx: Transaction, event: DocumentWritten, verdict: Verdict) -> None:
        document = event.document
        values = {
            "month_key": document.filing.month_key,
            "sha256": verdict.sha256,
            "valid": verdict.valid,
            "counts": dict(verdict.findings.counts),
            "summary": verdict.summary.to_json() if verdict.valid and verdict.summary is not None else None,
            "judged_at": tx.now(),
        }
        statement = insert(VerdictRow).values(
            tenant=document.filing.tenant, name=str(document.name), revision=document.revision, **values
        )
        await tx.session.execute(
            statement.on_conflict_do_update(index_elements=["tenant", "name", "revision"], set_=values)
        )

    async def _tell(self, tx: Transaction, event: DocumentWritten, verdict: Verdict) -> None:
        if verdict.valid:
            warnings = tuple(found for found in verdict.findings if found.severity is Severity.WARNING)
            tenant = await get_tenant(tx, event.document.filing.tenant)
            validated = DocumentValidated(
                document=event.document,
                object=event.object,
                body_sha256=event.body_sha256,
                warnings=warnings[:TOLD],
                rules=verdict.rules,
            )
            await tx.publish(validated, route=tenant.signer)
        else:
            rejected = DocumentRejected(
                document=event.document,
                object=event.object,
                findings=tuple(sorted(verdict.findings, key=lambda found: found.severity is Severity.WARNING))[:TOLD],
                counts=dict(verdict.findings.counts),
                file_id=event.file_id,
            )
            await tx.publish(rejected)


class Notes:
    """Takes note of what has been signed, and of which revisions of a month count."""

    def __init__(self, house: House) -> None:
        self._database = house.database("validator")

    async def signed(self, received: Received) -> None:
        """Keep the size and the signature of a book: its berat has to tell them."""
        event = received.event
        assert isinstance(event, DocumentSigned)
        if not event.document.kind.is_ledger:
            return
        async with once(self._database, SIGNED, received) as tx:
            if tx is not None:
                await note_signed(tx, event)

    async def revisions(self, received: Received) -> None:
        """Keep which revisions have been withdrawn, and which GİB has approved all the same."""
        event = received.event
        assert isinstance(event, ConversionWithdrawn | BeratApproved)
        async with once(self._database, REVISIONS, received) as tx:
            if tx is None:
                return
            if isinstance(event, ConversionWithdrawn):
                await note_revision(tx, event.filing, event.revision, said="withdrawn")
            else:
                document = event.document
                await note_revision(tx, document.filing, document.revision, said="approved")


def _hold(verdict: Verdict, document: Document, near: Beside) -> None:
    """Add to a verdict what the document disagrees with: its event, and the documents beside it."""
    summary = verdict.summary
    if summary is None:
        return
    verdict.findings.extend(identity(document, summary))
    if not verdict.valid:
        return
    verdict.findings.extend(against(summary, near.documents))
    if near.late or near.unknown:
        kind = document.kind
        others = MONTHS_BOOKS if kind is DocumentKind.REPORT else KINDS[_HELD_AGAINST[kind]]
        verdict.findings.add(made("agreement.not_compared", summary, expected=others, warning=True))

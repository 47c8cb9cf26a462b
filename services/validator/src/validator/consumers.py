"""What the validator does with a written document: check it, and say what was found."""

from pathlib import Path
from typing import Final

from sqlalchemy.dialects.postgresql import insert

from defterhane.db import Transaction
from defterhane.events import DocumentRejected, DocumentValidated, DocumentWritten
from defterhane.findings import Finding, Severity
from defterhane.house import House
from defterhane.service import Received
from defterhane.tenancy import get_tenant
from defterhane.texts import Text
from defterhane.work import work
from validator.check import Verdict, check_document
from validator.models import VerdictRow
from validator.settings import ValidatorSettings

DOCUMENTS: Final = "validator.documents"
TOLD: Final = 100
"""So many findings travel in an event; their counts are complete."""


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

    def __init__(self, house: House, settings: ValidatorSettings) -> None:
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
            async with self._house.objects.fetch(tenant, event.object) as path:
                verdict = await self._check(path, name)
            if verdict.valid and verdict.body_sha256 != event.body_sha256:
                verdict.findings.add(_DIFFERENT.model_copy(update={"file": name}))
            async with job.commit() as tx:
                await self._keep(tx, event, verdict)
                await self._tell(tx, event, verdict)

    async def _check(self, path: Path, name: str) -> Verdict:
        return await self._house.pool.run_within(self._settings.validation_seconds, check_document, path, name)

    async def _keep(self, tx: Transaction, event: DocumentWritten, verdict: Verdict) -> None:
        document = event.document
        values = {
            "month_key": document.filing.month_key,
            "sha256": verdict.sha256,
            "valid": verdict.valid,
            "counts": dict(verdict.findings.counts),
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
            )
            await tx.publish(validated, route=tenant.signer)
        else:
            rejected = DocumentRejected(
                document=event.document,
                object=event.object,
                findings=tuple(verdict.findings)[:TOLD],
                counts=dict(verdict.findings.counts),
                file_id=event.file_id,
            )
            await tx.publish(rejected)

"""The validator tells what it finds, once, and lets nothing through whose bytes differ."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import text

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import DocumentName
from defterhane.events import (
    Document,
    DocumentRejected,
    DocumentValidated,
    DocumentWritten,
    Envelope,
    Filing,
)
from defterhane.house import House
from defterhane.tenancy import put_tenant
from support.events import received
from support.tenants import tenant
from validator.consumers import Checker
from validator.settings import ValidatorSettings

pytestmark = pytest.mark.postgres

GOLDEN = Path(__file__).parents[1] / "golden" / "validator"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def golden(kind: DocumentKind) -> tuple[DocumentName, bytes]:
    path = next(GOLDEN.glob(f"*-{kind}-000000.xml"))
    return DocumentName.parse(path.name), path.read_bytes().rstrip(b"\n")


def digest(data: bytes) -> str:
    return hashlib.sha256(data.removeprefix(DECLARATION)).hexdigest()


async def written(house: House, name: DocumentName, data: bytes, body_sha256: str | None = None) -> DocumentWritten:
    async with house.database("tenancy").tenant(name.tax_id) as tx:
        await put_tenant(tx, tenant(name.tax_id, signer="far"))
    filing = Filing(tenant=name.tax_id, period=str(name.period))
    return DocumentWritten(
        document=Document(filing=filing, kind=name.kind, unique_id=f"{name.kind.traits.unique_id_prefix}202503000001"),
        object=await house.objects.put_bytes(name.tax_id, data),
        body_sha256=body_sha256 or digest(data),
        file_id="file-7",
    )


async def published(house: House) -> list[Envelope]:
    async with house.database("validator").system() as tx:
        rows = await tx.session.scalars(text("SELECT envelope FROM validator.outbox ORDER BY id"))
        return [Envelope.model_validate_json(row) for row in rows]


@pytest.fixture
def checker(house: House) -> Checker:
    return Checker(house, ValidatorSettings.model_validate(house.settings.model_dump()))


@pytest.mark.parametrize("kind", list(DocumentKind))
async def test_a_valid_document_goes_to_its_tenants_signer_once(
    house: House, checker: Checker, kind: DocumentKind
) -> None:
    name, data = golden(kind)
    delivery = received(await written(house, name, data))
    await checker.handle(delivery)
    await checker.handle(delivery)
    [envelope] = await published(house)
    assert isinstance(envelope.event, DocumentValidated)
    assert envelope.route == "far"
    assert envelope.event.body_sha256 == digest(data)


async def test_a_broken_document_is_rejected_with_findings(house: House, checker: Checker) -> None:
    name, data = golden(DocumentKind.JOURNAL)
    broken = data.replace(b">D</gl-cor:debitCreditCode>", b">C</gl-cor:debitCreditCode>", 1)
    assert broken != data
    await checker.handle(received(await written(house, name, broken)))
    [envelope] = await published(house)
    assert isinstance(envelope.event, DocumentRejected)
    assert envelope.event.file_id == "file-7"
    assert "Y082" in envelope.event.counts
    finding = next(found for found in envelope.event.findings if found.rule == "Y082")
    assert finding.line
    assert finding.entry == "11"
    assert finding.message.tr
    assert finding.message.en


async def test_bytes_other_than_those_written_are_never_let_through(house: House, checker: Checker) -> None:
    name, data = golden(DocumentKind.JOURNAL)
    await checker.handle(received(await written(house, name, data, body_sha256="0" * 64)))
    [envelope] = await published(house)
    assert isinstance(envelope.event, DocumentRejected)
    assert envelope.event.counts == {"document.digest": 1}

"""The service with the authority's own files: what they find counts, and a child that is lost costs one attempt."""

import asyncio
import hashlib
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import prometheus_client
import pytest
from sqlalchemy import text

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import DocumentName
from defterhane.edefter.vocabulary import DECLARATION
from defterhane.events import (
    Document,
    DocumentRejected,
    DocumentValidated,
    DocumentWritten,
    Event,
    Filing,
    ValidationDisagreed,
)
from defterhane.events.envelope import Envelope
from defterhane.house import House
from defterhane.tenancy import put_tenant
from support.authority_files import ENDLESS, asserted, put, rule, schematron
from support.events import received
from support.golden_documents import golden, name_of
from support.tenants import tenant
from validator.app import build
from validator.authority.children import Children
from validator.authority.errors import NoAnswer
from validator.authority.service import TRIES, Authority
from validator.authority.wire import Refused, Reply, Request, Trial, Tried
from validator.consumers import Checker
from validator.settings import ValidatorSettings

pytestmark = pytest.mark.postgres

REPORT = DocumentKind.REPORT
FINE = {"defterraporu.sch": schematron(rule("/*", asserted("true()", "x")))}
STRICT = {
    "defterraporu.sch": schematron(rule("/*", asserted("false()", "Rapor <sch:name/> olamaz."))),
    "yevmiye.sch": schematron(rule("/*", asserted("false()", "Defter olamaz."))),
}
SLOW = {"defterraporu.xsl": ENDLESS}


def settings(house: House, folder: Path | None, **more: Any) -> ValidatorSettings:
    return ValidatorSettings.model_validate({**house.settings.model_dump(), "authority_folder": folder, **more})


async def written(house: House, kind: DocumentKind) -> DocumentWritten:
    name = DocumentName.parse(name_of(kind))
    async with house.database("tenancy").tenant(name.tax_id) as tx:
        await put_tenant(tx, tenant(name.tax_id))
    data = golden(kind)
    unique_id = re.search(rb"<gl-cor:uniqueID[^>]*>([A-Z]{3}[0-9]{12})<", data)
    assert unique_id is not None
    return DocumentWritten(
        document=Document(
            filing=Filing(tenant=name.tax_id, period=str(name.period)),
            kind=kind,
            unique_id=unique_id[1].decode(),
        ),
        object=await house.objects.put_bytes(name.tax_id, data),
        body_sha256=hashlib.sha256(data.removeprefix(DECLARATION)).hexdigest(),
    )


async def published(house: House) -> list[Event]:
    async with house.database("validator").system() as tx:
        rows = await tx.session.scalars(text("SELECT envelope FROM validator.outbox ORDER BY id"))
        return [Envelope.model_validate_json(row).event for row in rows]


def sample(name: str, **labels: str) -> float:
    return prometheus_client.REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
async def closing() -> AsyncIterator[list[Authority]]:
    opened: list[Authority] = []
    yield opened
    for authority in opened:
        authority.close()


def checker(house: House, closing: list[Authority], folder: Path, **more: Any) -> Checker:
    chosen = settings(house, folder, **more)
    authority = Authority(chosen)
    closing.append(authority)
    return Checker(house, chosen, authority)


async def test_what_only_the_authority_finds_rejects_a_document_loudly(
    house: House, closing: list[Authority], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path / "authority" / "2020-01-01", STRICT)
    labels = {"kind": "DR", "version": "2020-01-01", "side": "authority"}
    before = sample("defterhane_validation_disagreements_total", **labels)
    delivery = received(await written(house, REPORT))
    handler = checker(house, closing, tmp_path / "authority")
    await handler.handle(delivery)
    await handler.handle(delivery)
    [rejected, disagreed] = await published(house)
    assert isinstance(rejected, DocumentRejected)
    assert rejected.counts == {"authority.assert": 1}
    [finding] = rejected.findings
    assert "Rapor edefter:defterraporu olamaz." in finding.message.tr
    assert isinstance(disagreed, ValidationDisagreed)
    assert disagreed.package == "2020-01-01"
    assert (disagreed.rules, disagreed.authority) == ((), ("Rapor edefter:defterraporu olamaz.",))
    assert sample("defterhane_validation_disagreements_total", **labels) == before + 1
    assert caplog.text.count("authority.disagreement") == 1


async def test_policy_and_period_say_who_is_asked(house: House, closing: list[Authority], tmp_path: Path) -> None:
    put(tmp_path / "strict" / "2020-01-01", STRICT)
    put(tmp_path / "later" / "2025-04-01", STRICT)
    journal = DocumentKind.JOURNAL
    size = len(golden(journal))
    for folder, kind, more in (
        ("strict", REPORT, {"authority_berats": False}),
        ("strict", journal, {}),
        ("strict", journal, {"authority_ledger_bytes": size - 1}),
        ("later", REPORT, {}),
    ):
        await checker(house, closing, tmp_path / folder, **more).handle(received(await written(house, kind)))
    assert {type(event) for event in await published(house)} == {DocumentValidated}
    asked = checker(house, closing, tmp_path / "strict", authority_ledger_bytes=size)
    await asked.handle(received(await written(house, journal)))
    assert {type(event) for event in (await published(house))[4:]} == {DocumentRejected, ValidationDisagreed}


async def test_a_child_that_is_too_slow_costs_attempts_and_then_our_verdict_stands(
    house: House, closing: list[Authority], tmp_path: Path
) -> None:
    put(tmp_path / "authority" / "2020-01-01", SLOW)
    handler = checker(house, closing, tmp_path / "authority", authority_seconds=3)
    event = await written(house, REPORT)
    with pytest.raises(NoAnswer):
        await handler.handle(received(event))
    assert await published(house) == []
    await handler.handle(received(event, attempt=TRIES))
    [validated] = await published(house)
    assert isinstance(validated, DocumentValidated)
    assert "authority.silent" in {finding.rule for finding in validated.warnings}


async def test_a_version_that_is_replaced_while_a_document_waits_costs_an_attempt(
    house: House, closing: list[Authority], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(self: Children, request: Request) -> Reply:
        if isinstance(request, Trial):
            return Tried()
        shutil.rmtree(request.package.folder)
        return Refused("No such file or directory: berat.xsl")

    monkeypatch.setattr(Children, "ask", ask)
    put(tmp_path / "authority" / "2020-01-01", FINE)
    handler = checker(house, closing, tmp_path / "authority")
    with pytest.raises(NoAnswer, match="replaced"):
        await handler.handle(received(await written(house, REPORT)))
    assert await published(house) == []


async def test_the_running_service_takes_a_new_package_in(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "authority"
    put(folder / "2020-01-01", FINE)
    service = build(house, settings(house, folder))
    [watch] = service.tasks
    authority = watch.__self__  # type: ignore[attr-defined]
    monkeypatch.setattr("validator.authority.service.POLL_SECONDS", 0.05)
    [documents] = [consumer for consumer in service.consumers if consumer.events == (DocumentWritten,)]
    stop = asyncio.Event()
    watching = asyncio.create_task(watch(stop))
    event = await written(house, REPORT)
    await documents.handle(received(event))
    put(folder / "2025-03-01", STRICT)
    for _ in range(200):
        if sample("defterhane_authority_packages", state="used") == 2:
            break
        await asyncio.sleep(0.05)
    await documents.handle(received(event))
    stop.set()
    await watching
    authority.close()
    assert [type(one) for one in await published(house)] == [DocumentValidated, DocumentRejected, ValidationDisagreed]


async def test_without_a_folder_nobody_is_asked(house: House) -> None:
    service = build(house, settings(house, None))
    await asyncio.wait_for(service.tasks[0](asyncio.Event()), 5)

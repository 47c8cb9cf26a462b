"""The validator tells what it finds, once; it lets nothing through whose bytes differ, that is another's, or that does
not agree with the documents beside it."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import DocumentName
from defterhane.errors import Problem
from defterhane.events import (
    BeratApproved,
    ConversionWithdrawn,
    Document,
    DocumentRejected,
    DocumentSigned,
    DocumentValidated,
    DocumentWritten,
    Envelope,
    Filing,
    ObjectRef,
)
from defterhane.house import House
from defterhane.pools import ProcessPool
from defterhane.tenancy import put_tenant
from defterhane.texts import Text
from support.events import OTHER_FIRM, received
from support.golden_documents import Change, changed, inside
from support.golden_documents import text as said
from support.tenants import tenant
from validator.check import check_document
from validator.consumers import Checker, Notes
from validator.errors import BesideLate
from validator.models import VerdictRow
from validator.settings import ValidatorSettings
from validator.summary import AccountSum, Summary

pytestmark = pytest.mark.postgres

P = ParamSpec("P")
R = TypeVar("R")

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
        document=Document(filing=filing, kind=name.kind, unique_id=f"{name.kind.traits.unique_id_prefix}202503000003"),
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
    assert (envelope.event.rules or "").partition("/")[0] in ("journal", "ledger", "berat", "report")


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


# The documents of one month, held against each other

SIGNATURE = "QUJDREVGR0g="
LADDER = 3
"""So many times the tests' house tries again."""


def said_by(kind: DocumentKind) -> Change:
    """What a berat copies of its signed book."""
    return inside(".", f"<ds:SignatureValue>{SIGNATURE[:6]}\n{SIGNATURE[6:]}</ds:SignatureValue>")


class Walk:
    """Documents of the golden month, given to the validator one by one."""

    def __init__(self, house: House, checker: Checker) -> None:
        self.house = house
        self.checker = checker
        self.notes = Notes(house)
        self.name, _ = golden(DocumentKind.JOURNAL)

    def document(self, kind: DocumentKind, revision: int = 1) -> Document:
        unique_id = f"{kind.traits.unique_id_prefix}202503000003"
        filing = Filing(tenant=self.name.tax_id, period="2025-03")
        return Document(filing=filing, kind=kind, unique_id=unique_id, revision=revision)

    async def write(
        self, kind: DocumentKind, *changes: Change, attempt: int = 1, revision: int = 1
    ) -> DocumentValidated | DocumentRejected:
        """What the validator says of the golden document of a kind, with changes."""
        data = changed(kind, *changes)
        event = await written(self.house, self.name, data)
        event = event.model_copy(update={"document": self.document(kind, revision)})
        await self.checker.handle(received(event, attempt=attempt))
        event = (await published(self.house))[-1].event
        assert isinstance(event, DocumentValidated | DocumentRejected)
        return event

    async def sign(self, kind: DocumentKind, size: int = 20_971, value: str = SIGNATURE) -> DocumentSigned:
        """Note that the signer has signed it: 20,971 bytes are 0.02 MiB."""
        event = DocumentSigned(
            document=self.document(kind),
            object=ObjectRef(uri=f"object:{self.name.tax_id}/{'0' * 64}", sha256="0" * 64, size=size),
            signature_value=value,
            signing_time=datetime(2025, 4, 2, tzinfo=UTC),
            certificate_sha256="0" * 64,
        )
        delivery = received(event)
        await self.notes.signed(delivery)
        await self.notes.signed(delivery)
        return event

    async def withdraw(self, revision: int) -> None:
        """Note that a conversion counts no longer."""
        problem = Problem(key="month.corrected", text=Text(tr="düzeltildi", en="corrected"))
        event = ConversionWithdrawn(
            filing=self.document(DocumentKind.JOURNAL).filing,
            file_id="file-7",
            name="drop.zip",
            revision=revision,
            parts=("000000",),
            reason=problem,
        )
        delivery = received(event)
        await self.notes.revisions(delivery)
        await self.notes.revisions(delivery)

    async def approve(self, revision: int) -> None:
        """Note that GİB has approved a berat of a revision."""
        document = self.document(DocumentKind.JOURNAL_BERAT, revision)
        object_ = ObjectRef(uri=f"object:{self.name.tax_id}/{'1' * 64}", sha256="1" * 64, size=1)
        await self.notes.revisions(received(BeratApproved(document=document, object=object_)))

    async def judged(self, *journals: tuple[Summary, int]) -> None:
        """Have journals been found valid: summaries and their revisions."""
        async with self.house.database("validator").tenant(self.name.tax_id) as tx:
            for summary, revision in journals:
                tx.session.add(
                    VerdictRow(
                        tenant=self.name.tax_id,
                        name=(summary.name or "").removesuffix(".xml"),
                        revision=revision,
                        month_key=self.document(DocumentKind.JOURNAL).filing.month_key,
                        sha256=summary.sha256,
                        valid=True,
                        counts={},
                        summary=summary.to_json(),
                        judged_at=tx.now(),
                    )
                )


class InThread(ProcessPool):
    """Runs in a thread what belongs into a child process: none has to start."""

    async def run_within(self, seconds: float, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.wait_for(asyncio.to_thread(function, *args, **kwargs), seconds)


@pytest.fixture
def walk(house: House) -> Walk:
    here = replace(house, pool=InThread(1))
    return Walk(here, Checker(here, ValidatorSettings.model_validate(house.settings.model_dump())))


def the_journal() -> Summary:
    name, _ = golden(DocumentKind.JOURNAL)
    path = GOLDEN / name.file("xml")
    summary = check_document(path, path.name).summary
    assert summary is not None
    return summary


def halves(ends: str = "2025-03-10") -> list[Summary]:
    """The golden month's journal in two parts: account 100 and 600 in the first."""
    whole = the_journal()
    assert whole.name is not None
    sums = whole.accounts or {}
    mains: tuple[Sequence[str], Sequence[str]] = (("100", "391", "600"), ("153", "191", "320"))
    first, second = (
        replace(
            whole,
            name=whole.name.replace("-000000", f"-{number:06}"),
            unique_id=f"YEV20250300000{number}",
            accounts={main: sums[main] for main in mains[number - 1]},
            first_entry=10 + number,
            last_entry=10 + number,
            first_line=28 + 3 * number,
            last_line=30 + 3 * number,
        )
        for number in (1, 2)
    )
    start = f"{ends[:-2]}{int(ends[-2:]) + 1:02}"
    return [replace(first, end=ends), replace(second, start=start)]


async def test_a_month_whose_documents_agree_has_no_warnings(walk: Walk) -> None:
    told = [await walk.write(DocumentKind.JOURNAL)]
    await walk.sign(DocumentKind.JOURNAL)
    told.append(await walk.write(DocumentKind.JOURNAL_BERAT, said_by(DocumentKind.JOURNAL)))
    told.append(await walk.write(DocumentKind.LEDGER))
    await walk.sign(DocumentKind.LEDGER)
    told.append(await walk.write(DocumentKind.LEDGER_BERAT, said_by(DocumentKind.LEDGER)))
    told.append(await walk.write(DocumentKind.REPORT))
    for event in told:
        assert isinstance(event, DocumentValidated), event
        assert event.warnings == ()


async def test_a_ledger_that_differs_from_its_journal_is_rejected(walk: Walk) -> None:
    await walk.write(DocumentKind.JOURNAL)
    first = "gl-cor:entryHeader"
    one_more = said(f"{first}/gl-cor:entryDetail/gl-cor:amount", "600.01"), said(f"{first}/gl-bus:totalDebit", "600.01")
    event = await walk.write(DocumentKind.LEDGER, *one_more)
    assert isinstance(event, DocumentRejected)
    assert set(event.counts) == {"agreement.account_total", "agreement.balance"}
    finding = next(found for found in event.findings if found.rule == "agreement.account_total")
    assert (finding.account, finding.value) == ("100", "600.01")
    assert "600,01" in finding.message.tr
    again = await walk.write(DocumentKind.LEDGER, revision=2)  # whose journal is not known
    assert isinstance(again, DocumentValidated)
    assert [found.rule for found in again.warnings] == ["agreement.not_compared"]


@pytest.mark.parametrize("book", [DocumentKind.JOURNAL, DocumentKind.LEDGER])
async def test_a_berat_waits_for_the_news_of_its_books_signature(walk: Walk, book: DocumentKind) -> None:
    berat = DocumentKind.JOURNAL_BERAT if book is DocumentKind.JOURNAL else DocumentKind.LEDGER_BERAT
    await walk.write(DocumentKind.JOURNAL)
    await walk.write(DocumentKind.LEDGER)
    for attempt in range(1, LADDER + 1):
        with pytest.raises(BesideLate):
            await walk.write(berat, said_by(book), attempt=attempt)
    assert len(await published(walk.house)) == 2
    await walk.sign(book)
    event = await walk.write(berat, said_by(book), attempt=LADDER + 1)
    assert isinstance(event, DocumentValidated)
    assert event.warnings == ()


async def test_a_signature_of_which_no_news_comes_does_not_stop_the_month(walk: Walk) -> None:
    await walk.write(DocumentKind.JOURNAL)
    berat = DocumentKind.JOURNAL_BERAT
    event = await walk.write(berat, said_by(DocumentKind.JOURNAL), attempt=LADDER + 1)
    assert isinstance(event, DocumentValidated)
    assert [found.rule for found in event.warnings] == ["agreement.not_compared"]


@pytest.mark.parametrize(
    ("size", "value", "rule"),
    [
        (20_971, "AAAA", "agreement.signature_value"),
        (26_215, SIGNATURE, "agreement.size"),
    ],
)
async def test_a_berat_that_tells_another_file_is_rejected(walk: Walk, size: int, value: str, rule: str) -> None:
    await walk.write(DocumentKind.JOURNAL)
    await walk.sign(DocumentKind.JOURNAL, size, value)
    event = await walk.write(DocumentKind.JOURNAL_BERAT, said_by(DocumentKind.JOURNAL))
    assert isinstance(event, DocumentRejected)
    assert event.counts == {rule: 1}


async def test_a_berat_with_other_totals_is_rejected(walk: Walk) -> None:
    await walk.write(DocumentKind.JOURNAL)
    await walk.sign(DocumentKind.JOURNAL, 26_214)  # 0.02 MiB still
    amount = said("gl-cor:entryDetail/gl-cor:amount", "100.01", 1)
    entries = said("gl-bus:numberOfEntries", "3")
    event = await walk.write(DocumentKind.JOURNAL_BERAT, amount, entries, said_by(DocumentKind.JOURNAL))
    assert isinstance(event, DocumentRejected)
    assert event.counts == {"agreement.account_total": 1, "agreement.entries": 1}


async def test_a_report_is_held_against_the_parts_of_its_month_from_several_conversions(walk: Walk) -> None:
    first, second = halves()
    await walk.judged((first, 1), (second, 2))
    event = await walk.write(DocumentKind.REPORT, revision=2)
    assert isinstance(event, DocumentValidated)
    assert event.warnings == ()
    both = said("gl-cor:entryDetail/gl-cor:amount", "600.01"), said("gl-cor:entryDetail/gl-cor:amount", "0.01", 1)
    event = await walk.write(DocumentKind.REPORT, *both, revision=2)
    assert isinstance(event, DocumentRejected)
    assert event.counts == {"agreement.account_total": 2}


async def test_a_report_waits_until_it_is_clear_which_conversions_count(walk: Walk) -> None:
    """The month was made whole, then again in two parts; the news that the first does not count is late."""
    first, second = halves()
    wrong = replace(the_journal(), accounts={"100": AccountSum(1, 1, 1, 1)})
    await walk.judged((wrong, 1), (first, 2), (second, 3))
    with pytest.raises(BesideLate):
        await walk.write(DocumentKind.REPORT, revision=3)
    await walk.withdraw(1)
    event = await walk.write(DocumentKind.REPORT, revision=3)
    assert isinstance(event, DocumentValidated)
    assert event.warnings == ()


async def test_a_part_that_counts_no_longer_is_not_added_whatever_its_number(walk: Walk) -> None:
    """The first conversion had cut its days in three; what has taken its place needs two parts for the month."""
    first, second = halves()
    third = replace(second, name=(second.name or "").replace("-000002", "-000003"), start="2025-03-21")
    await walk.judged((first, 1), (second, 1), (third, 1), (first, 2), (second, 3))
    with pytest.raises(BesideLate):
        await walk.write(DocumentKind.REPORT, revision=3)
    await walk.withdraw(1)
    assert isinstance(await walk.write(DocumentKind.REPORT, revision=3), DocumentValidated)


async def test_what_gib_approves_counts_again(walk: Walk) -> None:
    first, second = halves()
    other = replace(first, accounts={"100": AccountSum(1, 1, 1, 1)})
    await walk.judged((first, 1), (second, 2), (other, 3))
    for revision in (1, 3):
        await walk.withdraw(revision)
    with pytest.raises(BesideLate):
        await walk.write(DocumentKind.REPORT, revision=2)
    await walk.approve(1)
    event = await walk.write(DocumentKind.REPORT, revision=2)
    assert isinstance(event, DocumentValidated)
    assert event.warnings == ()


async def test_a_month_that_never_becomes_clear_goes_on_with_a_warning(walk: Walk) -> None:
    first, _ = halves()
    await walk.judged((first, 1))
    event = await walk.write(DocumentKind.REPORT, revision=1, attempt=LADDER + 1)
    assert isinstance(event, DocumentValidated)
    assert [found.rule for found in event.warnings] == ["agreement.not_compared"]


async def test_a_part_that_does_not_go_on_from_the_one_before_is_rejected(walk: Walk) -> None:
    first, second = halves("2025-03-04")
    await walk.judged((replace(first, last_entry=5), 1))
    part = DocumentName.parse(second.name or "")
    data = changed(
        DocumentKind.JOURNAL,
        said("gl-cor:periodCoveredStart", "2025-03-05"),
        said("gl-cor:uniqueID", "YEV202503000002"),
    )
    event = await written(walk.house, part, data)
    filing = Filing(tenant=part.tax_id, period="2025-03", part="000002")
    document = Document(filing=filing, kind=DocumentKind.JOURNAL, unique_id="YEV202503000002")
    await walk.checker.handle(received(event.model_copy(update={"document": document})))
    [envelope] = await published(walk.house)
    assert isinstance(envelope.event, DocumentRejected)
    assert "sequence.entry_number" in envelope.event.counts


@pytest.mark.parametrize("what", ["unique_id", "period", "branch"])
async def test_a_document_that_is_not_the_one_of_its_event_is_rejected(walk: Walk, what: str) -> None:
    document = walk.document(DocumentKind.LEDGER)
    filing = document.filing
    other = {
        "unique_id": document.model_copy(update={"unique_id": "KEB202503000004"}),
        "period": document.model_copy(update={"filing": filing.model_copy(update={"period": "2025-04"})}),
        "branch": document.model_copy(update={"filing": filing.model_copy(update={"branch": "0001"})}),
    }[what]
    event = await written(walk.house, walk.name, changed(DocumentKind.LEDGER))
    await walk.checker.handle(received(event.model_copy(update={"document": other})))
    [envelope] = await published(walk.house)
    assert isinstance(envelope.event, DocumentRejected)
    assert envelope.event.counts["document.identity"] == 1


async def test_another_firms_document_is_never_validated(walk: Walk) -> None:
    data = changed(DocumentKind.JOURNAL)
    event = await written(walk.house, replace(walk.name, tax_id=OTHER_FIRM), data)
    await walk.checker.handle(received(event))
    [envelope] = await published(walk.house)
    assert isinstance(envelope.event, DocumentRejected)
    assert envelope.tenant == OTHER_FIRM
    assert envelope.event.counts["document.identity"] == 1
    async with walk.house.database("validator").tenant(walk.name.tax_id) as tx:
        assert (await tx.session.scalars(text("SELECT name FROM validator.verdict"))).all() == []


async def test_what_is_noted_of_one_firm_is_hidden_from_another_and_nobody_notes_in_its_name(walk: Walk) -> None:
    await walk.sign(DocumentKind.JOURNAL)
    await walk.withdraw(1)
    database = walk.house.database("validator")
    for table in ("signed_book", "revision"):
        counted = text(f"SELECT count(*) FROM validator.{table}")
        moved = text(f"UPDATE validator.{table} SET tenant = '{OTHER_FIRM}'")
        async with database.tenant(walk.name.tax_id) as tx:
            assert await tx.session.scalar(counted) == 1
        async with database.tenant(OTHER_FIRM) as tx:
            assert await tx.session.scalar(counted) == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            async with database.tenant(walk.name.tax_id) as tx:
                await tx.session.execute(moved)

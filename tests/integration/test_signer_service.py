"""The signer on a real Postgres and object store: gates, refusals, repetition, and death at any moment."""

import asyncio
import base64
import contextlib
import hashlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from pydantic import SecretStr
from sqlalchemy import select, text

from defterhane.bus.base import Patience
from defterhane.bus.postgres import PostgresBus
from defterhane.edefter.kinds import DocumentKind
from defterhane.errors import Busy, TryLater
from defterhane.events import (
    Document,
    DocumentSigned,
    DocumentValidated,
    Envelope,
    Event,
    Filing,
    FilingHeld,
    FilingReleased,
    ObjectRef,
    SignatureMade,
    SignatureRefused,
    SignatureRequested,
    envelop,
)
from defterhane.house import House
from defterhane.objects import ObjectStore
from defterhane.tenancy import put_tenant
from defterhane.tenant import Tenant
from defterhane.xades import body_digest, holds, verify_file
from signer.app import build
from signer.consumers import Consumers
from signer.errors import TokenAway
from signer.models import PendingRow, SignatureRow
from signer.ring import FileRing, RingKey, TokenRing
from signer.settings import SignerSettings
from signer.tokens.session import TokenAddress
from signer.tokens.worker import TokenWorkers
from support import softhsm
from support.events import received
from support.signing import DECLARATION, NOW, VKN, authority, canonical_document, seal, trusted
from support.tenants import tenant as make_tenant

pytestmark = pytest.mark.postgres

PASSWORD = SecretStr("parola")
DIGEST = base64.b64encode(bytes(32)).decode()


class CountingRing(FileRing):
    """Software keys that count how often they are asked, and may be away."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, PASSWORD, lambda: NOW)
        self.folder = folder
        self.asked = 0
        self.away = False

    async def key_for(self, tenant: Tenant) -> RingKey:
        key = await super().key_for(tenant)

        async def sign(data: bytes) -> bytes:
            if self.away:
                raise TokenAway(why="test")
            self.asked += 1
            return await key._ask(data)

        return RingKey(key.certificate, key.chain, sign)


class Desk:
    """A signer, its database, and what it has said."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = replace(house, clock=lambda: NOW)
        self.database = house.database("signer")
        self.ring = CountingRing(folder)
        self.consumers = self.fresh(clock=self.house.clock)

    def fresh(self, **changes) -> Consumers:
        """Another signer process on the same database, a day later."""
        house = replace(self.house, **{"clock": lambda: NOW + timedelta(days=1), **changes})
        return Consumers(house, self.ring, "main")

    async def tenant(self, **changes) -> Tenant:
        tenant = make_tenant(VKN, **changes)
        async with self.database.tenant(VKN) as tx:
            await put_tenant(tx, tenant)
        return tenant

    async def validated(
        self, kind=DocumentKind.JOURNAL, part="000000", revision=1, data: bytes | None = None, **changes
    ) -> DocumentValidated:
        body = data or canonical_document(kind.traits.root, (f"{kind} {part} {revision}",))
        path = self.ring.folder / "body.xml"
        path.write_bytes(body)
        values = {
            "document": Document(
                filing=Filing(tenant=VKN, period="2025-01", part=part),
                kind=kind,
                unique_id="YEV202501000001",
                revision=revision,
            ),
            "object": await self.house.objects.put_bytes(VKN, body),
            "body_sha256": body_digest(path),
            **changes,
        }
        return DocumentValidated.model_validate(values)

    async def said(self) -> list[Event]:
        """Everything said so far, in order."""
        async with self.database.system() as tx:
            rows = await tx.session.execute(text("SELECT envelope FROM signer.outbox ORDER BY id"))
            return [Envelope.model_validate_json(row[0]).event for row in rows]

    async def pending(self) -> list[PendingRow]:
        async with self.database.system() as tx:
            return list(await tx.session.scalars(select(PendingRow).order_by(PendingRow.name)))

    async def release(self, part="000000", gate="sign") -> None:
        event = FilingReleased(filing=Filing(tenant=VKN, period="2025-01", part=part), gate=gate, by="Ayşe")
        await self.consumers.releases(received(event, route="main"))

    @contextlib.asynccontextmanager
    async def object(self, event: DocumentSigned) -> AsyncIterator[Path]:
        async with self.house.objects.fetch(VKN, event.object) as path:
            yield path


@pytest.fixture
async def desk(house: House, tmp_path: Path) -> Desk:
    folder = tmp_path / "keys"
    folder.mkdir()
    seal().save_p12(folder / f"{VKN}.p12", PASSWORD)
    desk = Desk(house, folder)
    await desk.tenant()
    return desk


@pytest.mark.parametrize("kind", [DocumentKind.JOURNAL, DocumentKind.LEDGER_BERAT, DocumentKind.REPORT])
async def test_a_validated_document_is_signed(desk: Desk, kind) -> None:
    validated = await desk.validated(kind)
    await desk.consumers.documents(received(validated, route="main"))
    (signed,) = await desk.said()
    assert isinstance(signed, DocumentSigned)
    assert signed.document == validated.document
    async with desk.object(signed) as path:
        found = verify_file(path, roots=trusted())
    assert found.ok
    assert found.body_sha256 == validated.body_sha256
    assert found.signature_value == signed.signature_value
    assert found.signing_time == signed.signing_time == NOW
    assert found.certificate_sha256 == signed.certificate_sha256
    assert await desk.pending() == []


async def test_the_same_document_twice_gives_the_same_signature(desk: Desk) -> None:
    validated = await desk.validated()
    delivery = received(validated, route="main")
    await desk.consumers.documents(delivery)
    await desk.consumers.documents(delivery)
    assert len(await desk.said()) == 1
    await desk.fresh().documents(received(validated, route="main"))
    first, second = await desk.said()
    assert first == second
    assert desk.ring.asked == 1


async def test_another_body_of_the_same_document_gets_its_own(desk: Desk) -> None:
    for text_ in ("bir", "iki"):
        validated = await desk.validated(data=canonical_document(comments=(text_,)))
        await desk.consumers.documents(received(validated, route="main"))
    first, second = await desk.said()
    assert isinstance(first, DocumentSigned)
    assert isinstance(second, DocumentSigned)
    assert first.signature_value != second.signature_value


async def test_two_at_once_make_one_signature(desk: Desk) -> None:
    validated = await desk.validated()
    done = await asyncio.gather(
        *(desk.fresh().documents(received(validated, route="main")) for _ in range(3)), return_exceptions=True
    )
    assert {type(one) for one in done} <= {type(None), Busy}
    assert len({event.model_dump_json() for event in await desk.said()}) == 1
    assert desk.ring.asked == 1


class Broken(Exception):
    """Stands for the process's death."""


class BreakingStore(ObjectStore):
    """An object store that dies before, or right after, it has stored."""

    def __init__(self, store: ObjectStore, *, after: bool) -> None:
        self.__dict__.update(store.__dict__)
        self._after = after

    async def put_file(self, tenant: str, path: Path) -> ObjectRef:
        if self._after:
            await super().put_file(tenant, path)
        raise Broken


@pytest.mark.parametrize("after", [False, True])
async def test_what_the_key_has_given_outlives_the_process(desk: Desk, after) -> None:
    validated = await desk.validated()
    delivery = received(validated, route="main")
    dying = desk.fresh(objects=BreakingStore(desk.house.objects, after=after))
    with pytest.raises(Broken):
        await dying.documents(delivery)
    assert await desk.said() == []
    async with desk.database.tenant(VKN) as tx:
        (kept,) = await tx.session.scalars(select(SignatureRow))
    assert kept.object is None
    renewed = authority().issue_seal(VKN, "X", "ec", now=NOW)
    renewed.save_p12(desk.ring.folder / f"{VKN}.p12", PASSWORD)
    await desk.fresh().documents(delivery)
    (signed,) = await desk.said()
    assert isinstance(signed, DocumentSigned)
    assert base64.b64decode(signed.signature_value) == kept.value
    assert desk.ring.asked == 1
    async with desk.object(signed) as path:
        assert verify_file(path, roots=trusted()).ok


async def test_a_token_that_is_away_is_waited_for(desk: Desk) -> None:
    desk.ring.away = True
    delivery = received(await desk.validated(), route="main")
    with pytest.raises(TryLater):
        await desk.consumers.documents(delivery)
    assert await desk.said() == []
    assert await desk.pending() == []
    desk.ring.away = False
    await desk.consumers.documents(delivery)
    assert [type(event) for event in await desk.said()] == [DocumentSigned]


class TestGate:
    """A tenant who wants to look before anything is signed."""

    @pytest.fixture(autouse=True)
    async def gate(self, desk: Desk) -> None:
        await desk.tenant(gates=["sign"])

    async def validate(self, desk: Desk, *args, **changes) -> None:
        await desk.consumers.documents(received(await desk.validated(*args, **changes), route="main"))

    async def test_a_month_is_held_once_and_signed_when_released(self, desk: Desk) -> None:
        await self.validate(desk)
        await self.validate(desk)
        (held,) = await desk.said()
        assert isinstance(held, FilingHeld)
        assert (held.gate, held.reason.key) == ("sign", "signer.gate")
        assert desk.ring.asked == 0
        await desk.release(gate="submit")
        assert desk.ring.asked == 0
        await desk.release()
        assert [type(event) for event in await desk.said()] == [FilingHeld, DocumentSigned]
        assert await desk.pending() == []

    async def test_what_follows_in_the_month_passes(self, desk: Desk) -> None:
        await self.validate(desk)
        await desk.release()
        await self.validate(desk, DocumentKind.JOURNAL_BERAT)
        await self.validate(desk, part="000002")
        signed = [event for event in await desk.said() if isinstance(event, DocumentSigned)]
        assert [str(event.document.name) for event in signed] == [
            f"{VKN}-202501-Y-000000",
            f"{VKN}-202501-YB-000000",
            f"{VKN}-202501-Y-000002",
        ]

    async def test_a_new_conversion_is_held_anew(self, desk: Desk) -> None:
        await self.validate(desk)
        await desk.release()
        await self.validate(desk, revision=2)
        said = await desk.said()
        assert [type(event) for event in said] == [FilingHeld, DocumentSigned, FilingHeld]
        await desk.release()
        last = (await desk.said())[-1]
        assert isinstance(last, DocumentSigned)
        assert last.document.revision == 2

    async def test_what_a_new_conversion_replaces_is_not_signed_any_more(self, desk: Desk) -> None:
        await self.validate(desk)
        await self.validate(desk, revision=2)
        await desk.release()
        signed = [event for event in await desk.said() if isinstance(event, DocumentSigned)]
        assert [event.document.revision for event in signed] == [2]

    async def test_each_part_is_held_and_one_release_lets_the_month_go(self, desk: Desk) -> None:
        for part in ("000001", "000002"):
            await self.validate(desk, part=part)
        assert [type(event) for event in await desk.said()] == [FilingHeld, FilingHeld]
        await desk.release(part="000001")
        signed = [event for event in await desk.said() if isinstance(event, DocumentSigned)]
        assert [event.document.filing.part for event in signed] == ["000001", "000002"]

    async def test_a_release_outlives_a_token_that_is_away(self, desk: Desk) -> None:
        await self.validate(desk)
        desk.ring.away = True
        event = FilingReleased(filing=Filing(tenant=VKN, period="2025-01"), gate="sign", by="Ayşe")
        delivery = received(event, route="main")
        with pytest.raises(TryLater):
            await desk.consumers.releases(delivery)
        desk.ring.away = False
        await desk.consumers.releases(delivery)
        await desk.consumers.releases(delivery)
        assert [type(event) for event in await desk.said()] == [FilingHeld, DocumentSigned]

    async def test_a_release_without_anything_held(self, desk: Desk) -> None:
        await desk.release()
        assert await desk.said() == []
        await self.validate(desk)
        assert [type(event) for event in await desk.said()] == [FilingHeld]


class TestRefusals:
    """What needs a person: told once, kept, tried again."""

    async def refused(self, desk: Desk, validated: DocumentValidated) -> SignatureRefused:
        await desk.consumers.documents(received(validated, route="main"))
        refused, held = (await desk.said())[-2:]
        assert isinstance(refused, SignatureRefused)
        assert isinstance(held, FilingHeld)
        assert refused.document == validated.document
        assert (held.gate, held.reason.key) == ("sign", "signer.refused")
        (row,) = await desk.pending()
        assert row.refusal == refused.problem.key
        return refused

    async def test_no_key_then_one(self, desk: Desk) -> None:
        file = desk.ring.folder / f"{VKN}.p12"
        key = file.read_bytes()
        file.unlink()
        refused = await self.refused(desk, await desk.validated())
        assert refused.problem.key == "signer.no_certificate"
        await desk.release()
        assert [type(event) for event in await desk.said()] == [SignatureRefused, FilingHeld] * 2
        file.write_bytes(key)
        await desk.release()
        assert isinstance((await desk.said())[-1], DocumentSigned)
        assert await desk.pending() == []

    async def test_an_expired_seal(self, desk: Desk) -> None:
        expired = authority().issue_seal(VKN, "X", now=NOW - timedelta(days=4 * 365))
        expired.save_p12(desk.ring.folder / f"{VKN}.p12", PASSWORD)
        assert (await self.refused(desk, await desk.validated())).problem.key == "signer.certificate_not_valid"

    async def test_another_firms_seal(self, desk: Desk) -> None:
        authority().issue_seal("1234567808", "X", now=NOW).save_p12(desk.ring.folder / f"{VKN}.p12", PASSWORD)
        assert (await self.refused(desk, await desk.validated())).problem.key == "signer.no_certificate"

    async def test_a_wrong_password(self, desk: Desk) -> None:
        seal().save_p12(desk.ring.folder / f"{VKN}.p12", SecretStr("başka"))
        refused = await self.refused(desk, await desk.validated())
        assert refused.problem.key == "signature.key_file"

    async def test_bytes_that_are_not_those_that_were_validated(self, desk: Desk) -> None:
        validated = await desk.validated(body_sha256="0" * 64)
        assert (await self.refused(desk, validated)).problem.key == "signature.digest_differs"
        assert desk.ring.asked == 0

    @pytest.mark.parametrize("tail", [b"\n", b"<x></x>"])
    async def test_bytes_that_do_not_end_as_they_should(self, desk: Desk, tail) -> None:
        validated = await desk.validated(data=canonical_document() + tail)
        assert (await self.refused(desk, validated)).problem.key == "signature.not_closed"

    @pytest.mark.parametrize(
        "data",
        [
            DECLARATION + b"<x></x>",
            canonical_document("berat"),
            canonical_document().replace(b"http://www.edefter.gov.tr", b"urn:something-else"),
            canonical_document().replace(b"xmlns:ds", b'xml:lang="tr" xmlns:ds'),
        ],
        ids=["anything", "another kind", "another namespace", "xml:lang"],
    )
    async def test_nothing_but_the_document_that_is_meant(self, desk: Desk, data) -> None:
        body = hashlib.sha256(data.removeprefix(DECLARATION)).hexdigest()
        validated = (await desk.validated()).model_copy(
            update={"object": await desk.house.objects.put_bytes(VKN, data), "body_sha256": body}
        )
        assert (await self.refused(desk, validated)).problem.key == "signature.not_signable"
        assert desk.ring.asked == 0

    async def test_an_object_that_is_gone(self, desk: Desk) -> None:
        validated = await desk.validated()
        gone = ObjectRef(uri=f"object:{VKN}/{'0' * 64}", sha256="0" * 64, size=1)
        refused = await self.refused(desk, validated.model_copy(update={"object": gone}))
        assert refused.problem.key == "operator.object_missing"

    async def test_a_start_tries_again_and_tells_only_of_success(self, desk: Desk) -> None:
        file = desk.ring.folder / f"{VKN}.p12"
        key = file.read_bytes()
        file.unlink()
        await self.refused(desk, await desk.validated())
        await desk.fresh().try_refused_again(asyncio.Event())
        assert len(await desk.said()) == 2
        file.write_bytes(key)
        await Consumers(desk.house, desk.ring, "another").try_refused_again(asyncio.Event())
        assert len(await desk.said()) == 2
        await desk.fresh().try_refused_again(asyncio.Event())
        assert isinstance((await desk.said())[-1], DocumentSigned)
        assert await desk.pending() == []


class TestRequests:
    """Web-service messages: Ids and digests in, a SignedInfo and its signature out."""

    async def ask(self, desk: Desk, *references: tuple[str, str]) -> Event:
        event = SignatureRequested(request_id="r1", tenant=VKN, references=references)
        await desk.consumers.requests(received(event, route="main"))
        return (await desk.said())[-1]

    async def test_a_message_is_signed(self, desk: Desk) -> None:
        made = await self.ask(desk, ("TS-1", DIGEST), ("BODY-1", DIGEST))
        assert isinstance(made, SignatureMade)
        first, *issuers = [x509.load_der_x509_certificate(base64.b64decode(one)) for one in made.certificates]
        assert first == seal().certificate
        assert issuers == [authority().issuer.certificate, authority().root.certificate]
        assert holds(first, made.signed_info.encode(), base64.b64decode(made.signature_value))
        assert 'URI="#TS-1"' in made.signed_info

    @pytest.mark.parametrize(
        "references", [(), (("", DIGEST),), (("a", "QUJD"),), (("a'/>", DIGEST),), (("a", DIGEST), ("a", DIGEST))]
    )
    async def test_nothing_else_is(self, desk: Desk, references) -> None:
        refused = await self.ask(desk, *references)
        assert isinstance(refused, SignatureRefused)
        assert (refused.request_id, refused.document) == ("r1", None)
        assert refused.problem.key == "signature.bad_references"
        assert desk.ring.asked == 0

    async def test_without_a_key(self, desk: Desk) -> None:
        (desk.ring.folder / f"{VKN}.p12").unlink()
        refused = await self.ask(desk, ("TS-1", DIGEST))
        assert isinstance(refused, SignatureRefused)
        assert refused.problem.key == "signer.no_certificate"

    async def test_a_token_that_is_away_is_waited_for(self, desk: Desk) -> None:
        desk.ring.away = True
        with pytest.raises(TryLater):
            await self.ask(desk, ("TS-1", DIGEST))
        assert await desk.said() == []


@pytest.mark.softhsm
@pytest.mark.skipif(softhsm.missing() is not None, reason=f"{softhsm.missing()} is not here")
async def test_a_wrong_pin_is_told_kept_and_mended_by_a_restart(desk: Desk, tmp_path: Path) -> None:
    with softhsm.soft_token(tmp_path / "token") as token:
        token.put(seal("ec"), f"{VKN}SIGN0", 1)

        def signer(pin: str) -> tuple[TokenWorkers, Consumers]:
            workers = TokenWorkers(TokenAddress(token.module, softhsm.LABEL, None, SecretStr(pin)), 1, 20)
            return workers, Consumers(desk.house, TokenRing(workers, lambda: NOW), "main")

        workers, consumers = signer("0000")
        for part in ("000001", "000002"):
            await consumers.documents(received(await desk.validated(part=part), route="main"))
        request = SignatureRequested(request_id="r1", tenant=VKN, references=(("TS-1", DIGEST),))
        await consumers.requests(received(request, route="main"))
        said = await desk.said()
        refused = [event for event in said if isinstance(event, SignatureRefused)]
        assert [event.problem.key for event in refused] == ["signer.wrong_pin"] * 3
        assert not any("0000" in event.problem.model_dump_json() for event in refused)
        await workers.close()

        workers, consumers = signer(softhsm.PIN)
        await consumers.try_refused_again(asyncio.Event())
        signed = [event for event in await desk.said() if isinstance(event, DocumentSigned)]
        assert [event.document.filing.part for event in signed] == ["000001", "000002"]
        for event in signed:
            async with desk.object(event) as path:
                assert verify_file(path, roots=trusted()).ok
        await workers.close()


def test_the_service_reads_its_own_queues(house: House, tmp_path: Path) -> None:
    settings = SignerSettings.model_validate(
        {**house.settings.model_dump(), "signer_name": "kart-1", "signer_p12_folder": tmp_path}
        | {"signer_p12_password": "x"}
    )
    service = build(house, settings)
    assert [consumer.queue for consumer in service.consumers] == [
        "signer.documents.kart-1",
        "signer.requests.kart-1",
        "signer.releases.kart-1",
    ]


async def test_a_killed_process_leaves_one_signed_document(desk: Desk, database_url: str, tmp_path: Path) -> None:
    """SIGKILL as soon as the key has answered, while the document is being put together."""
    now = datetime.now(UTC)
    authority().issue_seal(VKN, "X", now=now).save_p12(desk.ring.folder / f"{VKN}.p12", PASSWORD)
    validated = await desk.validated(data=canonical_document(comments=("uzun " * 2_000_000, "kısa") * 4))
    settings = desk.house.settings
    bus = PostgresBus(desk.house.engine, Patience.of(settings), 2)
    await bus.publish([envelop(validated, id=desk.house.new_id(), source="/test", time=now, route="main")])
    environment = {
        **os.environ,
        "DEFTERHANE_DATABASE_URL": database_url,
        "DEFTERHANE_OBJECTS_URL": settings.objects_url,
        "DEFTERHANE_LEASE_SECONDS": "2",
        "DEFTERHANE_RETRY_SECONDS": "[0.2]",
        "DEFTERHANE_PROCESSES": "1",
        "DEFTERHANE_SIGNER_P12_FOLDER": str(desk.ring.folder),
        "DEFTERHANE_SIGNER_P12_PASSWORD": PASSWORD.get_secret_value(),
    }

    async def process() -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "signer", env=environment, stderr=asyncio.subprocess.DEVNULL
        )

    async def value() -> bytes | None:
        async with desk.database.tenant(VKN) as tx:
            return await tx.session.scalar(select(SignatureRow.value))

    first = await process()
    async with asyncio.timeout(60):
        while (kept := await value()) is None:
            await asyncio.sleep(0.005)
    first.send_signal(signal.SIGKILL)
    await first.wait()
    assert await desk.said() == []

    second = await process()
    async with asyncio.timeout(60):
        while not (said := await desk.said()):
            await asyncio.sleep(0.1)
    second.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(second.wait(), 30) == 0
    (signed,) = said
    assert isinstance(signed, DocumentSigned)
    assert base64.b64decode(signed.signature_value) == kept == await value()
    async with desk.object(signed) as path:
        assert verify_file(path, roots=trusted()).ok

"""The gateway at work: real Postgres and bus, a signer, and a GİB that answers as documented or as told."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi import Response
from sqlalchemy import text

from defterhane.edefter.kinds import DocumentKind
from defterhane.events import (
    BeratApproved,
    BeratRefused,
    BeratSent,
    Envelope,
    Event,
    Filing,
    FilingHeld,
    FilingReleased,
    ObjectRef,
    ReportAccepted,
    envelop,
)
from defterhane.host import Host
from defterhane.house import House
from defterhane.pools import ProcessPool
from defterhane.service import Received
from defterhane.soap.names import Operation
from defterhane.tenancy import put_tenant
from sandbox.app import create_app
from sandbox.settings import SandboxSettings
from support.gateway_world import MONTH, World, having, name, of, open_world, withdrawn
from support.gib_client import PATH, serving
from support.gib_wire import VKN, authority
from support.scripted_gib import (
    ScriptedGib,
    Uploaded,
    answers,
    fault,
    faults,
    floods,
    hangs,
    state,
    takes_it_and_hangs,
)
from support.tenants import tenant

pytestmark = pytest.mark.postgres

Y, K = DocumentKind.JOURNAL, DocumentKind.LEDGER
YB, KB, DR = DocumentKind.JOURNAL_BERAT, DocumentKind.LEDGER_BERAT, DocumentKind.REPORT
SEND, STATUS, RECEIVE = Operation.SEND, Operation.STATUS, Operation.RECEIVE


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[ProcessPool]:
    """One child process for all tests here: starting it takes longer than they do."""
    made = ProcessPool(1)
    yield made
    await made.close()


@pytest.fixture
async def world(house: House, pool: ProcessPool, tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(house, pool, tmp_path) as made:
        yield made


async def test_a_month_goes_to_gib_and_comes_back_approved(world: World) -> None:
    await world.start()
    await world.file(Y, YB, K, KB, DR)
    events = await world.until(having(ReportAccepted))
    events = await world.until(having(BeratApproved, 2))
    assert world.gib.sent == [name(YB), name(KB), name(DR)]
    assert [event.package for event in of(events, BeratSent)] == world.gib.sent
    assert of(events, BeratSent)[0].answer == f"{name(YB)} paketi işleme alındı"
    for event in of(events, BeratApproved):
        document = await world.house.objects.read(VKN, event.object)
        assert b"CounterSignature" in document
        assert event.document.kind in (YB, KB)
    assert of(events, BeratRefused) == of(events, FilingHeld) == []
    assert set((await world.states()).values()) == {"approved"}
    assert {request.tenant for request in world.signer.asked} == {VKN}


async def test_every_exchange_is_kept_as_it_came(world: World) -> None:
    world.gib.script[SEND].append(faults("110"))
    await world.start()
    await world.file(Y, YB, K, KB)
    await world.until(having(BeratApproved, 2))
    rows = await world.rows(
        "SELECT operation, attempt, http_status, outcome, request, response, ended_at FROM gib_gateway.exchange"
        f" WHERE package = '{name(YB)}' ORDER BY began_at"
    )
    assert len(rows) == len([call for call in world.gib.calls if call.package == name(YB)])
    first, second = rows[0], rows[1]
    assert (first.operation, first.attempt, first.http_status) == ("sendDocumentFile", 1, 500)
    assert first.outcome == "fault 110: 110 - hata"
    assert (second.attempt, second.outcome) == (2, f"queued: {name(YB)} paketi işleme alındı")
    for row, call in zip(rows, (call for call in world.gib.calls if call.package == name(YB)), strict=True):
        assert await world.house.objects.read(VKN, ObjectRef.model_validate(row.request)) == call.raw
        assert b"Envelope" in await world.house.objects.read(VKN, ObjectRef.model_validate(row.response))
        assert row.ended_at is not None
    assert await world.rows("SELECT 1 FROM gib_gateway.message") == []


async def test_documents_may_come_in_any_order_and_twice(world: World) -> None:
    await world.start()
    signed = [await world.sign(kind) for kind in (DR, KB, K, YB, Y)]
    await world.tell(*signed, *signed)
    await world.until(having(ReportAccepted))
    await world.until(having(BeratApproved, 2))
    assert world.gib.sent == [name(YB), name(KB), name(DR)]


async def test_nothing_goes_before_both_berats_are_signed(world: World) -> None:
    await world.start()
    await world.file(Y, YB, K)
    await asyncio.sleep(0.5)
    assert world.gib.calls == []
    await world.file(KB)
    await world.until(having(BeratApproved, 2))


async def test_parts_go_in_order(world: World) -> None:
    await world.start()
    for part in ("000002", "000001"):
        await world.file(Y, YB, K, KB, part=part)
    await world.file(DR)
    await world.until(having(ReportAccepted))
    order = [name(kind, part=part) for part in ("000001", "000002") for kind in (YB, KB)]
    assert world.gib.sent == [*order, name(DR)]


async def test_several_processes_send_everything_once(world: World) -> None:
    for _ in range(3):
        await world.start()
    for part in ("000001", "000002", "000003"):
        await world.file(Y, YB, K, KB, part=part)
    await world.file(DR)
    await world.until(having(ReportAccepted))
    events = await world.until(having(BeratApproved, 6))
    assert len(world.gib.sent) == len(set(world.gib.sent)) == 7
    assert len(of(events, BeratSent)) == 7
    attempts = await world.rows("SELECT max(attempt) AS most FROM gib_gateway.exchange WHERE operation LIKE 'send%'")
    assert attempts[0].most == 1


async def test_a_month_waits_for_the_one_before(world: World) -> None:
    await world.start()
    await world.file(Y, YB, K, KB)  # no report yet: more parts may follow
    await world.until(having(BeratApproved, 2))
    await world.file(Y, YB, K, KB, period="2025-02")
    events = await world.until(having(FilingHeld))
    (held,) = of(events, FilingHeld)
    assert (held.gate, held.reason.key, held.filing.period) == (None, "gib.month_before", "2025-02")
    assert "2025-01" in held.reason.text.en
    assert len(world.gib.sent) == 2
    await world.file(DR)
    events = await world.until(having(BeratApproved, 4))
    (released,) = of(events, FilingReleased)
    assert (released.gate, released.by, released.filing) == (None, "system", held.filing)
    assert events.index(released) < events.index(of(events, BeratSent)[3])


async def test_the_gate_holds_until_a_person_lets_it_go(world: World) -> None:
    async with world.house.database("tenancy").tenant(VKN) as tx:
        await put_tenant(tx, tenant(VKN, gates=["submit"]))
    await world.start()
    await world.file(Y, YB, K, KB, DR)
    events = await world.until(having(FilingHeld))
    (held,) = of(events, FilingHeld)
    assert (held.gate, held.filing) == ("submit", Filing(tenant=VKN, period=MONTH))
    await asyncio.sleep(0.3)
    assert world.gib.calls == []
    await world.tell(FilingReleased(filing=held.filing, gate="convert", by="a@ornek.invalid"))
    await asyncio.sleep(0.3)
    assert world.gib.calls == []
    await world.tell(FilingReleased(filing=held.filing, gate="submit", by="a@ornek.invalid"))
    await world.until(having(ReportAccepted))
    events = await world.until(having(BeratApproved, 2))
    assert len(of(events, FilingHeld)) == 1


async def test_a_rejection_is_told_in_gibs_words_and_a_person_may_let_it_try_again(world: World) -> None:
    world.gib.reject[name(YB)] = "organizationDescription elemanı hatalı."
    await world.start()
    await world.file(Y, YB, K, KB)
    events = await world.until(having(BeratRefused))
    (refused,) = of(events, BeratRefused)
    assert (refused.document.kind, refused.code, refused.problem.key) == (YB, "3", "gib.rejected")
    assert refused.problem.text.tr == "GİB paketi reddetti: organizationDescription elemanı hatalı."
    world.gib.reject.clear()
    await world.tell(FilingReleased(filing=refused.document.filing, gate="submit", by="a@ornek.invalid"))
    await world.until(having(BeratApproved, 2))
    assert world.gib.sent.count(name(YB)) == 2


async def test_a_rejection_that_quotes_a_rule_says_what_it_demands(world: World) -> None:
    world.gib.reject[name(YB)] = "gl-cor:uniqueID elemanı 15 karakterden oluşmalıdır."
    await world.start()
    await world.file(Y, YB, K, KB)
    (refused,) = of(await world.until(having(BeratRefused)), BeratRefused)
    assert (refused.problem.key, refused.rules) == ("gib.rejected", ("B064",))
    assert "The ledger's unique number must have 15 characters" in refused.problem.text.en


async def test_a_newer_revision_goes_in_place_of_a_refused_one(world: World) -> None:
    world.gib.reject.update({name(YB): "hata", name(KB): "hata"})
    await world.start()
    await world.file(Y, YB, K, KB)
    await world.until(having(BeratRefused, 2))
    world.gib.reject.clear()
    await world.tell(withdrawn(1))
    await world.file(Y, YB, K, KB, revision=2)
    events = await world.until(having(BeratApproved, 2))
    approved = {(event.document.kind, event.document.revision) for event in of(events, BeratApproved)}
    assert approved == {(KB, 2), (YB, 2)}
    assert len(of(events, BeratRefused)) == 2


@pytest.mark.parametrize("code", ["102", "109", "106"])
async def test_a_fault_that_never_goes_through_stops(world: World, code: str) -> None:
    world.gib.script[SEND].append(faults(code, "Yetkiniz yok"))
    await world.start()
    await world.file(Y, YB, K, KB)
    events = await world.until(having(BeratRefused))
    (refused,) = of(events, BeratRefused)
    assert (refused.code, refused.problem.key) == (code, f"gib.fault.{code}")
    assert "Yetkiniz yok" in refused.problem.text.tr
    assert refused.problem.cure is not None
    await asyncio.sleep(0.3)
    assert len(world.gib.calls) == 1
    await world.tell(FilingReleased(filing=refused.document.filing, gate="submit", by="a@ornek.invalid"))
    await world.until(having(BeratApproved, 2))


async def test_gibs_own_trouble_is_waited_out_and_told(world: World) -> None:
    world.gib.script[SEND].extend(faults(code) for code in ("110", "112", "113", "113"))
    world.gib.script[STATUS].append(faults("303"))
    world.gib.script[RECEIVE].extend([faults("203"), faults("206"), faults("204")])
    await world.start()
    await world.file(Y, YB, K, KB)
    events = await world.until(having(BeratApproved, 2))
    held = of(events, FilingHeld)
    assert [event.reason.key for event in held] == ["gib.fault.113"]
    assert of(events, FilingReleased)[0].by == "system"
    assert world.gib.sent.count(name(YB)) == 5
    assert of(events, BeratRefused) == []


async def test_a_taxpayer_who_may_not_upload_now(world: World) -> None:
    world.gib.script[SEND].append(faults("114"))
    await world.start()
    await world.file(Y, YB, K, KB)
    events = await world.until(having(BeratApproved, 2))
    assert [event.reason.key for event in of(events, FilingHeld)] == ["gib.fault.114"]
    assert len(of(events, FilingReleased)) == 1


async def test_a_package_whose_answer_was_lost_is_asked_for_not_sent_again(world: World) -> None:
    world.gib.script[SEND].append(takes_it_and_hangs(1.5))
    await world.start(gib_call_seconds=0.5)
    await world.file(Y, YB, K, KB)
    events = await world.until(having(BeratApproved, 2))
    assert world.gib.sent == [name(YB), name(KB)]
    assert len(of(events, BeratSent)) == 2


async def test_a_package_that_never_arrived_is_sent_again(world: World) -> None:
    world.gib.script[SEND].append(hangs(1.5))
    await world.start(gib_call_seconds=0.5)
    await world.file(Y, YB, K, KB)
    await world.until(having(BeratApproved, 2))
    asked = [call.operation for call in world.gib.calls if call.package == name(YB)]
    assert asked[:3] == [SEND, STATUS, SEND]


async def test_already_uploaded_and_it_was_us(world: World) -> None:
    """GİB loses sight of it for a moment, we send again, and it says that it has it already."""

    async def takes_it_and_says_nothing(gib: ScriptedGib, call: Any) -> Any:
        gib.answer(call)
        return fault("999")

    world.gib.script[SEND].append(takes_it_and_says_nothing)
    world.gib.script[STATUS].append(faults("304"))
    await world.start()
    await world.file(Y, YB, K, KB)
    events = await world.until(having(BeratApproved, 2))
    assert world.gib.sent.count(name(YB)) == 2
    assert of(events, BeratRefused) == []


async def test_already_uploaded_by_somebody_else_stops(world: World) -> None:
    world.gib.packages[name(YB)] = Uploaded(b"somebody else's")
    await world.start()
    await world.file(Y, YB, K, KB)
    events = await world.until(having(BeratRefused))
    assert of(events, BeratRefused)[0].problem.key == "gib.fault.111"
    assert world.gib.sent == [name(YB)]


async def test_an_approved_berat_that_is_not_ours_is_not_believed(world: World) -> None:
    other = await world.sign(YB, revision=2)
    world.gib.approves_other = await world.house.objects.read(VKN, other.object)
    await world.start()
    await world.file(Y, YB, K, KB)
    events = await world.until(having(BeratRefused, 2))
    why = {event.document.kind: event.problem.key for event in of(events, BeratRefused)}
    assert why == {YB: "gib.other_signature", KB: "gib.other_document"}
    assert of(events, BeratApproved) == []
    world.gib.approves_other = None
    filing = of(events, BeratRefused)[0].document.filing
    await world.tell(FilingReleased(filing=filing, gate="submit", by="a@ornek.invalid"))
    await world.until(having(BeratApproved, 2))
    assert world.gib.sent == [name(YB), name(KB)]  # it was fetched again, not sent again


async def test_hostile_answers_are_not_believed_and_do_no_harm(world: World) -> None:
    soap = "application/soap+xml"
    bodies = [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<html>503</html>",
        b"\x00" * 1000,
    ]
    world.gib.script[STATUS].extend(answers(Response(body, media_type=soap)) for body in bodies)
    world.gib.script[STATUS].append(answers(Response(status_code=302, headers={"Location": "/"})))
    world.gib.script[STATUS].append(floods(1000))
    world.gib.script[STATUS].append(answers(state("6090408038-202501-YB-000000", "2", "başkasının")))
    await world.start(gib_answer_limit=500_000, gib_tell_after=50)
    await world.file(Y, YB, K, KB)
    events = await world.until(having(BeratApproved, 2))
    assert world.gib.sent == [name(YB), name(KB)]
    assert not world.gib.script[STATUS]
    assert of(events, BeratRefused) == []


async def test_gib_that_is_away_is_waited_for_and_people_are_told(world: World) -> None:
    endpoint = world.gib.url
    await world.start(gib_endpoint="http://127.0.0.1:9/")
    await world.file(Y, YB, K, KB)
    events = await world.until(having(FilingHeld))
    assert of(events, FilingHeld)[0].reason.key == "gib.not_connected"
    assert (await world.states())["YB-000000"] == "sending"
    await world.stop()
    await world.start(gib_endpoint=endpoint)
    events = await world.until(having(BeratApproved, 2))
    assert of(events, FilingReleased)[0].by == "system"


async def test_a_signer_that_refuses_or_errs_makes_it_wait(world: World) -> None:
    world.signer.refuses = world.signer.wrong = 1
    await world.start()
    await world.file(Y, YB, K, KB)
    events = await world.until(having(BeratApproved, 2))
    assert [event.reason.key for event in of(events, FilingHeld)] == ["signer.card_away", "soap.bad_security"]
    assert len(of(events, FilingReleased)) == 1


async def test_a_signer_that_is_silent_is_asked_again_and_told(world: World) -> None:
    world.signer.silent = True
    await world.start(gib_signature_seconds=0.1)
    await world.file(Y, YB, K, KB)
    events = await world.until(having(FilingHeld))
    assert of(events, FilingHeld)[0].reason.key == "gib.signer_silent"
    world.signer.silent = False
    await world.until(having(BeratApproved, 2))
    assert world.gib.sent == [name(YB), name(KB)]


async def test_requests_go_to_the_tenants_own_signer(world: World) -> None:
    async with world.house.database("tenancy").tenant(VKN) as tx:
        await put_tenant(tx, tenant(VKN, signer="card-7"))
    await world.start()
    await world.file(Y, YB, K, KB)
    routes: list[Any] = []
    while not routes:
        await asyncio.sleep(0.05)
        routes = await world.rows("SELECT envelope::json->>'route' AS route FROM gib_gateway.outbox")
    assert routes[0].route == "card-7"
    assert world.signer.asked == []


async def test_a_signature_that_comes_too_late_is_made_anew(world: World) -> None:
    """A message holds for five minutes: one signed after that does not go out."""
    world.signer.silent = True
    await world.start()
    await world.file(Y, YB, K, KB)
    while not world.signer.asked:
        await asyncio.sleep(0.02)
    async with world.house.database("gib_gateway").system() as tx:
        await tx.session.execute(text("UPDATE gib_gateway.message SET expires_at = now() + interval '20 seconds'"))
    world.signer.silent = False
    await world.signer.handle(Received(_envelope(world.signer.asked[0]), world.signer.asked[0]))
    await world.until(having(BeratApproved, 2))
    assert len(world.signer.asked) > 2
    stamps = [call.raw for call in world.gib.calls]
    assert len(stamps) == len(set(stamps))


async def test_who_dies_while_sending_asks_first(world: World) -> None:
    """The process ends between sending and remembering: the next one asks GİB, and does not send again."""
    world.gib.script[SEND].append(takes_it_and_hangs(3))
    await world.start(gib_call_seconds=60)
    await world.file(Y, YB, K, KB)
    while not world.gib.packages:
        await asyncio.sleep(0.02)
    assert (await world.states())["YB-000000"] == "asking"
    await _kill(world.hosts.pop())
    async with world.house.database("gib_gateway").system() as tx:  # so long after its death
        await tx.session.execute(text("UPDATE gib_gateway.submission SET next_at = now() WHERE state = 'asking'"))
    await world.start()
    events = await world.until(having(BeratApproved, 2))
    assert world.gib.sent == [name(YB), name(KB)]
    assert len(of(events, BeratSent)) == 2
    outcomes = await world.rows("SELECT outcome FROM gib_gateway.exchange ORDER BY began_at")
    assert outcomes[0].outcome is None


async def test_the_sandbox_s_gib_approves_a_month(world: World, tmp_path: Path) -> None:
    """The sandbox judges documents by their content, and has been written from the same page apart from this."""
    data = tmp_path / "sandbox"
    authority().save(data / "certificates")
    settings = SandboxSettings(data=data, approval_delay=0.1)
    with serving(create_app(settings)) as url:
        await world.start(gib_endpoint=f"{url}{PATH}")
        await world.file(Y, YB, K, KB, DR)
        await world.until(having(ReportAccepted))
        events = await world.until(having(BeratApproved, 2))
        assert of(events, BeratRefused) == []
        await world.stop()


async def test_the_sandbox_s_gib_refuses_a_signer_it_does_not_know(world: World, tmp_path: Path) -> None:
    settings = SandboxSettings(data=tmp_path / "sandbox")
    with serving(create_app(settings)) as url:
        await world.start(gib_endpoint=f"{url}{PATH}")
        await world.file(Y, YB, K, KB)
        events = await world.until(having(BeratRefused))
        assert of(events, BeratRefused)[0].problem.key == "gib.fault.101"
        await world.stop()


async def test_the_ledger_travels_with_its_berat_where_that_is_wanted(world: World) -> None:
    await world.start(gib_package_with_ledger=True)
    await world.file(Y, YB, K, KB)
    await world.until(having(BeratSent, 2))
    with zipfile.ZipFile(io.BytesIO(world.gib.packages[name(KB)].content)) as archive:
        assert archive.namelist() == [f"{name(KB)}.xml", f"{name(K)}.xml"]


async def test_another_tenants_rows_are_out_of_sight(world: World) -> None:
    await world.start()
    await world.file(Y, YB, K, KB)
    await world.tell(withdrawn(2))
    await world.until(having(BeratApproved, 2))
    async with world.house.database("gib_gateway").tenant("6090408038") as tx:
        for table in ("submission", "ledger", "exchange", "message", "hold", "withdrawal"):
            rows = await tx.session.execute(text(f"SELECT count(*) FROM gib_gateway.{table}"))
            assert rows.scalar() == 0


def _envelope(event: Event) -> Envelope:
    return envelop(event, id=uuid4(), source="/test", time=datetime.now(UTC))


async def _kill(host: Host) -> None:
    """As if the process had been killed: nothing is finished, nothing is said."""
    tasks = [*host._tasks, *host._relays]
    readers = [task for task in asyncio.all_tasks() if "read" in repr(task.get_coro()) and task not in tasks]
    for task in [*tasks, *readers]:
        task.cancel()
    await asyncio.gather(*tasks, *readers, return_exceptions=True)
    for server in host._servers:
        await server.stop()

"""The gateway where conversions are withdrawn, months come in parts, and parts are of different revisions."""

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from defterhane.edefter.kinds import DocumentKind
from defterhane.events import (
    BeratApproved,
    BeratRefused,
    BeratSent,
    Event,
    Filing,
    FilingHeld,
    FilingReleased,
    ReportAccepted,
)
from defterhane.house import House
from defterhane.pools import ProcessPool
from defterhane.soap.names import Operation
from defterhane.tenancy import put_tenant
from sandbox.app import create_app
from sandbox.settings import SandboxSettings
from support.gateway_world import MONTH, World, having, name, of, open_world, withdrawn
from support.gib_client import PATH, serving
from support.gib_wire import VKN, authority
from support.scripted_gib import ScriptedGib, faults, hangs
from support.tenants import tenant

pytestmark = pytest.mark.postgres

Y, K = DocumentKind.JOURNAL, DocumentKind.LEDGER
YB, KB, DR = DocumentKind.JOURNAL_BERAT, DocumentKind.LEDGER_BERAT, DocumentKind.REPORT
BOOKS = (Y, YB, K, KB)
WHOLE, P1, P2, P3 = "000000", "000001", "000002", "000003"
NEVER = 1_000_000
FEBRUARY = "2025-02"


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[ProcessPool]:
    made = ProcessPool(1)
    yield made
    await made.close()


@pytest.fixture
async def world(house: House, pool: ProcessPool, tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(house, pool, tmp_path) as made:
        yield made


async def states(world: World, period: str = MONTH) -> dict[tuple[str, str, int], str]:
    """(kind, part, revision) → state."""
    rows = await world.rows(f"SELECT kind, part, revision, state FROM gib_gateway.submission WHERE period = '{period}'")
    return {(row.kind, row.part, row.revision): row.state for row in rows}


async def until_states(world: World, wanted: set[tuple[int, str]], period: str = MONTH) -> None:
    """Wait until the documents of each revision are in these states."""
    deadline = asyncio.get_running_loop().time() + 30
    while True:
        now = await states(world, period)
        if {(revision, state) for (_, _, revision), state in now.items()} == wanted:
            return
        assert asyncio.get_running_loop().time() < deadline, now
        await asyncio.sleep(0.03)


async def until_withdrawn(world: World, count: int = 1) -> None:
    while len(await world.rows("SELECT 1 FROM gib_gateway.withdrawal")) < count:
        await asyncio.sleep(0.02)


def approved(events: list[Event]) -> set[tuple[str, str, int]]:
    documents = [event.document for event in of(events, BeratApproved)]
    return {(document.kind.value, document.filing.part, document.revision) for document in documents}


async def as_usual(gib: ScriptedGib, call: Any) -> Any:
    return gib.answer(call)


async def test_what_is_withdrawn_before_it_is_sent_never_is(world: World) -> None:
    """A message waits for its signature: the signature comes after the withdrawal."""
    world.signer.silent = True
    await world.start()
    await world.file(*BOOKS, DR)
    while not world.signer.asked:
        await asyncio.sleep(0.02)
    await world.tell(withdrawn(1))
    await until_states(world, {(1, "superseded")})
    world.signer.silent = False
    await world.tell(*[world.signer.answer(request) for request in world.signer.asked])
    await world.file(*BOOKS, DR, revision=2)
    await world.until(having(ReportAccepted))
    events = await world.until(having(BeratApproved, 2))
    assert approved(events) == {("YB", WHOLE, 2), ("KB", WHOLE, 2)}
    assert world.gib.sent == [name(YB), name(KB), name(DR)]
    assert set(await states(world)) == {(kind.value, WHOLE, revision) for kind in (YB, KB, DR) for revision in (1, 2)}


async def test_a_person_is_asked_anew_for_what_was_made_anew(world: World) -> None:
    async with world.house.database("tenancy").tenant(VKN) as tx:
        await put_tenant(tx, tenant(VKN, gates=["submit"]))
    await world.start()
    await world.file(*BOOKS)
    await world.until(having(FilingHeld))
    await world.tell(withdrawn(1))
    await until_states(world, {(1, "superseded")})
    release = FilingReleased(filing=Filing(tenant=VKN, period=MONTH), gate="submit", by="a@ornek.invalid")
    await world.tell(release)  # meant for what the person has seen
    await world.file(*BOOKS, revision=2)
    await world.until(having(FilingHeld, 2))
    await asyncio.sleep(0.3)
    assert world.gib.calls == []
    await world.tell(release)
    events = await world.until(having(BeratApproved, 2))
    assert {event.gate for event in of(events, FilingHeld)} == {"submit"}
    assert approved(events) == {("YB", WHOLE, 2), ("KB", WHOLE, 2)}


async def test_what_is_with_gib_is_waited_for_and_refused(world: World) -> None:
    world.gib.approve_after = NEVER
    await world.start()
    await world.file(*BOOKS, DR)
    await world.until(having(BeratSent, 3))
    await world.tell(withdrawn(1))
    await world.file(*BOOKS, DR, revision=2)
    events = await world.until(having(FilingHeld))
    assert [event.reason.key for event in of(events, FilingHeld)] == ["gib.older_at_gib"]
    await asyncio.sleep(0.3)
    assert len(world.gib.sent) == 3
    world.gib.reject.update({name(kind): "hata" for kind in (YB, KB, DR)})
    await world.until(having(BeratRefused, 3))
    world.gib.reject.clear()
    world.gib.approve_after = 1
    await world.until(having(ReportAccepted))
    events = await world.until(having(BeratApproved, 2))
    assert approved(events) == {("YB", WHOLE, 2), ("KB", WHOLE, 2)}
    assert {event.document.revision for event in of(events, BeratRefused)} == {1}
    assert [event.gate for event in of(events, FilingReleased)] == [None]
    assert set((await states(world)).values()) == {"superseded", "approved"}


async def test_what_gib_approves_all_the_same_counts_again(world: World) -> None:
    """The journal's berat is with GİB, the ledger's is not yet, when both are withdrawn."""
    world.gib.approve_after = NEVER
    world.gib.script[Operation.SEND].extend([as_usual, *[faults("110")] * 500])
    await world.start(gib_tell_after=1000)
    await world.file(*BOOKS, DR)
    await world.until(having(BeratSent))
    await world.tell(withdrawn(1))
    await until_withdrawn(world)
    while (await states(world))["KB", WHOLE, 1] != "superseded":
        await asyncio.sleep(0.02)
    await world.file(*BOOKS, DR, revision=2)
    await world.until(having(FilingHeld))
    world.gib.script[Operation.SEND].clear()
    world.gib.approve_after = 0
    events = await world.until(having(BeratApproved, 2))
    assert approved(events) == {("YB", WHOLE, 1), ("KB", WHOLE, 1)}
    assert name(DR) not in world.gib.sent, "as long as both revisions count"
    await world.tell(withdrawn(2), withdrawn(1))  # what the converter says to the approval; and an old one again
    await world.until(having(ReportAccepted))
    await until_states(world, {(1, "approved"), (2, "superseded")})
    assert {event.document.revision for event in of(await world.events(), BeratSent)} == {1}


async def test_a_withdrawal_that_comes_after_the_approval_changes_nothing(world: World) -> None:
    await world.start()
    await world.file(*BOOKS)
    await world.until(having(BeratApproved, 2))
    await world.tell(withdrawn(1))
    await until_withdrawn(world)
    await world.file(DR)
    await world.until(having(ReportAccepted))
    await until_states(world, {(1, "approved")})


async def test_what_never_reached_gib_is_not_sent_again(world: World) -> None:
    """The answer is lost, the conversion withdrawn, and then GİB does not know the package."""
    world.gib.script[Operation.SEND].append(hangs(1.5))
    await world.start(gib_call_seconds=0.5)
    await world.file(*BOOKS)
    while not world.gib.calls:
        await asyncio.sleep(0.02)
    await world.tell(withdrawn(1))
    await world.file(*BOOKS, revision=2)
    events = await world.until(having(BeratApproved, 2))
    assert approved(events) == {("YB", WHOLE, 2), ("KB", WHOLE, 2)}
    assert {(revision, state) for (_, _, revision), state in (await states(world)).items()} == {
        (1, "superseded"),
        (2, "approved"),
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [((P1, P2, P3), (P1, P2)), ((P1,), (P1, P2)), ((WHOLE,), (P1, P2)), ((P1, P2), (WHOLE,))],
    ids=["fewer", "more", "whole to parts", "parts to whole"],
)
async def test_a_month_is_made_anew_in_other_parts(
    world: World, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    world.gib.script[Operation.SEND].extend([faults("110")] * 500)
    await world.start(gib_tell_after=1000)
    for part in first:
        await world.file(*BOOKS, part=part)
    await world.file(DR)
    while not world.gib.calls:
        await asyncio.sleep(0.02)
    await world.tell(withdrawn(1, first))
    await until_states(world, {(1, "superseded")})
    world.gib.script[Operation.SEND].clear()
    world.gib.calls.clear()
    for part in second:
        await world.file(*BOOKS, part=part, revision=2)
    await world.file(DR, revision=2)
    await world.until(having(ReportAccepted))
    events = await world.until(having(BeratApproved, 2 * len(second)))
    assert world.gib.sent == [*(name(kind, part=part) for part in second for kind in (YB, KB)), name(DR)]
    assert approved(events) == {(kind.value, part, 2) for part in second for kind in (YB, KB)}


async def test_parts_of_several_drops_go_in_order_and_the_report_after_the_last(world: World) -> None:
    await world.start()
    await world.file(DR, revision=3)
    for revision, part in ((3, P3), (2, P2), (1, P1)):
        await asyncio.sleep(0.2)
        assert world.gib.calls == []
        await world.file(*BOOKS, part=part, revision=revision)
    await world.until(having(ReportAccepted))
    assert world.gib.sent == [*(name(kind, part=part) for part in (P1, P2, P3) for kind in (YB, KB)), name(DR)]


async def test_a_part_that_is_made_anew_takes_the_later_ones_with_it(world: World) -> None:
    """Part 1 is with GİB; part 2 and the report are made anew before part 3 comes."""
    world.gib.approve_after = NEVER
    await world.start()
    await world.file(*BOOKS, part=P1)
    await world.until(having(BeratSent, 2))
    world.gib.script[Operation.SEND].extend([faults("110")] * 500)
    await world.file(*BOOKS, part=P2, revision=2)
    await world.file(DR, revision=2)
    while world.gib.sent.count(name(YB, part=P2)) < 2:
        await asyncio.sleep(0.02)
    await world.tell(withdrawn(2, (P2,)))
    await until_states(world, {(1, "asking"), (2, "superseded")})
    world.gib.script[Operation.SEND].clear()
    world.gib.calls.clear()
    await world.file(*BOOKS, part=P2, revision=3)
    await world.file(*BOOKS, part=P3, revision=3)
    await world.file(DR, revision=3)
    world.gib.approve_after = 0
    await world.until(having(ReportAccepted))
    await world.until(having(BeratApproved, 6))
    assert world.gib.sent == [*(name(kind, part=part) for part in (P2, P3) for kind in (YB, KB)), name(DR)]


async def test_the_report_of_a_withdrawn_revision_does_not_go(world: World) -> None:
    """Neither one that waits, nor one whose signature is told of late."""
    world.gib.approve_after = NEVER
    await world.start()
    await world.file(*BOOKS, part=P1)
    await world.until(having(BeratSent, 2))
    await world.tell(withdrawn(2, (P2,)))
    await until_withdrawn(world)
    await world.file(*BOOKS, part=P2, revision=2)
    await world.file(DR, revision=2)
    while len(await states(world)) < 5:
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    assert {key: state for key, state in (await states(world)).items() if key[2] == 2} == {
        ("YB", P2, 2): "superseded",
        ("KB", P2, 2): "superseded",
        ("DR", WHOLE, 2): "superseded",
    }
    assert world.gib.sent == [name(YB, part=P1), name(KB, part=P1)]


@pytest.mark.parametrize("seed", range(4))
async def test_news_may_come_in_any_order_and_twice(world: World, seed: int) -> None:
    """Of the first revision, its withdrawal and the second, but for what comes last."""
    dice = random.Random(seed)
    world.gib.approve_after = NEVER
    old = [await world.sign(kind) for kind in (*BOOKS, DR)]
    new = [await world.sign(kind, revision=2) for kind in (*BOOKS, DR)]
    news: list[Event] = [*old, *old, withdrawn(1), withdrawn(1), *new, *new]
    dice.shuffle(news)
    await world.start()
    await world.tell(*news)
    await until_withdrawn(world)
    while len(await states(world)) < 6:
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    first = "superseded" if "asking" not in (await _of(world, 1)) else "approved"
    second = "approved" if first == "superseded" else "superseded"
    world.gib.approve_after = 0
    await world.until(having(BeratApproved, 2))
    if second == "superseded":
        await world.tell(withdrawn(2))
    await world.until(having(ReportAccepted))
    await until_states(world, {(1, first), (2, second)})
    assert world.gib.sent == [name(YB), name(KB), name(DR)]


async def _of(world: World, revision: int) -> set[str]:
    return {state for key, state in (await states(world)).items() if key[2] == revision}


async def test_a_month_waits_for_the_one_before_that_was_withdrawn(world: World) -> None:
    await world.start()
    await world.tell(withdrawn(1))
    await until_withdrawn(world)
    await world.file(*BOOKS, period=FEBRUARY)
    events = await world.until(having(FilingHeld))
    assert [event.reason.key for event in of(events, FilingHeld)] == ["gib.month_before"]
    assert world.gib.calls == []
    await world.file(*BOOKS, DR, revision=2)
    await world.until(having(BeratApproved, 4))
    assert world.gib.sent.index(name(YB, FEBRUARY)) > world.gib.sent.index(name(KB))


async def test_branches_have_their_own_months(world: World) -> None:
    await world.start()
    await world.tell(withdrawn(1, branch="0001"))
    await until_withdrawn(world)
    await world.file(*BOOKS, branch="0001")
    await world.file(*BOOKS, period=FEBRUARY, branch="0001")
    await world.file(*BOOKS, DR)
    await world.file(*BOOKS, period=FEBRUARY)
    events = await world.until(having(BeratApproved, 4))
    assert {event.document.filing.branch for event in of(events, BeratApproved)} == {None}
    events = await world.until(lambda events: any(event.filing.branch for event in of(events, FilingHeld)))
    held = [event for event in of(events, FilingHeld) if event.filing.branch]
    assert [(event.filing.period, event.reason.key) for event in held] == [(FEBRUARY, "gib.month_before")]
    await world.file(*BOOKS, DR, branch="0001", revision=2)
    await world.until(having(BeratApproved, 8))
    sent = [package for package in world.gib.sent if package.endswith("-0001")]
    assert sent[:2] == [name(YB, branch="0001"), name(KB, branch="0001")]


async def test_the_sandbox_s_gib_takes_parts_of_several_drops(world: World, tmp_path: Path) -> None:
    """A branch's month: a day in two parts, an empty part, and the last drop made anew before it is sent."""
    data = tmp_path / "sandbox"
    authority().save(data / "certificates")
    spans = ((P1, 1, "2025-01-01", "2025-01-10"), (P2, 1, "2025-01-10", "2025-01-20"))
    last = (P3, "2025-01-21", "2025-01-31")
    told = {"391C": 40008, "191D": 20000, "600C": 200042}
    with serving(create_app(SandboxSettings(data=data, approval_delay=0.1))) as url:
        await world.start(gib_endpoint=f"{url}{PATH}")
        await world.tell(withdrawn(2, (P3,), branch="0001"))
        await until_withdrawn(world)
        for kind in (*BOOKS, DR):
            part = WHOLE if kind is DR else P3
            await world.file(kind, part=part, revision=2, branch="0001", sequence=3)
        for kind in BOOKS:
            for number, (part, revision, start, end) in enumerate(spans, start=1):
                await world.file(
                    kind, part=part, revision=revision, branch="0001", sequence=number, start=start, end=end
                )
            empty = {"start": last[1], "end": last[2], "totals": {}, "entries": 0}
            await world.file(kind, part=P3, revision=3, branch="0001", sequence=3, **empty)
        totals = {account: 2 * amount for account, amount in told.items()}
        await world.file(DR, revision=3, branch="0001", totals=totals)
        await world.until(lambda events: having(ReportAccepted)(events) or having(BeratRefused)(events))
        events = await world.until(having(BeratApproved, 6))
        assert of(events, BeratRefused) == []
        assert approved(events) == {
            (kind.value, part, revision) for kind in (YB, KB) for part, revision in ((P1, 1), (P2, 1), (P3, 3))
        }
        await world.stop()

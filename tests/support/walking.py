"""A converter on a real database, with a gateway, a GİB and an archive that are their own pure rules: for random walks.

Events are delivered in almost any order, more than once, and in the middle of a conversion. GİB judges the documents
that the converter has really written, by the sandbox's rules.
"""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import text

from archive.closing import Piece, is_complete
from converter.app import build
from converter.consumers import BERATS, FILES, REJECTED, RELEASES, SIGNED
from converter.errors import NoRows
from converter.job import ConversionJob, ConversionOutcome, MadeDocument, MadePart
from converter.models import Conversion
from converter.months import load_year
from converter.order import Wait
from converter.problems import of_error
from converter.settings import ConverterSettings
from converter.writing.canonical import Written
from defterhane.edefter.counters import unique_id
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.period import Period, Span
from defterhane.edefter.totals import Totals
from defterhane.errors import Busy, Problem, TryLater
from defterhane.events import (
    BeratApproved,
    BeratRefused,
    BeratSent,
    ConversionRequested,
    ConversionWithdrawn,
    Document,
    DocumentRejected,
    DocumentSigned,
    DocumentWritten,
    Envelope,
    Event,
    FileReceived,
    Filing,
    FilingReleased,
    ObjectRef,
    envelop,
)
from defterhane.house import House
from defterhane.service import Received
from defterhane.tenancy import get_tenant, put_tenant
from defterhane.tenant import Tenant
from defterhane.texts import Text
from gib_gateway.order import Filed, Month, becomes, what_it_waits_for
from gib_gateway.states import State as GatewayState
from sandbox.gib.duties import check_document
from sandbox.gib.facts import Facts, parse_document
from sandbox.gib.order import check_order
from sandbox.gib.packages import Rejected
from support.books import MINIMAL_SIGNATURE
from support.events import FIRM
from support.tenants import tenant

WHOLE = "000000"
PERIODS = ("2025-01", "2025-02", "2025-03")
_QUEUES: dict[type[Event], str] = {
    FileReceived: FILES,
    ConversionRequested: FILES,
    FilingReleased: RELEASES,
    DocumentRejected: REJECTED,
    BeratSent: BERATS,
    BeratApproved: BERATS,
    BeratRefused: BERATS,
}
_SIGNATURE = "c2lnbmF0dXJl" * 20


@dataclass
class Sent:
    """One berat or report at the gateway."""

    document: Document
    object: ObjectRef
    filed: Filed


@dataclass
class Walk:
    """The world, its dice, and what is on its way."""

    house: House
    dice: Random
    tenant: Tenant
    faults: bool = True
    time: datetime = datetime(2026, 1, 15, 9, tzinfo=UTC)
    pending: list[tuple[str, Received]] = field(default_factory=list)
    files: list[FileReceived] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    written: dict[tuple[str, int], DocumentWritten] = field(default_factory=dict)
    gateway: dict[tuple[str, str, str, int], Sent] = field(default_factory=dict)
    ledgers: set[tuple[str, int, str]] = field(default_factory=set)
    told: set[tuple[str, int]] = field(default_factory=set)
    at_gib: list[Sent] = field(default_factory=list)
    approved: list[Facts] = field(default_factory=list)
    not_in_order: list[tuple[str, Document]] = field(default_factory=list)
    signed: dict[str, set[Piece]] = field(default_factory=dict)
    archived: dict[str, set[tuple[Piece, bool]]] = field(default_factory=dict)
    _outbox: int = 0

    @classmethod
    async def begin(cls, house: House, seed: int, **changes: Any) -> "Walk":
        """A new world with a firm whose months have three parts."""
        firm = tenant(FIRM, part_ends=(10, 20), **changes)
        walk = cls(house, Random(seed), firm)
        walk.house = replace(house, pool=_Pool(walk), clock=lambda: walk.time)  # type: ignore[arg-type]
        await walk.put(firm)
        return walk

    async def put(self, firm: Tenant) -> None:
        self.tenant = firm
        async with self.house.database("tenancy").tenant(FIRM) as tx:
            await put_tenant(tx, firm)

    # What happens

    async def step(self) -> None:
        """One thing, by chance."""
        doing: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (6, self.drop_something),
            (60, self.deliver_something),
            (12, self.send_something),
            (12, self.judge_something),
            (3, self.ask_again),
            (4, self.release_gate),
            (2, self.resume),
        ]
        weights = [weight for weight, _ in doing]
        await self.dice.choices([what for _, what in doing], weights)[0]()

    async def drop_something(self) -> None:
        period = self.dice.choice(PERIODS)
        part = self.dice.choice((WHOLE, WHOLE, "000001", "000002", "000003"))
        same = [file for file in self.files if (file.period, file.part) == (period, part)]
        if same and self.dice.random() < 0.2:
            content = self.dice.choice(same).object
            await self.drop(period, part, content=content)
        else:
            await self.drop(period, part, good=self.dice.random() < 0.8)

    async def drop(self, period: str, part: str, *, good: bool = True, content: ObjectRef | None = None) -> None:
        number = len(self.files)
        data = json.dumps({"good": good, "entries": self.dice.randint(1, 4), "number": number}).encode()
        event = FileReceived(
            tenant=FIRM,
            file_id=f"file-{number}",
            name=f"{FIRM}-{period.replace('-', '')}-{number}.csv",
            period=period,
            part=part,
            object=content or await self.house.objects.put_bytes(FIRM, data),
        )
        self.files.append(event)
        self.say(event)

    async def ask_again(self) -> None:
        if self.files:
            self.say(ConversionRequested(**self.dice.choice(self.files).model_dump()))

    async def release_gate(self) -> None:
        rows = await self.rows("SELECT period, part, state FROM converter.conversion WHERE state IN ('held', 'early')")
        early = {(row.period, row.part) for row in rows if row.state == "early"}
        for row in rows:
            if (row.period, row.part) not in early:  # nobody begins the books with it
                filing = Filing(tenant=FIRM, period=row.period, part=row.part)
                self.say(FilingReleased(filing=filing, gate="convert", by="a person"))
                return

    async def deliver_something(self) -> None:
        if not self.pending:
            return
        reach = len(self.pending) if self.dice.random() < 0.1 else 4
        await self.deliver(self.pending[self.dice.randrange(min(reach, len(self.pending)))])

    async def deliver(self, delivery: tuple[str, Received]) -> None:
        queue, received = delivery
        self.log.append(f"{queue} {_told(received.event)}")
        try:
            if queue == "signer":
                self._sign(received.event)
            elif queue == "gateway":
                self._at_gateway(received.event)
            else:
                await self.handler(queue)(received)
        except TryLater as error:
            self.log.append(f"  later: {error.key}")
        else:
            if not (self.faults and self.dice.random() < 0.05):  # else it comes again
                self.pending.remove(delivery)
        await self.collect()

    def handler(self, queue: str) -> Any:
        service = build(self.house, ConverterSettings.model_validate(self.house.settings.model_dump()))
        return next(consumer.handle for consumer in service.consumers if consumer.name == queue)

    async def interrupt(self) -> None:
        """In the middle of a conversion: something else is delivered, or the child process is lost."""
        if not self.faults:
            return
        if self.dice.random() < 0.1:
            raise Busy(what="a lost child")
        others = [one for one in self.pending if one[0] not in (FILES, RELEASES)]
        if others and self.dice.random() < 0.5:
            await self.deliver(self.dice.choice(others))

    # What is said

    def say(self, event: Event, *queues: str) -> None:
        self.time += timedelta(seconds=1)
        envelope = envelop(event, id=uuid.UUID(int=self.dice.getrandbits(128)), source="/test", time=self.time)
        self._put(envelope, event, queues or (_QUEUES[type(event)],))

    def _put(self, envelope: Envelope, event: Event, queues: tuple[str, ...]) -> None:
        self.pending.extend((queue, Received(envelope, event)) for queue in queues)

    async def collect(self) -> None:
        """Take what the converter has said from its outbox."""
        self.time += timedelta(seconds=1)
        for row in await self.rows(f"SELECT id, envelope FROM converter.outbox WHERE id > {self._outbox} ORDER BY id"):
            self._outbox = row.id
            envelope = Envelope.model_validate_json(row.envelope)
            event = envelope.event
            self.log.append(f"    -> {_told(event)}")
            if isinstance(event, DocumentWritten):
                key = (str(event.document.name), event.document.revision)
                before = self.written.setdefault(key, event)
                assert (before.object, before.document) == (event.object, event.document), "a name given twice"
                self._put(envelope, event, ("signer",))
            elif isinstance(event, FilingReleased):
                self._put(envelope, event, (RELEASES,))
            elif isinstance(event, ConversionWithdrawn):
                self._put(envelope, event, ("gateway",))

    # Signer, gateway, GİB, archive

    def _sign(self, event: Event) -> None:
        assert isinstance(event, DocumentWritten)
        document = event.document
        first = min(key[0] for key in self._parts_of(document))
        # Of several parts the first: those after it may be found not valid when it is with GİB already.
        if self.faults and self.dice.random() < 0.04 and document.filing.part == first and not self._is_sent(document):
            self.say(DocumentRejected(document=document, object=event.object, findings=(), counts={"X": 1}))
            return
        size = event.object.size + (document.kind.is_ledger * 1_000_000)  # what the berat tells in MiB
        signed = DocumentSigned(
            document=document,
            object=event.object.model_copy(update={"size": size}),
            signature_value=_SIGNATURE,
            signing_time=self.time,
            certificate_sha256="0" * 64,
        )
        self.say(signed, SIGNED, "gateway")

    def _is_sent(self, document: Document) -> bool:
        """Whether GİB has, or may have, anything of a document's revision."""
        own = (document.filing.period, document.revision)
        return document.kind is DocumentKind.REPORT or any(
            sent.filed.is_at_gib or sent.filed.state is GatewayState.APPROVED
            for sent in self.gateway.values()
            if (sent.document.filing.period, sent.document.revision) == own
        )

    def _parts_of(self, document: Document) -> list[tuple[str, int]]:
        return [
            (event.document.filing.part, 0)
            for (_, revision), event in self.written.items()
            if (event.document.filing.period, revision) == (document.filing.period, document.revision)
            and event.document.kind is not DocumentKind.REPORT
        ]

    def _at_gateway(self, event: Event) -> None:
        if isinstance(event, ConversionWithdrawn):
            self.told.add((event.filing.period, event.revision))
            self._settle(event.filing.period)
            return
        assert isinstance(event, DocumentSigned)
        document = event.document
        period, part, revision = document.filing.period, document.filing.part, document.revision
        self.signed.setdefault(period, set()).add(Piece(document.kind, part, revision))
        if document.kind.is_ledger:
            self.ledgers.add((period, revision, part))
        else:
            filed = Filed(document.kind, part, revision, GatewayState.WAITING, announced=False)
            self.gateway.setdefault((period, part, document.kind, revision), Sent(document, event.object, filed))
        self._settle(period)

    def month(self, period: str) -> Month:
        return Month(
            tuple(sent.filed for sent in self.gateway.values() if sent.document.filing.period == period),
            frozenset((revision, part) for at, revision, part in self.ledgers if at == period),
            frozenset(revision for at, revision in self.told if at == period),
        )

    def _settle(self, period: str) -> None:
        month = self.month(period)
        for sent in self.gateway.values():
            if sent.document.filing.period == period and (state := becomes(sent.filed, month)) is not None:
                sent.filed = replace(sent.filed, state=state)

    def sendable(self) -> list[Sent]:
        found = []
        for sent in self.gateway.values():
            period = sent.document.filing.period
            before = self.month(str(Period.parse(period).previous))
            is_waiting = sent.filed.state is GatewayState.WAITING
            if is_waiting and what_it_waits_for(sent.filed, self.month(period), before) is None:
                found.append(sent)
        return found

    async def send_something(self) -> None:
        sendable = self.sendable()
        if sendable:
            sent = self.dice.choice(sendable)
            sent.filed = replace(sent.filed, state=GatewayState.ASKING, announced=True)
            self.at_gib.append(sent)
            self.log.append(f"send {_told(sent.document)}")
            self.say(BeratSent(document=sent.document, package="P", answer="kuyrukta"))

    async def judge_something(self) -> None:
        if not self.at_gib:
            return
        sent = self.at_gib.pop(0)
        document, name = sent.document, sent.document.name
        reason = None
        try:
            data = (await self.house.objects.read(FIRM, sent.object)).decode()
            end = data.rindex("</edefter:")
            signed = (data[:end] + MINIMAL_SIGNATURE + data[end:]).encode()
            facts = check_document(parse_document(signed, 1_000_000), name)
            check_order(facts, self.approved)
        except Rejected as error:
            reason = str(error)
            self.not_in_order.append((reason, document))
        if reason is None and self.faults and self.dice.random() < 0.15:
            reason = "by chance"
        if reason is not None:
            sent.filed = replace(sent.filed, state=GatewayState.REFUSED, resume=GatewayState.SENDING, announced=False)
            problem = Problem(key="gib.rejected", text=Text(tr=reason, en=reason))
            self.say(BeratRefused(document=document, problem=problem))
            self.log.append(f"refuse {_told(document)}: {reason}")
        else:
            self.log.append(f"approve {_told(document)}")
            self.approved.append(facts)
            sent.filed = replace(sent.filed, state=GatewayState.APPROVED)
            archived = self.archived.setdefault(document.filing.period, set())
            piece = Piece(document.kind, document.filing.part, document.revision)
            archived.add((piece, False))
            if document.kind.is_berat:
                archived.update({(piece, True), (replace(piece, kind=document.kind.book), False)})
                self.say(BeratApproved(document=document, object=sent.object))
        self._settle(document.filing.period)

    async def resume(self) -> None:
        """A person lets what GİB has refused, and still counts, try again."""
        for sent in self.gateway.values():
            if sent.filed.state is GatewayState.REFUSED:
                sent.filed = replace(sent.filed, state=GatewayState.WAITING, resume=None)

    # What must hold

    async def rows(self, statement: str) -> list[Any]:
        async with self.house.database("converter").system() as tx:
            return list(await tx.session.execute(text(statement)))

    async def check(self) -> None:
        """All that holds after every step."""
        made = await self.rows(
            "SELECT period, part, slots, begin_numbers, end_numbers FROM converter.conversion"
            " WHERE state = 'made' ORDER BY period, part"
        )
        for period in PERIODS:
            parts = [row.part for row in made if row.period == period]
            assert WHOLE not in parts or parts == [WHOLE], f"days counted twice in {period}: {parts}"
        for one, other in pairwise(made):
            if _follows(one, other):
                assert one.end_numbers == other.begin_numbers, (one, other)
        for row in made[:1]:
            opening = self.tenant.opening(None, Period.parse(row.period))
            if row.part in (WHOLE, "000001") and row.period == (opening.period if opening else PERIODS[0]):
                assert row.begin_numbers["entry"] == (opening.entry if opening else 0)
        lost = await self.rows(
            "SELECT * FROM converter.conversion JOIN converter.document ON conversion_id = id"
            " WHERE at_gib = 'approved' AND conversion.state <> 'made'"
        )
        assert lost == []
        twice = await self.rows(
            "SELECT period, revision FROM converter.conversion WHERE state IN ('made', 'withdrawn', 'rejected')"
            " AND revision > 0 GROUP BY 1, 2 HAVING count(*) > 1"
        )
        assert twice == []
        await self._check_waiting()

    async def _check_waiting(self) -> None:
        """Whoever waits, waits for something; or the news is on its way."""
        released = {
            (received.event.filing.period, received.event.filing.part)
            for queue, received in self.pending
            if queue == RELEASES and isinstance(received.event, FilingReleased) and received.event.gate is None
        }
        coming = {received.event.file_id for _, received in self.pending if hasattr(received.event, "file_id")}
        async with self.house.database("converter").tenant(FIRM) as tx:
            firm = await get_tenant(tx, FIRM)
            row = Conversion(tenant=FIRM, branch="", period=PERIODS[0])
            with tx.session.no_autoflush:
                year = await load_year(tx, row, firm)
                for one in year.rows:
                    if one.state in ("queued", "early") and (one.period, one.part) not in released:
                        decision = year.consider(one, gated=False).decision
                        assert isinstance(decision, Wait), (one.period, one.part, one.file_id, decision)
                        assert decision.state == one.state, (one.period, one.part, decision)
                    assert one.state != "waiting" or one.file_id in coming, one.file_id

    # The end

    async def settle_down(self) -> None:
        """No more faults: everything is delivered, GİB approves what is right, and people drop what is missing."""
        self.faults = False
        for _ in range(100):
            while self.pending:
                await self._deliver_all()
            await self.release_gate()
            if self.pending:
                continue
            await self.resume()
            if self.at_gib or self.sendable():
                await self.send_something()
                await self.judge_something()
                continue
            await self.check()
            if not await self._drop_what_is_missing():
                return
        raise AssertionError("it does not come to rest")

    async def _deliver_all(self) -> None:
        for delivery in list(self.pending):
            if delivery in self.pending:
                await self.deliver(delivery)

    async def _drop_what_is_missing(self) -> bool:
        first = self.tenant.opening(None, Period.parse(PERIODS[0]))
        for period in PERIODS:
            if first is not None and period < first.period:
                continue
            rows = await self.rows(f"SELECT part, state FROM converter.conversion WHERE period = '{period}'")
            made = {row.part for row in rows if row.state == "made"}
            slots = [f"{number:06}" for number in (1, 2, 3)]
            if made == {WHOLE} or made == set(slots):
                continue
            waiting = {row.part for row in rows if row.state == "queued"}
            for part in slots if made or waiting - {WHOLE} else [WHOLE]:
                if part not in made | waiting:
                    await self.drop(period, part)
                    return True
            raise AssertionError(f"{period} hangs: {rows}")
        return False

    async def check_end(self) -> None:
        """Everything has been made, approved and archived, once."""
        await self.check()
        opening = self.tenant.opening(None, Period.parse(PERIODS[0]))
        for period in PERIODS:
            if opening is not None and period < opening.period:
                continue
            facts = [one for one in self.approved if one.period == period.replace("-", "")]
            names = [(one.kind, one.part) for one in facts]
            assert len(names) == len(set(names)), names
            parts = {part for kind, part in names if kind is not DocumentKind.REPORT}
            wanted = {(kind, part) for part in parts for kind in DocumentKind if kind.is_berat}
            assert set(names) == wanted | {(DocumentKind.REPORT, WHOLE)}, names
            withdrawn = [revision for at, revision in self.told if at == period]
            assert is_complete(self.archived[period], self.signed[period], withdrawn), period


def _follows(one: Any, other: Any) -> bool:
    if one.period == other.period:
        return int(other.part) == int(one.part) + 1
    is_last = one.part == WHOLE or int(one.part) == one.slots
    return (
        is_last and other.part in (WHOLE, "000001") and Period.parse(other.period).previous == Period.parse(one.period)
    )


def _told(what: Any) -> str:
    """A line for the log."""
    document = getattr(what, "document", what)
    filing = getattr(document, "filing", document)
    names = ("kind", "revision", "file_id", "period", "part", "gate", "name")
    found = [f"{name}={value}" for one in (what, document, filing) for name in names if (value := vars(one).get(name))]
    reason = getattr(what, "reason", None)
    return " ".join([type(what).__name__, *dict.fromkeys(found), reason.key if reason else ""])


class _Pool:
    """Converts what a test's files say, in this process, while other things happen."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk

    async def run_within(self, _: float, __: Any, source: Path, folder: Path, job: ConversionJob) -> ConversionOutcome:
        said = json.loads(await asyncio.to_thread(source.read_text))
        outcome = _converted(said, folder, job)
        await self._walk.interrupt()
        return outcome


def _converted(said: dict[str, Any], folder: Path, job: ConversionJob) -> ConversionOutcome:
    if not said["good"]:
        finding = of_error(NoRows(file=job.name), job.name)
        return ConversionOutcome((), Totals(), job.start, (finding,), {finding.rule: 1}, ())
    spans = job.spans or (Span.whole(job.filing.month),)
    totals, parts, end = Totals(), [], job.start
    for number, span in enumerate(spans, max(job.first_part, 1)):
        entries = said["entries"]
        own = Totals(entries, 2 * entries)
        for _ in range(entries):
            own.account("100", "Kasa").add(1000 + said["number"], debit=True)
            own.account("600", "Satışlar").add(1000 + said["number"], debit=False)
        end = end.after_part(entries, 2 * entries)
        name = "000000" if job.first_part == 0 and len(spans) == 1 else f"{number:06}"
        made = []
        for kind, sequence in ((DocumentKind.JOURNAL, end.journal), (DocumentKind.LEDGER, end.ledger)):
            path = folder / f"{kind}-{name}"
            path.write_text(f"{kind} {name} {said} {job.start}")
            written = Written(path.stat().st_size, "0" * 64)
            made.append(MadeDocument(kind, name, unique_id(kind, job.filing.month, sequence), path, written))
        parts.append(MadePart(name, span, own, *made))
        totals.merge(own)
    return ConversionOutcome(tuple(parts), totals, end, (), {}, ())

"""Converts files: decide, work outside any transaction, and make it true in one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from converter.convert import ConversionJob, ConversionOutcome, convert_drop
from converter.making import Stored, make_true, tell_again
from converter.models import HEAD_OFFICE, Conversion, State
from converter.months import consider, lock_books, next_revision, wake
from converter.order import Decision, Go, Nothing, Refuse, Same, Wait, is_same
from converter.reading.archive import Limits
from converter.records import filing_of
from converter.registering import take_over
from converter.settings import ConverterSettings
from converter.telling import Told, publish_failure, told_of, told_of_error
from defterhane.db import Database, Transaction
from defterhane.edefter.counters import Counters
from defterhane.edefter.names import WHOLE
from defterhane.edefter.period import Period, Span
from defterhane.errors import Busy
from defterhane.events import FilingHeld, ObjectRef
from defterhane.house import House
from defterhane.log import logger
from defterhane.service import Received
from defterhane.tenancy import get_tenant
from defterhane.tenant import Tenant
from defterhane.work import Job, work

ISTANBUL: Final = ZoneInfo("Europe/Istanbul")

_log = logger(__name__)

Find: TypeAlias = Callable[[Transaction], Awaitable[Conversion | None]]
"""Finds, or registers, the conversion that an event is about. The books are locked."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What an event asks for."""

    branch: str | None
    find: Find
    gated: bool
    """Whether the gate before conversion, if the tenant has one, stops it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with a conversion, as long as nothing changes."""

    conversion: Conversion
    tenant: Tenant
    """As it was read; the order is judged by it once more before anything is made true."""
    gated: bool
    decision: Decision
    cut: Tenant
    """With the stretches of days of the month's conversions."""


class Converter:
    """The work behind all events that may start a conversion."""

    def __init__(self, house: House, settings: ConverterSettings, database: Database) -> None:
        self._house = house
        self._settings = settings
        self._database = database

    async def run(self, received: Received, consumer: str, errand: Errand) -> None:
        """Do an errand, once. One worker at a time does so in the books of a branch.

        Raises:
            UnknownTenant: there is no such tenant.
            TryLater: somebody else is at it, something has changed meanwhile, or the child process was lost.
        """
        tenant = received.envelope.tenant
        key = f"{tenant}/{errand.branch or '-'}"
        async with work(self._database, consumer, received, key) as job:
            if job is None:
                return
            async with self._database.tenant(tenant) as tx:
                plan = await self._plan(tx, await get_tenant(tx, tenant), errand)
            if plan is None:
                async with job.commit():
                    _log.info("conversion.nothing_to_do")
            else:
                await self._do(job, plan)

    async def _plan(self, tx: Transaction, tenant: Tenant, errand: Errand) -> Plan | None:
        """What is to be done; what begins now has fixed what its documents say of day, firm and program."""
        await lock_books(tx, tenant.tax_id, errand.branch or HEAD_OFFICE)
        conversion = await errand.find(tx)
        if conversion is None:
            return None
        gated = errand.gated and "convert" in tenant.gates
        considered = await consider(tx, conversion, tenant, gated=gated)
        if isinstance(considered.decision, Nothing):
            return None
        if not isinstance(considered.decision, Refuse):  # what cannot be used takes nobody's place
            await take_over(tx, conversion)
        if isinstance(considered.decision, Go):
            conversion.created_on = self._today()
            conversion.master = considered.tenant.model_dump(mode="json")
            conversion.source_application = self._settings.source_application
            conversion.revision = await next_revision(tx, conversion)
        return Plan(conversion, tenant, gated, considered.decision, considered.tenant)

    async def _do(self, job: Job, plan: Plan) -> None:
        decision = plan.decision
        if isinstance(decision, Go):
            await self._convert(job, plan, decision)
        elif isinstance(decision, Refuse):
            await self._fail(job, plan, State.REFUSED, told_of_error(decision.error, plan.conversion))
        elif isinstance(decision, Wait):
            await self._wait(job, plan, decision)
        elif isinstance(decision, Same):
            async with _finish(job, plan) as (tx, row):
                await tell_again(tx, row, decision.made)

    async def _convert(self, job: Job, plan: Plan, go: Go) -> None:
        conversion = plan.conversion
        assert conversion.created_on is not None
        assert conversion.source_application is not None
        work_order = replace(
            self._job(conversion, plan.cut, conversion.created_on, conversion.source_application),
            start=go.start,
            first_part=go.first_part,
        )
        with self._house.scratch() as folder:
            outcome = await self._run(conversion, work_order, folder)
            told = await told_of(self._house.objects, conversion.tenant, outcome)
            stored = [await self._store(conversion.tenant, outcome, at) for at in range(len(outcome.parts))]
        if not outcome.made:
            await self._fail(job, plan, State.FAILED, told)
            return
        async with _finish(job, plan) as (tx, row):
            if row.revision != await next_revision(tx, row):
                raise Busy(what=row.period)
            await make_true(tx, row, go, outcome, stored, told, self._house.new_id)
        totals = outcome.totals
        _log.info("conversion.made", entries=totals.entries, lines=totals.lines, warnings=outcome.counts)

    async def _wait(self, job: Job, plan: Plan, wait: Wait) -> None:
        """Let a file wait; one that has just come is converted on trial first, so that its findings need not wait."""
        conversion = plan.conversion
        if conversion.state == State.WAITING:
            trial = self._job(conversion, plan.cut, self._today(), self._settings.source_application)
            with self._house.scratch() as folder:
                outcome = await self._run(conversion, trial, folder)
            if not outcome.made:
                told = await told_of(self._house.objects, conversion.tenant, outcome)
                await self._fail(job, plan, State.FAILED, told)
                return
        async with _finish(job, plan) as (tx, row):
            _put(row, wait.state)
            await tx.publish(FilingHeld(filing=filing_of(row), gate=wait.gate, reason=wait.reason.problem))
        _log.info("conversion.waits", reason=wait.reason.key)

    async def _run(self, conversion: Conversion, order: ConversionJob, folder: Path) -> ConversionOutcome:
        dropped = ObjectRef.model_validate(conversion.object)
        async with self._house.objects.fetch(conversion.tenant, dropped) as source:
            seconds = self._settings.conversion_seconds
            return await self._house.pool.run_within(seconds, convert_drop, source, folder, order)

    async def _store(self, tenant: str, outcome: ConversionOutcome, at: int) -> Stored:
        made = outcome.parts[at]
        journal = await self._house.objects.put_file(tenant, made.journal.path)
        return Stored(made, journal, await self._house.objects.put_file(tenant, made.ledger.path))

    def _job(self, conversion: Conversion, tenant: Tenant, created: date, source_application: str) -> ConversionJob:
        limit = self._settings.part_bytes
        return ConversionJob(
            tenant=tenant,
            filing=filing_of(conversion),
            name=conversion.name,
            created=created,
            source_application=source_application,
            start=Counters(),
            spans=_spans(conversion, tenant),
            first_part=0 if conversion.part == WHOLE else 1,
            part_bytes=min(limit, tenant.part_bytes or limit),
            limits=Limits(total_bytes=self._settings.unpacked_bytes),
        )

    async def _fail(self, job: Job, plan: Plan, state: State, told: Told) -> None:
        async with _finish(job, plan) as (tx, row):
            _put(row, state)
            await publish_failure(tx, row, told)
        _log.info("conversion.failed", findings=sum(told.counts.values()))

    def _today(self) -> date:
        return self._house.clock().astimezone(ISTANBUL).date()


def _spans(conversion: Conversion, tenant: Tenant) -> tuple[Span, ...]:
    """The days that a conversion covers, cut as its tenant wants them."""
    spans = tenant.spans(Period.parse(conversion.period))
    return spans if conversion.part == WHOLE else spans[int(conversion.part) - 1 :][:1]


@asynccontextmanager
async def _finish(job: Job, plan: Plan) -> AsyncIterator[tuple[Transaction, Conversion]]:
    """The transaction in which a plan comes true, its books locked; then whoever has waited for that is woken.

    Raises:
        Busy: something has changed meanwhile: it is decided anew.
    """
    conversion = plan.conversion
    async with job.commit() as tx:
        await lock_books(tx, conversion.tenant, conversion.branch)
        row = await tx.session.get(Conversion, conversion.id)
        assert row is not None
        considered = await consider(tx, row, plan.tenant, gated=plan.gated)
        if not is_same(considered.decision, plan.decision):
            raise Busy(what=conversion.period)
        yield tx, row
        await wake(tx, row, plan.tenant)


def _put(row: Conversion, state: State) -> None:
    """What goes on later begins anew: on another day, perhaps with other master data."""
    row.state = state
    row.revision = 0

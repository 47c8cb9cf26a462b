"""Converts files: decide, work outside any transaction, and make it true in one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from converter.convert import ConversionJob, ConversionOutcome, convert_drop
from converter.making import Stored, make_true, tell_again
from converter.models import Conversion, State
from converter.months import Considered, consider, lock_year, next_revision
from converter.order import Go, Nothing, Refuse, Same, Wait
from converter.reading.archive import Limits
from converter.records import filing_of
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

Find: TypeAlias = Callable[[Transaction, Tenant], Awaitable[Conversion | None]]
"""Finds, or registers, the conversion that an event is about."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What an event asks for."""

    period: str
    branch: str | None
    find: Find
    gated: bool
    """Whether the gate before conversion, if the tenant has one, stops it."""


class Converter:
    """The work behind all events that may start a conversion."""

    def __init__(self, house: House, settings: ConverterSettings, database: Database) -> None:
        self._house = house
        self._settings = settings
        self._database = database

    async def run(self, received: Received, consumer: str, errand: Errand) -> None:
        """Do an errand, once. One worker at a time does so in one fiscal year of a branch.

        Raises:
            UnknownTenant: there is no such tenant.
            TryLater: somebody else is at it, or the child process was lost.
        """
        async with self._database.tenant(received.envelope.tenant) as tx:
            tenant = await get_tenant(tx, received.envelope.tenant)
        year = tenant.fiscal_year(Period.parse(errand.period))
        key = f"{tenant.tax_id}/{errand.branch or '-'}/{year.start}"
        async with work(self._database, consumer, received, key) as job:
            if job is None:
                return
            async with self._database.tenant(tenant.tax_id) as tx:
                conversion = await errand.find(tx, tenant)
                considered = Considered(Nothing(), tenant)
                if conversion is not None:
                    gated = errand.gated and "convert" in tenant.gates
                    considered = await self._consider(tx, conversion, tenant, gated=gated)
            if conversion is None or isinstance(considered.decision, Nothing):
                async with job.commit():
                    _log.info("conversion.nothing_to_do")
            else:
                await self._do(job, conversion, considered)

    async def _consider(self, tx: Transaction, conversion: Conversion, tenant: Tenant, *, gated: bool) -> Considered:
        """What may happen; what begins now has fixed what its documents say of day, firm and program."""
        await lock_year(tx, conversion.tenant, conversion.branch, conversion.year_start)
        considered = await consider(tx, conversion, tenant, gated=gated)
        if isinstance(considered.decision, Go):
            if conversion.revision == 0:
                conversion.created_on = self._today()
                conversion.master = considered.tenant.model_dump(mode="json")
                conversion.source_application = self._settings.source_application
            conversion.revision = await next_revision(tx, conversion)
        return considered

    async def _do(self, job: Job, conversion: Conversion, considered: Considered) -> None:
        decision = considered.decision
        if isinstance(decision, Go):
            await self._convert(job, conversion, decision)
        elif isinstance(decision, Refuse):
            await self._fail(job, conversion, State.REFUSED, told_of_error(decision.error, conversion))
        elif isinstance(decision, Wait):
            await self._wait(job, conversion, considered.tenant, decision)
        elif isinstance(decision, Same):
            async with job.commit() as tx:
                await tell_again(tx, conversion, decision.made)

    async def _convert(self, job: Job, conversion: Conversion, go: Go) -> None:
        assert conversion.created_on is not None
        assert conversion.source_application is not None
        tenant = Tenant.model_validate(conversion.master)
        work_order = replace(
            self._job(conversion, tenant, conversion.created_on, conversion.source_application),
            start=go.start,
            first_part=go.first_part,
        )
        with self._house.scratch() as folder:
            outcome = await self._run(conversion, work_order, folder)
            told = await told_of(self._house.objects, conversion.tenant, outcome)
            stored = [await self._store(conversion.tenant, outcome, at) for at in range(len(outcome.parts))]
        if not outcome.made:
            await self._fail(job, conversion, State.FAILED, told)
            return
        async with job.commit() as tx:
            row = await _still(tx, conversion, tenant, go)
            await make_true(tx, row, go, outcome, stored, told, self._house.new_id)
        totals = outcome.totals
        _log.info("conversion.made", entries=totals.entries, lines=totals.lines, warnings=outcome.counts)

    async def _wait(self, job: Job, conversion: Conversion, tenant: Tenant, wait: Wait) -> None:
        """Let a file wait; one that has just come is converted on trial first, so that its findings need not wait."""
        if conversion.state == State.WAITING:
            trial = self._job(conversion, tenant, self._today(), self._settings.source_application)
            with self._house.scratch() as folder:
                outcome = await self._run(conversion, trial, folder)
            if not outcome.made:
                told = await told_of(self._house.objects, conversion.tenant, outcome)
                await self._fail(job, conversion, State.FAILED, told)
                return
        async with job.commit() as tx:
            await _set_state(tx, conversion, wait.state)
            await tx.publish(FilingHeld(filing=filing_of(conversion), gate=wait.gate, reason=wait.reason.problem))
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

    async def _fail(self, job: Job, conversion: Conversion, state: State, told: Told) -> None:
        async with job.commit() as tx:
            await _set_state(tx, conversion, state)
            await publish_failure(tx, conversion, told)
        _log.info("conversion.failed", findings=sum(told.counts.values()))

    def _today(self) -> date:
        return self._house.clock().astimezone(ISTANBUL).date()


def _spans(conversion: Conversion, tenant: Tenant) -> tuple[Span, ...]:
    """The days that a conversion covers, cut as its tenant wants them."""
    spans = tenant.spans(Period.parse(conversion.period))
    return spans if conversion.part == WHOLE else spans[int(conversion.part) - 1 :][:1]


async def _still(tx: Transaction, conversion: Conversion, tenant: Tenant, go: Go) -> Conversion:
    """The conversion's row, locked with its year, if what was decided still holds.

    Raises:
        Busy: something has changed meanwhile: it is decided anew.
    """
    await lock_year(tx, conversion.tenant, conversion.branch, conversion.year_start)
    row = await tx.session.get(Conversion, conversion.id, with_for_update=True)
    assert row is not None
    considered = await consider(tx, row, tenant, gated=False)
    if considered.decision != go or row.revision != await next_revision(tx, row):
        raise Busy(what=conversion.period)
    return row


async def _set_state(tx: Transaction, conversion: Conversion, state: State) -> None:
    row = await tx.session.get(Conversion, conversion.id, with_for_update=True)
    assert row is not None
    row.state = state
    row.revision = 0  # if it goes on, it begins anew: on another day, perhaps with other master data

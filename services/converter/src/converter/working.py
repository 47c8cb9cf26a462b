"""Converts files: decide, work outside any transaction, and make it true in one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from converter.convert import ConversionJob, ConversionOutcome, convert_drop
from converter.models import Conversion, Part, State
from converter.months import Decision, Go, Nothing, Refuse, Wait, decide, next_queued
from converter.numbers import keep_numbers, lock_year, numbers_before
from converter.problems import of_error
from converter.reading.archive import Limits
from converter.records import announce, document_row, filing_of, totals_to_json
from converter.settings import ConverterSettings
from defterhane.db import Database, Transaction
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.period import Period
from defterhane.errors import Busy
from defterhane.events import ConversionFailed, FilingHeld, FilingReleased, ObjectRef
from defterhane.findings import Finding
from defterhane.house import House
from defterhane.log import logger
from defterhane.service import Received
from defterhane.tenancy import get_tenant
from defterhane.tenant import Tenant
from defterhane.work import Job, work

ISTANBUL: Final = ZoneInfo("Europe/Istanbul")

TOLD: Final = 100
"""So many findings travel in an event; all are counted."""

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
    in_order: bool
    """Whether a month that is known to come before it is waited for."""


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
                decision: Decision = Nothing()
                if conversion is not None:
                    gated = errand.gated and "convert" in tenant.gates
                    decision = await decide(tx, conversion, gated=gated, in_order=errand.in_order)
                    if isinstance(decision, Go):
                        self._begin(conversion, tenant, decision)
            if conversion is None or isinstance(decision, Nothing):
                async with job.commit():
                    _log.info("conversion.nothing_to_do")
            else:
                await self._do(job, conversion, decision)

    def _begin(self, conversion: Conversion, tenant: Tenant, go: Go) -> None:
        """Fix what the documents say of day and firm: a second attempt makes the same bytes."""
        conversion.revision = go.revision
        if conversion.state != State.WAITING or conversion.created_on is None:
            conversion.created_on = self._house.clock().astimezone(ISTANBUL).date()
            conversion.master = tenant.model_dump(mode="json")
            conversion.source_application = self._settings.source_application
        conversion.state = State.WAITING

    async def _do(self, job: Job, conversion: Conversion, decision: Refuse | Wait | Go) -> None:
        if isinstance(decision, Go):
            await self._convert(job, conversion, decision)
        elif isinstance(decision, Refuse):
            finding = of_error(decision.error, conversion.name)
            await self._fail(job, conversion, State.REFUSED, (finding,), {finding.rule: 1})
        else:
            reason = decision.reason.problem
            async with job.commit() as tx:
                await _set_state(tx, conversion, decision.state)
                await tx.publish(FilingHeld(filing=filing_of(conversion), gate=decision.gate, reason=reason))
            _log.info("conversion.waits", reason=reason.key)

    async def _convert(self, job: Job, conversion: Conversion, go: Go) -> None:
        objects, tenant = self._house.objects, conversion.tenant
        dropped = ObjectRef.model_validate(conversion.object)
        with self._house.scratch() as folder:
            async with objects.fetch(tenant, dropped) as source:
                outcome = await self._house.pool.run_within(
                    self._settings.conversion_seconds, convert_drop, source, folder, self._job(conversion, go)
                )
            taken = go.refusal(conversion.period, outcome.end.after_report()) if outcome.made else None
            if taken is not None:
                finding = of_error(taken, conversion.name)
                await self._fail(job, conversion, State.FAILED, (finding,), {finding.rule: 1})
                return
            stored = [await objects.put_file(tenant, made.path) for made in outcome.documents]
        if not outcome.made:
            await self._fail(job, conversion, State.FAILED, outcome.findings[:TOLD], outcome.counts)
            return
        async with job.commit() as tx:
            await _make_true(tx, conversion, go, outcome, stored)
        totals = outcome.totals
        _log.info("conversion.made", entries=totals.entries, lines=totals.lines, warnings=outcome.counts)

    def _job(self, conversion: Conversion, go: Go) -> ConversionJob:
        assert conversion.created_on is not None
        assert conversion.source_application is not None
        return ConversionJob(
            tenant=Tenant.model_validate(conversion.master),
            filing=filing_of(conversion),
            name=conversion.name,
            created=conversion.created_on,
            source_application=conversion.source_application,
            start=go.start,
            size_limit=self._settings.part_bytes,
            limits=Limits(total_bytes=self._settings.unpacked_bytes),
        )

    async def _fail(
        self, job: Job, conversion: Conversion, state: State, findings: Sequence[Finding], counts: Mapping[str, int]
    ) -> None:
        async with job.commit() as tx:
            await _set_state(tx, conversion, state)
            await tx.publish(
                ConversionFailed(
                    tenant=conversion.tenant,
                    file_id=conversion.file_id,
                    name=conversion.name,
                    period=conversion.period,
                    branch=conversion.branch or None,
                    findings=tuple(findings),
                    counts=dict(counts),
                )
            )
        _log.info("conversion.failed", findings=sum(counts.values()))


async def _make_true(
    tx: Transaction, conversion: Conversion, go: Go, outcome: ConversionOutcome, stored: Sequence[ObjectRef]
) -> None:
    year = await lock_year(tx, conversion.tenant, conversion.branch, conversion.year_start)
    if await numbers_before(tx, year, conversion.period) != go.start:
        raise Busy(what=conversion.period)  # these numbers were taken meanwhile: it is made anew with others
    await keep_numbers(tx, year, conversion.period, outcome.end.after_report())
    await _set_state(tx, conversion, State.MADE)
    filing = filing_of(conversion)
    part = Part(
        conversion_id=conversion.id,
        part=filing.part,
        tenant=conversion.tenant,
        start_day=filing.month.first,
        end_day=filing.month.last,
        totals=totals_to_json(outcome.totals),
    )
    tx.session.add(part)
    for made, reference in zip(outcome.documents, stored, strict=True):
        digest = made.written.body_sha256
        row = document_row(conversion, filing.part, made.kind, made.unique_id, stored=reference, body_sha256=digest)
        tx.session.add(row)
        if made.kind is DocumentKind.JOURNAL:
            await announce(tx, conversion, row)
    following = await next_queued(tx, conversion)
    if following is not None:
        await tx.publish(FilingReleased(filing=filing_of(following), gate=None, by="converter"))


async def _set_state(tx: Transaction, conversion: Conversion, state: State) -> None:
    row = await tx.session.get(Conversion, conversion.id, with_for_update=True)
    assert row is not None
    row.state = state

"""The JSON API and the event stream. What each asker may see is decided by the database, row by row."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, status
from fastapi.responses import PlainTextResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel
from sqlalchemy import select

from defterhane.edefter.period import Period
from defterhane.errors import Problem
from defterhane.events import Filing
from defterhane.findings_csv import findings_csv
from defterhane.tenancy.models import TenantRow
from defterhane.tenant import BranchText, Gate, PeriodText, TaxIdText, Tenant
from portal.accounts import Principal
from portal.actions import TenantBody, convert, release, without_secrets, write_tenant
from portal.clock import local_day
from portal.doors import MAX_BODY, ApiRoute, Doorkeeper
from portal.dropped import FileView, read_strays
from portal.errors import NotThere
from portal.facts import MonthKey
from portal.findings import FindingsView, read_group, with_report
from portal.listing import Board, newest_period, read_board, read_row
from portal.month import MonthView, read_month
from portal.office import Office, scope
from portal.store import facts_of
from portal.stream import changes
from portal.words import State

ERRORS: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"model": Problem, "description": "What the asker can mend"},
    status.HTTP_503_SERVICE_UNAVAILABLE: {"model": Problem, "description": "Try again later"},
}
_LARGEST: Final = 2**63 - 1


class CsvResponse(PlainTextResponse):
    """A table; in UTF-8, as its byte order mark says too."""

    media_type = "text/csv"


class Release(BaseModel):
    """Let this filing go on at this gate."""

    filing: Filing
    gate: Gate


class Accepted(BaseModel):
    """What has been asked for is on its way."""

    event: UUID
    """The id of the event that says so."""


def api_router(office: Office) -> APIRouter:
    """The routes under `/api`."""
    router = APIRouter(prefix="/api", route_class=ApiRoute, max_body_size=MAX_BODY, responses=ERRORS, tags=["portal"])
    door = Doorkeeper(office.accounts)
    anybody = Depends(door.anybody)
    operator = Depends(door.operator)

    @router.get("/board")
    async def board(
        *,
        who: Annotated[Principal, anybody],
        period: PeriodText | None = None,
        search: Annotated[str, Query(max_length=100)] = "",
        state: State | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    ) -> Board:
        """A month of all firms and branches: seven things each. Without `period`, the newest month."""
        today = local_day(office.house.clock())
        async with scope(office.database, who) as tx:
            month = Period.parse(period) if period else await newest_period(tx) or Period.of(today).previous
            return await read_board(tx, month, search=search, state=state, limit=limit, offset=offset, today=today)

    @router.get("/tenants/{tax_id}/months/{period}")
    async def month(
        who: Annotated[Principal, anybody],
        tax_id: TaxIdText,
        period: PeriodText,
        branch: BranchText | None = None,
    ) -> MonthView:
        """All about one month: documents, files, holds, findings, time line."""
        return await month_view(office, who, tax_id, period, branch)

    @router.get("/tenants/{tax_id}/months/{period}/findings/{event}.csv", response_class=CsvResponse)
    async def findings_table(
        who: Annotated[Principal, anybody],
        tax_id: TaxIdText,
        period: PeriodText,
        event: UUID,
        branch: BranchText | None = None,
    ) -> CsvResponse:
        """One event's findings as a table for spreadsheets: up to 1,000, then how many more there are by rule."""
        group = await findings_of(office, who, tax_id, period, branch, event)
        name = f"{tax_id}{'-' + branch if branch else ''}-{Period.parse(period).compact}-bulgular.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return CsvResponse(findings_csv(group.findings, group.counts), headers=headers)

    @router.get("/tenants/{tax_id}/months/{period}/findings/{event}")
    async def findings(
        who: Annotated[Principal, anybody],
        tax_id: TaxIdText,
        period: PeriodText,
        event: UUID,
        branch: BranchText | None = None,
    ) -> FindingsView:
        """One event's findings: up to 1,000, and how many there are by rule."""
        return await findings_of(office, who, tax_id, period, branch, event)

    @router.get("/tenants")
    async def tenants(
        who: Annotated[Principal, anybody],
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        after: Annotated[str, Query(max_length=11)] = "",
    ) -> list[Tenant]:
        """Master data, by tax number, beginning after `after`."""
        rows = select(TenantRow).where(TenantRow.tenant > after).order_by(TenantRow.tenant).limit(limit)
        async with scope(office.database, who) as tx:
            found = await tx.session.scalars(rows)
            return [without_secrets(Tenant.model_validate(row.data)) for row in found]

    @router.put("/tenants/{tax_id}")
    async def put_tenant(who: Annotated[Principal, operator], tax_id: TaxIdText, body: TenantBody) -> Tenant:
        """Add a tenant, or replace its master data."""
        return await write_tenant(office, who, tax_id, body)

    @router.get("/files/strays")
    async def strays(who: Annotated[Principal, anybody]) -> list[FileView]:
        """The newest refused files that belong to no month."""
        async with scope(office.database, who) as tx:
            return await read_strays(tx)

    @router.post("/files/{file_id}/convert", status_code=status.HTTP_202_ACCEPTED)
    async def convert_file(
        who: Annotated[Principal, anybody], file_id: Annotated[str, Path(max_length=200)]
    ) -> Accepted:
        """Ask for a received file to be converted."""
        return Accepted(event=await convert(office, who, file_id))

    @router.post("/filings/release", status_code=status.HTTP_202_ACCEPTED)
    async def release_filing(who: Annotated[Principal, anybody], body: Release) -> Accepted:
        """Let a filing go on that waits at a gate."""
        return Accepted(event=await release(office, who, body.filing, body.gate))

    @router.get("/events", response_class=EventSourceResponse)
    async def events(
        who: Annotated[Principal, anybody],
        after: Annotated[int | None, Query(ge=0, le=_LARGEST)] = None,
        last_event_id: Annotated[int | None, Header(ge=0, le=_LARGEST)] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        """Changes as they come: `ready`, then `month` events; `reset` asks to read everything anew.

        Resume with `Last-Event-ID`, or begin after the `cursor` of a board.
        """
        async for event in changes(office, who, last_event_id if last_event_id is not None else after):
            yield event

    return router


async def month_view(office: Office, who: Principal, tax_id: str, period: str, branch: str | None) -> MonthView:
    """All about one month.

    Raises:
        NotThere: no such firm or branch, as far as they may see.
    """
    month = Period.parse(period)
    async with scope(office.database, who) as tx:
        row = await read_row(tx, tax_id, branch, month, local_day(office.house.clock()))
        if row is None:
            raise NotThere(what=f"{tax_id}{'/' + branch if branch else ''}")
        return await read_month(tx, row, month)


async def findings_of(
    office: Office, who: Principal, tax_id: str, period: str, branch: str | None, event: UUID
) -> FindingsView:
    """All findings of one event that are listed anywhere.

    Raises:
        NotThere: the month has no such event with findings, as far as they may see.
    """
    async with scope(office.database, who) as tx:
        facts = await facts_of(tx, MonthKey(tenant=tax_id, branch=branch, period=period))
        group = await read_group(tx, facts, event)
    if group is None:
        raise NotThere(what=str(event))
    return await with_report(office.house.objects, tax_id, group)

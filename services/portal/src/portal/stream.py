"""The event stream: what has changed, as server-sent events that can be resumed.

A watcher keeps a number and nothing else: it is woken, reads the changes above its number through a transaction that
sees its rows alone, and sends one event for each month among them. However slow it is, nothing piles up for it; what
it has missed it reads later, each month once.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

from fastapi.sse import ServerSentEvent
from pydantic import BaseModel
from sqlalchemy import select

from portal.accounts import Principal
from portal.board import Month
from portal.feed import newest_number, oldest_number
from portal.models import ChangeRow, MonthRow
from portal.office import Office, scope

_BATCH: Final = 200
_RETRY_MILLISECONDS: Final = 2000
_RECHECK_SECONDS: Final = 30.0
"""How often a silent watcher's token is looked at again."""
_LONGEST_SECONDS: Final = 3600.0
"""So long one stream lasts; whoever still may then resumes it with a new request."""


class Changed(BaseModel):
    """What an event of type `month` says. `period` and `month` are None for a change of a tenant's own: a file that
    belongs to no month, its signer's trouble."""

    tenant: str
    branch: str | None
    period: str | None
    month: Month | None


async def changes(office: Office, principal: Principal, after: int | None) -> AsyncIterator[ServerSentEvent]:
    """The stream: `ready`, then a `month` for each change above the number `after` (None = from now on).

    `reset` says that what lies between has been forgotten: read everything anew.
    """
    ends = asyncio.get_running_loop().time() + _LONGEST_SECONDS
    with office.feed.watch(principal.tenant) as wake:
        async with scope(office.database, principal) as tx:
            newest, oldest = await newest_number(tx), await oldest_number(tx)
        number = newest if after is None else after
        yield ServerSentEvent(event="ready", data={}, id=str(number), retry=_RETRY_MILLISECONDS)
        if after is not None and (after > newest or after < oldest - 1):
            number = newest
            yield ServerSentEvent(event="reset", data={}, id=str(number))
        while not office.feed.stopped and asyncio.get_running_loop().time() < ends:
            if await office.accounts.by_id(principal.token) is None:
                return
            wake.clear()
            found, number, more = await _read(office, principal, number)
            for at, changed in found:
                yield ServerSentEvent(event="month", data=changed.model_dump(mode="json"), id=str(at))
            if not more:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), _RECHECK_SECONDS)


async def _read(office: Office, principal: Principal, after: int) -> tuple[list[tuple[int, Changed]], int, bool]:
    """What has changed after a number, each month once; the number reached; whether there is more."""
    async with scope(office.database, principal) as tx:
        statement = (
            select(ChangeRow, MonthRow.board)
            .outerjoin(
                MonthRow,
                (MonthRow.tenant == ChangeRow.tenant)
                & (MonthRow.branch == ChangeRow.branch)
                & (MonthRow.period == ChangeRow.period),
            )
            .where(ChangeRow.number > after)
            .order_by(ChangeRow.number)
            .limit(_BATCH)
        )
        rows = (await tx.session.execute(statement)).all()
    last: dict[tuple[str, str, str | None], tuple[int, Changed]] = {}
    for change, board in rows:
        place = change.tenant, change.branch, change.period
        last.pop(place, None)
        changed = Changed(tenant=change.tenant, branch=change.branch or None, period=change.period, month=board)
        last[place] = change.number, changed
    return list(last.values()), rows[-1][0].number if rows else after, len(rows) == _BATCH

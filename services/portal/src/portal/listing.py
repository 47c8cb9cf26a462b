"""The board's list: a month of all firms and branches that somebody may see, filtered, counted, page by page."""

from datetime import date
from typing import Any, Final

from pydantic import BaseModel
from sqlalchemy import RowMapping, text

from defterhane.db import Transaction
from defterhane.edefter.period import Period
from defterhane.edefter.taxid import TaxId, is_person
from portal.board import Month, empty_month
from portal.deadlines import Due, due
from portal.feed import newest_number
from portal.models import ExtensionRow
from portal.words import State

# Firms and branches come from the master data; months of firms that are not in it (any more) are shown too.
_UNITS: Final = """
    WITH unit AS (
        SELECT tenant, '' AS branch, data->>'title' AS title, NULL AS branch_name FROM tenancy.tenant
        UNION ALL
        SELECT tenant, b->>'number', data->>'title', b->>'name'
        FROM tenancy.tenant, jsonb_array_elements(data->'branches') AS b
    ), listed AS (
        SELECT coalesce(u.tenant, m.tenant) AS tenant, coalesce(u.branch, m.branch) AS branch,
            coalesce(u.title, t.data->>'title', m.tenant) AS title, u.branch_name,
            coalesce(m.state, 'empty') AS state, m.board
        FROM unit AS u
        FULL JOIN (SELECT * FROM portal.month WHERE period = :period) AS m USING (tenant, branch)
        LEFT JOIN tenancy.tenant AS t ON t.tenant = m.tenant
    ), wanted AS (
        SELECT * FROM listed
        WHERE (CAST(:like AS text) IS NULL OR tenant LIKE :like
            OR lower(translate(title, :turkish, :plain)) LIKE :like)
    )
"""
_PAGE: Final = """
    SELECT * FROM wanted WHERE CAST(:state AS text) IS NULL OR state = :state
    ORDER BY lower(translate(title, :turkish, :plain)), tenant, branch LIMIT :limit OFFSET :offset
"""
_NUMBERS: Final = "SELECT state, count(*) AS number FROM wanted GROUP BY state"
_SINGLE: Final = "SELECT * FROM listed WHERE tenant = :tenant AND branch = :branch"

_TURKISH: Final = "İIıĞğÜüŞşÖöÇç"
_PLAIN: Final = "iiigguussoocc"


class BoardRow(BaseModel):
    """One firm's, or one branch's, month."""

    tenant: str
    title: str
    branch: str | None
    branch_name: str | None
    month: Month
    due: Due
    overdue: bool
    """The berats' last day is over, and not everything is done."""


class Board(BaseModel):
    """A page of the board."""

    period: str
    counts: dict[State, int]
    """Rows by state, of all pages; the search applies, the state's filter does not."""
    total: int
    """Rows of all pages."""
    offset: int
    rows: list[BoardRow]
    cursor: int
    """Where an event stream has to begin to miss nothing that comes after this page."""


async def read_board(
    tx: Transaction, period: Period, *, search: str, state: State | None, limit: int, offset: int, today: date
) -> Board:
    """A page of a month's board. `search` is part of a title or a tax number's beginning."""
    cursor = await newest_number(tx)
    values = {**_values(period), "like": _like(search), "state": state.value if state else None}
    found = await tx.session.execute(text(_UNITS + _PAGE), {**values, "limit": limit, "offset": offset})
    counts = {State(row.state): row.number for row in await tx.session.execute(text(_UNITS + _NUMBERS), values)}
    extensions = await read_extensions(tx, period)
    return Board(
        period=str(period),
        counts={one: counts.get(one, 0) for one in State},
        total=counts.get(state, 0) if state is not None else sum(counts.values()),
        offset=offset,
        rows=[_row(row, period, extensions, today) for row in found.mappings()],
        cursor=cursor,
    )


async def read_row(tx: Transaction, tenant: str, branch: str | None, period: Period, today: date) -> BoardRow | None:
    """One row; None where no such firm or branch is known."""
    values = {**_values(period), "like": None, "tenant": tenant, "branch": branch or ""}
    row = (await tx.session.execute(text(_UNITS + _SINGLE), values)).mappings().one_or_none()
    return _row(row, period, await read_extensions(tx, period), today) if row is not None else None


async def newest_period(tx: Transaction) -> Period | None:
    """The newest month for which anything has come."""
    newest = await tx.session.scalar(text("SELECT max(period) FROM portal.month WHERE state <> 'empty'"))
    return Period.parse(newest) if newest else None


async def read_extensions(tx: Transaction, period: Period) -> dict[bool, date]:
    """Person or not → the last day to which the authority has moved a month's deadline."""
    found = {}
    for person in (True, False):
        row = await tx.session.get(ExtensionRow, (str(period), person))
        if row is not None:
            found[person] = row.day
    return found


def _row(row: RowMapping, period: Period, extensions: dict[bool, date], today: date) -> BoardRow:
    month = Month.model_validate(row["board"]) if row["board"] else empty_month()
    person = is_person(TaxId(row["tenant"]))
    last = due(period, person=person, extended=extensions.get(person))
    return BoardRow(
        tenant=row["tenant"],
        title=row["title"],
        branch=row["branch"] or None,
        branch_name=row["branch_name"],
        month=month,
        due=last,
        overdue=month.state is not State.DONE and today > last.berat,
    )


def _values(period: Period) -> dict[str, Any]:
    return {"period": str(period), "turkish": _TURKISH, "plain": _PLAIN}


def _like(search: str) -> str | None:
    if not search.strip():
        return None
    plain = search.strip().translate(str.maketrans(_TURKISH, _PLAIN)).lower()
    escaped = plain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%" if escaped.isdigit() else f"%{escaped}%"

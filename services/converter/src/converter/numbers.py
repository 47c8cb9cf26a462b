"""The numbers of fiscal years: where a month begins, and what it has used up."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from converter.models import FiscalYearRow, MonthNumbers
from defterhane.db import Transaction
from defterhane.edefter.counters import Counters


async def lock_year(tx: Transaction, tenant: str, branch: str, year_start: date) -> FiscalYearRow:
    """The fiscal year's row, locked until the transaction ends; it is made where there is none."""
    nothing = {"entry": 0, "line": 0, "journal": 0, "ledger": 0, "report": 0}
    await tx.session.execute(
        insert(FiscalYearRow).values(tenant=tenant, branch=branch, start=year_start, **nothing).on_conflict_do_nothing()
    )
    year = await tx.session.get(FiscalYearRow, (tenant, branch, year_start), with_for_update=True)
    assert year is not None
    return year


async def numbers_before(tx: Transaction, year: FiscalYearRow, period: str) -> Counters:
    """The last numbers given in the year before a month: its start, however often it is made."""
    before: MonthNumbers | None = await tx.session.scalar(
        select(MonthNumbers)
        .where(
            MonthNumbers.tenant == year.tenant,
            MonthNumbers.branch == year.branch,
            MonthNumbers.year_start == year.start,
            MonthNumbers.period < period,
        )
        .order_by(MonthNumbers.period.desc())
        .limit(1)
    )
    return _counters(before or year)


async def numbers_of(tx: Transaction, year: FiscalYearRow, period: str) -> Counters | None:
    """The last numbers that a month has taken; None where it has taken none, or given them back."""
    row = await tx.session.get(MonthNumbers, (year.tenant, year.branch, period))
    return _counters(row) if row is not None else None


async def keep_numbers(tx: Transaction, year: FiscalYearRow, period: str, end: Counters) -> None:
    """Keep the last numbers of a month that has been made."""
    await tx.session.merge(
        MonthNumbers(
            tenant=year.tenant,
            branch=year.branch,
            period=period,
            year_start=year.start,
            entry=end.entry,
            line=end.line,
            journal=end.journal,
            ledger=end.ledger,
            report=end.report,
        )
    )


def _counters(row: FiscalYearRow | MonthNumbers) -> Counters:
    return Counters(row.entry, row.line, row.journal, row.ledger, row.report)

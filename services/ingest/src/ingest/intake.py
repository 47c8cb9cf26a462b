"""What a dropped file must be. Pure: names and dates in, an error or the month's name out."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from defterhane.edefter.names import DropName
from defterhane.edefter.period import Period
from defterhane.tenant import Tenant
from ingest.errors import BadName, BadPeriod, Empty, OtherTenant, TooLarge, UnknownBranch

TURKEY: Final = timezone(timedelta(hours=3), "TRT")
"""Türkiye keeps summer time all year since 2016."""


def local_time(moment: datetime) -> datetime:
    """A moment as clocks in Türkiye show it."""
    return moment.astimezone(UTC).astimezone(TURKEY)


def read_name(name: str, tenant: Tenant, today: date, earliest: Period) -> DropName:
    """Read a dropped file's name, and check that it fits its tenant and the calendar.

    A month that is not over yet is taken: whether it can be filed is not decided here.

    Raises:
        BadName, OtherTenant, BadPeriod, UnknownBranch: what is wrong with it.
    """
    try:
        drop = DropName.parse(name)
    except ValueError:
        raise BadName(name=name, example=f"{tenant.tax_id}-{Period.of(today).previous.compact}.zip") from None
    if drop.tax_id != tenant.tax_id:
        raise OtherTenant(found=drop.tax_id, tenant=tenant.tax_id)
    latest = Period.of(today)
    if not earliest <= drop.period <= latest:
        raise BadPeriod(period=drop.period, earliest=earliest, latest=latest)
    if drop.branch is not None and tenant.branch(drop.branch) is None:
        raise UnknownBranch(branch=drop.branch)
    return drop


def check_size(size: int, limit: int) -> None:
    """Check a file's size, in bytes.

    Raises:
        Empty, TooLarge: it has none, or too many.
    """
    if size == 0:
        raise Empty
    if size > limit:
        raise TooLarge(size=size, limit=limit)

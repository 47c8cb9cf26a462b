"""Türkiye's time: UTC+3 all year since 2016. Pages show it, and deadlines go by its days."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

TURKEY: Final = timezone(timedelta(hours=3), "+03")


def local(moment: datetime) -> datetime:
    """A moment as clocks in Türkiye show it."""
    return moment.astimezone(TURKEY)


def local_day(moment: datetime) -> date:
    """The day in Türkiye at a moment."""
    return local(moment).date()

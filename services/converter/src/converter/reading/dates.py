"""Dates as ERPs write them: `2013-01-31`, `31.01.2013`, `31/01/2013`, `20130131`, with or without a time of day."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Final, Literal, TypeAlias

DateOrder: TypeAlias = Literal["year-month-day", "day-month-year", "month-day-year"]

_TIME: Final = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?: ?[AaPp][Mm])?)?"
_ZONE: Final = r"(?:Z|[+-]\d{2}:\d{2})?"
"""As XML writes it."""
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})([-./])(\d{{1,2}})\2(\d{{1,2}}){_TIME}{_ZONE}", re.ASCII)
_YEAR_LAST: Final = re.compile(rf"(\d{{1,2}})([-./])(\d{{1,2}})\2(\d{{4}}){_TIME}", re.ASCII)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)


@lru_cache(maxsize=4096)
def read_date(text: str) -> date:
    """A day. Where the year stands last, the day stands first: that is how Turkish programs write it.

    Raises:
        ValueError: not a date.
    """
    return _year_first(text) or _year_last(text, day=1, month=3)


@lru_cache(maxsize=4096)
def read_month_first(text: str) -> date:
    """A day. Where the year stands last, the month stands first (`01/31/2013`).

    Raises:
        ValueError: not a date.
    """
    return _year_first(text) or _year_last(text, day=3, month=1)


@lru_cache(maxsize=4096)
def read_year_first(text: str) -> date:
    """A day of which the year stands first, and nothing else.

    Raises:
        ValueError: not such a date.
    """
    day = _year_first(text)
    if day is None:
        raise ValueError(f"{text!r} is not a date with the year first")
    return day


_READERS: Final[dict[DateOrder | None, Callable[[str], date]]] = {
    None: read_date,
    "day-month-year": read_date,
    "month-day-year": read_month_first,
    "year-month-day": read_year_first,
}


def date_reader(order: DateOrder | None) -> Callable[[str], date]:
    """What reads dates of that order; None = as Turkish programs write them."""
    return _READERS[order]


def _year_first(text: str) -> date | None:
    if match := _YEAR_FIRST.fullmatch(text):
        return date(int(match[1]), int(match[3]), int(match[4]))
    if match := _COMPACT.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    return None


def _year_last(text: str, day: int, month: int) -> date:
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a date")
    return date(int(match[4]), int(match[month]), int(match[day]))

"""Until when a month's berats must be at GİB, and its secondary copy made.

Calendars are dated data: a month goes by the newest calendar that has begun. The authority moves single dates by
circular; an operator then sets the day (`extended`), and the copy's deadline moves with it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from defterhane.edefter.period import Period


class Due(BaseModel):
    """The last days of a month."""

    model_config = ConfigDict(frozen=True)

    berat: date
    secondary_copy: date
    extended: bool = False


@dataclass(frozen=True)
class _Calendar:
    begins: Period
    months_later: int
    december_persons: int
    december_companies: int
    """Months after December for persons and for companies."""
    day_persons: int | None
    day_companies: int | None
    """None = the month's last day."""


# Companies file December with their yearly return, a month after persons.
_CALENDARS: Final = (
    _Calendar(Period(2012, 1), 3, 3, 4, None, None),
    _Calendar(Period(2025, 1), 4, 4, 5, 10, 14),
)

_COPY_DAYS: Final = 15

_YEARLY: Final = {(1, 1), (4, 23), (5, 1), (5, 19), (7, 15), (8, 30), (10, 29)}
_RELIGIOUS: Final = frozenset(date(2025, 3, 30) + timedelta(days=day) for day in range(3)) | {
    *(date(2025, 6, 6) + timedelta(days=day) for day in range(4)),
    *(date(2026, 3, 20) + timedelta(days=day) for day in range(3)),
    *(date(2026, 5, 27) + timedelta(days=day) for day in range(4)),
}
"""Days of Ramazan and Kurban Bayramı as announced; later years are added when they are."""


def due(period: Period, *, person: bool, extended: date | None = None) -> Due:
    """The last days of a month for a person's (income tax) or a company's (corporate tax) books.

    `extended` is the last day for berats where the authority has moved it; it stands as given.
    """
    calendar = max(
        (calendar for calendar in _CALENDARS if calendar.begins <= period),
        key=lambda calendar: calendar.begins,
        default=_CALENDARS[0],
    )
    later = calendar.months_later
    if period.month == 12:
        later = calendar.december_persons if person else calendar.december_companies
    month = period
    for _ in range(later):
        month = month.next
    day = calendar.day_persons if person else calendar.day_companies
    nominal = month.last if day is None else date(month.year, month.month, day)
    berat = extended or next_working_day(nominal)
    copy = next_working_day((extended or nominal) + timedelta(days=_COPY_DAYS))
    return Due(berat=berat, secondary_copy=copy, extended=extended is not None)


def next_working_day(day: date) -> date:
    """The day itself, or the first after it that is neither a weekend's nor a public holiday."""
    while day.weekday() >= 5 or (day.month, day.day) in _YEARLY or day in _RELIGIOUS:
        day += timedelta(days=1)
    return day

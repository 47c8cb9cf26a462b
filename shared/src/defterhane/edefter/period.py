"""Periods (calendar months), spans of days inside one, and fiscal years."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_PERIOD = re.compile(r"([0-9]{4})-?([0-9]{2})")


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """One calendar month (dönem)."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1900 <= self.year <= 9998):
            raise ValueError(f"no such month: {self.year}-{self.month:02}")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read `2025-01` or `202501`.

        Raises:
            ValueError: not a month.
        """
        match = _PERIOD.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a month such as 2025-01")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Period":
        """The month in which a day lies."""
        return cls(day.year, day.month)

    @property
    def compact(self) -> str:
        """`202501`, as in file names and uniqueIDs."""
        return f"{self.year:04}{self.month:02}"

    @property
    def first(self) -> date:
        """The month's first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The month's last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def previous(self) -> "Period":
        """The month before."""
        return Period.of(self.first - timedelta(days=1))

    @property
    def next(self) -> "Period":
        """The month after."""
        return Period.of(self.last + timedelta(days=1))

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """The days that one part covers, both ends included; they lie in one month (rules Y039, Y040)."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start or Period.of(self.start) != Period.of(self.end):
            raise ValueError(f"{self.start} to {self.end} does not lie in one month")

    @classmethod
    def whole(cls, period: Period) -> "Span":
        """All days of a month."""
        return cls(period.first, period.last)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, order=True, slots=True)
class FiscalYear:
    """A fiscal year by its first and last day; counters run on over it."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a fiscal year cannot run from {self.start} to {self.end}")

    @classmethod
    def containing(cls, period: Period, first_month: int = 1) -> "FiscalYear":
        """The twelve months that hold `period`, where years begin with `first_month` (1 = January)."""
        year = period.year if period.month >= first_month else period.year - 1
        start = Period(year, first_month)
        end = Period(year + 1, first_month).previous
        return cls(start.first, end.last)

    @property
    def folder(self) -> str:
        """`01.01.2025-31.12.2025`, as GİB's viewer and storage tool name the folder."""
        return f"{self.start:%d.%m.%Y}-{self.end:%d.%m.%Y}"

    def __contains__(self, period: Period) -> bool:
        """Whether the year has days in a month: one that is cut short may begin or end within it."""
        return self.start <= period.last and period.first <= self.end

    @property
    def first_period(self) -> Period:
        """The month in which it begins."""
        return Period.of(self.start)

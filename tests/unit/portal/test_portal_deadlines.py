"""Last days of months: calendars by date, weekends, holidays, extensions."""

from datetime import date

import pytest

from defterhane.edefter.period import Period
from portal.deadlines import due, next_working_day


@pytest.mark.parametrize(
    ("period", "person", "berat", "copy"),
    [
        # M + 4 months, the 10th for persons and the 14th for companies; Saturdays and Sundays move on.
        ("2025-01", False, "2025-05-14", "2025-05-29"),
        ("2025-01", True, "2025-05-12", "2025-05-26"),
        ("2025-11", False, "2026-03-16", "2026-03-30"),
        ("2025-11", True, "2026-03-10", "2026-03-25"),
        # December: with the yearly return.
        ("2025-12", True, "2026-04-10", "2026-04-27"),
        ("2025-12", False, "2026-05-14", "2026-06-01"),  # the copy's day falls into Kurban Bayramı
        # The calendar of before: the last day of the third month.
        ("2023-01", False, "2023-05-02", "2023-05-15"),  # 30 April is a Sunday, 1 May a holiday
        ("2022-12", True, "2023-03-31", "2023-04-17"),
        ("2022-12", False, "2023-05-02", "2023-05-15"),
    ],
)
def test_the_last_days(period: str, person: bool, berat: str, copy: str) -> None:
    last = due(Period.parse(period), person=person)
    assert (last.berat.isoformat(), last.secondary_copy.isoformat()) == (berat, copy)
    assert not last.extended


def test_a_moved_day_stands_as_given_and_the_copy_moves_with_it() -> None:
    last = due(Period(2025, 1), person=False, extended=date(2025, 5, 24))
    assert last.berat == date(2025, 5, 24)  # a Saturday: the authority's word
    assert last.secondary_copy == date(2025, 6, 10)  # 8 June lies in Kurban Bayramı
    assert last.extended


def test_working_days() -> None:
    assert next_working_day(date(2025, 5, 14)) == date(2025, 5, 14)
    assert next_working_day(date(2025, 4, 23)) == date(2025, 4, 24)
    assert next_working_day(date(2025, 3, 29)) == date(2025, 4, 2)  # a Saturday, then Ramazan Bayramı

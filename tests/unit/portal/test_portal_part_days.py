"""The days of a month's parts: as their conversion told them, whatever the master data say since."""

from datetime import date

from portal.month import parts_of
from support.portal_months import Story, Y, gather
from support.tenants import tenant

ONE, TWO, THREE = "000001", "000002", "000003"


def days(of: Story) -> list[tuple[str, date | None, date | None]]:
    firm = tenant(of.tenant, part_ends=(10, 20))
    facts = gather(of.envelopes, of)
    return [(part.part, part.first_day, part.last_day) for part in parts_of(facts, firm) if part.is_made]


def test_days_are_those_that_the_conversion_has_told():
    story = Story(salt="days")
    story.made("f1", 1, ONE, (ONE,), spans=((1, 12),))  # the master data have been changed since
    story.written(Y, ONE, 1, "f1")
    story.made("f2", 2, TWO, (TWO, THREE), spans=((13, 15), (15, 20)))
    for part in (TWO, THREE):
        story.written(Y, part, 2, "f2")
    assert days(story) == [
        (ONE, date(2025, 1, 1), date(2025, 1, 12)),
        (TWO, date(2025, 1, 13), date(2025, 1, 15)),
        (THREE, date(2025, 1, 15), date(2025, 1, 20)),
    ]


def test_the_days_of_the_whole_month_go_without_saying():
    story = Story(salt="whole")
    story.made("f1", spans=((1, 31),))
    story.written(Y)
    assert days(story) == [("000000", None, None)]

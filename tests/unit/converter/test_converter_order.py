"""The order of a fiscal year: what may be converted, what waits and what for, what is refused."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from converter.models import State
from converter.order import AtGib, Go, Known, Nothing, Refuse, Same, Wait, decide, is_same, outdated
from defterhane.edefter.counters import Counters
from defterhane.tenant import Opening

_count = iter(range(1, 100_000))


def numbers(used: int) -> Counters:
    return Counters(used, used * 2, used, used, used)


def known(period: str = "2025-01", part: str = "000000", state: State = State.WAITING, **changes: Any) -> Known:
    number = next(_count)
    values: dict[str, Any] = {
        "id": UUID(int=number),
        "period": period,
        "part": part,
        "slots": 1 if part == "000000" else 3,
        "state": state,
        "sha256": f"{number:064}",
        "name": f"{period}.zip",
        **changes,
    }
    return Known(**values)


def made(period: str, part: str = "000000", begin: int = 0, end: int = 1, **changes: Any) -> Known:
    return known(period, part, State.MADE, begin=numbers(begin), end=numbers(end), parts=1, **changes)


def decided(one: Known, *others: Known, opening: Opening | None = None, gated: bool = False) -> Any:
    return decide(one, others, opening=opening, first_period="2025-01", gated=gated)


def test_the_first_month_of_the_fiscal_year_begins_at_one():
    assert decided(known("2025-01")) == Go(Counters(), 0, (), ())


def test_a_month_goes_on_from_the_one_before():
    assert decided(known("2025-02"), made("2025-01", end=7)).start == numbers(7)


@pytest.mark.parametrize("state", [State.FAILED, State.QUEUED, State.WAITING, State.HELD, State.REJECTED])
def test_a_month_waits_for_the_one_before_that_has_come(state: State):
    wait = decided(known("2025-02"), known("2025-01", state=state))
    assert (wait.state, wait.gate, wait.reason.key) == (State.QUEUED, None, "month.earlier_open")


def test_a_month_whose_predecessor_has_not_come_is_held_until_it_does_or_a_person_begins_with_it():
    wait = decided(known("2025-03"), made("2025-01"))
    assert (wait.state, wait.gate, wait.reason.key) == (State.EARLY, "convert", "month.earlier_missing")
    assert "2025-02" in wait.reason.problem.text.tr
    assert decided(known("2025-03", begins=True)).start == Counters()
    assert decided(known("2025-03", begins=True), made("2025-01", end=4)).start == numbers(4)


def test_a_file_that_was_replaced_or_refused_is_not_waited_for():
    others = (known("2025-02", state=State.REPLACED), known("2025-02", state=State.REFUSED))
    assert decided(known("2025-03"), *others).state is State.EARLY


def test_the_books_of_a_firm_that_moves_begin_with_its_opening():
    opening = Opening(period="2025-04", entry=120, line=480, journal=3, ledger=3, report=3)
    assert decided(known("2025-04"), opening=opening).start == Counters(120, 480, 3, 3, 3)
    assert decided(known("2025-03"), opening=opening).error.key == "month.before_opening"
    assert decided(known("2025-06"), opening=opening).state is State.EARLY


def test_a_gate_comes_first_but_after_what_can_never_be():
    assert decided(known("2025-02"), gated=True).state is State.HELD
    refused = decided(known("2025-01"), made("2025-01", at_gib=AtGib.APPROVED), gated=True)
    assert isinstance(refused, Refuse)


def test_a_gate_comes_before_waiting_for_gib_for_that_ends_by_itself():
    before = made("2025-01", at_gib=AtGib.SENT)
    correction = known("2025-01")
    assert decided(correction, before, gated=True).state is State.HELD
    assert decided(correction, before).reason.key == "month.at_gib"


def test_decisions_are_the_same_where_they_come_to_the_same_for_the_same_reason():
    one, before = known("2025-03"), made("2025-01")
    assert is_same(decided(one, before), decided(one, before))
    assert not is_same(decided(one, before), decided(one, before, known("2025-02", state=State.FAILED)))
    correction = known("2025-01")
    approved, later = made("2025-01", at_gib=AtGib.APPROVED), made("2025-02", at_gib=AtGib.SENT)
    assert is_same(decided(correction, approved), decided(correction, approved, later))
    assert not is_same(decided(correction, approved), decided(correction, before, later))
    assert not is_same(decided(correction, approved), decided(correction))
    assert is_same(decided(correction), Go(Counters(), 0, (), ()))


class TestCorrections:
    """A second file for what has been made."""

    def test_the_same_content_changes_nothing(self):
        before = made("2025-01")
        assert decided(known("2025-01", sha256=before.sha256), before) == Same(before)

    def test_it_takes_the_first_ones_place_and_numbers(self):
        january, february = made("2025-01", end=3), made("2025-02", begin=3, end=5)
        go = decided(known("2025-02"), january, february)
        assert (go.start, go.replaced, go.later) == (numbers(3), (february,), ())

    def test_it_waits_while_a_berat_is_with_gib(self):
        wait = decided(known("2025-01"), made("2025-01", at_gib=AtGib.SENT))
        assert (wait.state, wait.reason.key) == (State.QUEUED, "month.at_gib")

    def test_it_is_refused_once_a_berat_is_approved(self):
        refused = decided(known("2025-01"), made("2025-01", at_gib=AtGib.APPROVED))
        assert refused.error.key == "month.already_approved"

    def test_it_is_refused_while_a_later_month_is_with_gib(self):
        refused = decided(known("2025-01"), made("2025-01"), made("2025-02", at_gib=AtGib.SENT))
        assert refused.error.key == "month.later_converted"

    def test_a_later_month_is_made_anew_only_where_the_numbers_change(self):
        february = made("2025-02", begin=3, end=5)
        assert outdated(known("2025-01"), numbers(3), (february,)) == ()
        assert outdated(known("2025-01"), numbers(4), (february,)) == (february,)

    @pytest.mark.parametrize("state", [State.REPLACED, State.WITHDRAWN, State.REJECTED, State.MADE])
    def test_what_is_done_with_is_left_alone(self, state: State):
        assert decided(known("2025-01", state=state)) == Nothing()


class TestSlots:
    """A month in several drops."""

    def test_the_parts_of_a_month_go_on_from_one_another(self):
        first = made("2025-01", "000001", end=2)
        second = replace(made("2025-01", "000002", begin=2, end=4), parts=2)
        assert decided(known("2025-01", "000001")).first_part == 1
        assert decided(known("2025-01", "000002"), first) == Go(numbers(2), 2, (), ())
        assert decided(known("2025-01", "000003"), first, second) == Go(numbers(4), 4, (), ())

    def test_a_part_waits_for_the_one_before(self):
        wait = decided(known("2025-01", "000002"))
        assert (wait.state, wait.reason.key) == (State.QUEUED, "month.earlier_open")
        assert "2025-01 / 000001" in wait.reason.problem.text.tr

    def test_the_next_month_waits_for_the_last_part(self):
        first, second = made("2025-01", "000001"), made("2025-01", "000002")
        third = made("2025-01", "000003", end=9)
        assert decided(known("2025-02"), first, second).state is State.EARLY
        assert decided(known("2025-02"), first, second, third).start == numbers(9)
        assert decided(known("2025-02", "000001"), first, second, third).first_part == 1

    def test_a_part_that_the_tenant_does_not_have_is_refused(self):
        assert decided(known("2025-01", "000004")).error.key == "month.in_parts"
        assert decided(known("2025-01", "000001", slots=1)).error.key == "month.in_parts"

    def test_a_part_of_a_month_made_as_a_whole_is_refused(self):
        assert decided(known("2025-01", "000002"), made("2025-01")).error.key == "month.is_whole"

    def test_a_whole_month_takes_the_place_of_all_parts(self):
        parts = tuple(made("2025-01", f"{n:06}", begin=n - 1, end=n) for n in (1, 2, 3))
        assert decided(known("2025-01"), *parts).replaced == parts

    def test_later_parts_of_the_month_are_always_made_anew(self):
        second, february = made("2025-01", "000002", begin=2), made("2025-02", begin=3)
        assert outdated(known("2025-01", "000001"), numbers(2), (second, february)) == (second,)

    def test_whole_files_of_the_month_that_count_no_longer_are_not_waited_for(self):
        whole = known("2025-01", state=State.WITHDRAWN)
        assert decided(known("2025-01", "000001"), whole).first_part == 1
        parts = tuple(known("2025-01", f"{n:06}", State.WITHDRAWN) for n in (1, 2, 3))
        assert decided(known("2025-02"), made("2025-01", end=5), *parts).start == numbers(5)
        assert decided(known("2025-03"), made("2025-01", end=5), *parts).state is State.EARLY


def test_a_wait_says_what_cures_it_in_both_languages():
    wait = decided(known("2025-05"))
    assert isinstance(wait, Wait)
    problem = wait.reason.problem
    assert problem.cure is not None
    assert "2025-04" in problem.cure.tr
    assert "2025-04" in problem.cure.en

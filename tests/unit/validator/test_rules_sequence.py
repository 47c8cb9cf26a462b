"""The sequence rules against what they mean, written out plainly, and their bounds."""

from collections.abc import Iterator
from random import Random

import pytest

from validator.amounts import Number, double, is_above_zero, is_not_below_zero, is_same, number
from validator.rules.sequence import PlusOne, SomeLaterFollows, SomeLaterNotBefore, Spot

SEEDS = range(60)


def spots(values: list[object]) -> list[Spot]:
    return [Spot(line, str(value)) for line, value in enumerate(values)]


def plainly_unanswered(numbers: list[Number | None]) -> Iterator[int]:
    for at, found in enumerate(numbers):
        later = numbers[at + 1 :]
        if later and (found is None or found + 1 not in later):
            yield at


@pytest.mark.parametrize("seed", SEEDS)
def test_some_later_number_follows(seed: int) -> None:
    rng = Random(seed)
    numbers: list[Number | None] = [rng.choice((1, 2, 3, 4, 4.5, 5, None)) for _ in range(rng.randrange(8))]
    follows = SomeLaterFollows()
    for found, spot in zip(numbers, spots(list(numbers)), strict=True):
        follows.answer(float("nan") if found is None else found)
        follows.wait(found, spot)
    assert sorted(spot.line or 0 for spot in follows.unanswered()) == list(plainly_unanswered(numbers))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_is_as_its_numbers_one_by_one(seed: int) -> None:
    rng = Random(seed)
    before = [rng.randrange(12) for _ in range(rng.randrange(5))]
    first = rng.randrange(10)
    run = list(range(first, first + rng.randrange(1, 6)))
    after = [rng.randrange(12) for _ in range(rng.randrange(4))]
    one_by_one, at_once = SomeLaterFollows(), SomeLaterFollows()
    values = [*before, *run, *after]
    placed = spots(list(values))
    for found, spot in zip(values, placed, strict=True):
        one_by_one.see(found, spot)
    for found, spot in zip(before, placed, strict=False):
        at_once.see(found, spot)
    at_once.ran(run[0], run[-1], placed[len(before) + len(run) - 1])
    for found, spot in zip(after, placed[len(before) + len(run) :], strict=True):
        at_once.see(found, spot)
    assert set(at_once.unanswered()) == set(one_by_one.unanswered())
    assert at_once.turn == one_by_one.turn


def test_an_error_leaves_all_who_wait_without_an_answer() -> None:
    follows = SomeLaterFollows()
    for found in (1, 2):
        follows.see(found, Spot(found, str(found)))
    follows.stop()
    follows.see(3, Spot(3, "3"))
    assert [spot.line for spot in follows.unanswered()] == [2]


def test_an_answer_may_be_later_than_some_alone() -> None:
    follows = SomeLaterFollows()
    follows.wait(1, Spot(1, "1"))
    turn = follows.turn
    follows.wait(1, Spot(2, "1"))
    follows.answer(2, before=turn)
    follows.answer(7)
    assert [spot.line for spot in follows.unanswered()] == [2]


def test_more_than_are_remembered_with_their_place_are_still_told_apart() -> None:
    odd, even = range(1, 40_001, 2), range(2, 40_001, 2)
    answered, missing = SomeLaterFollows(), SomeLaterFollows()
    for found in (*odd, *even, 40_001):
        answered.see(found, Spot(found, str(found)))
    assert {spot.value for spot in answered.unanswered()} == {str(found) for found in even[:-1]}
    for found in (*odd, *(one for one in even if one != 30_000)):
        missing.see(found, Spot(found, str(found)))
    assert "29999" in {spot.value for spot in missing.unanswered()}


@pytest.mark.parametrize("seed", SEEDS)
def test_some_later_date_is_not_before(seed: int) -> None:
    rng = Random(seed)
    dates = [f"2025-03-{rng.randrange(1, 6):02}" for _ in range(rng.randrange(8))]
    not_before = SomeLaterNotBefore()
    for date, spot in zip(dates, spots(list(dates)), strict=True):
        not_before.see(date, spot)
    expected = [at for at, date in enumerate(dates) if dates[at + 1 :] and max(dates[at + 1 :]) < date]
    assert sorted(spot.line or 0 for spot in not_before.unanswered()) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((7, 8, 9), [None, None, None]),
        ((7, 9, 10), [None, "8", None]),
        ((7, None, 8), [None, "8", None]),
        ((7, 7.5, 8.5), [None, "8", None]),
        ((7.5, 9), [None, "8.5"]),
    ],
)
def test_each_is_one_more(numbers: tuple[Number | None, ...], expected: list[str | None]) -> None:
    plus_one = PlusOne()
    assert [plus_one.expected(found) for found in numbers] == expected


@pytest.mark.parametrize(
    ("text", "as_counter", "as_double"),
    [
        ("12", 12, 12.0),
        (" 12\n", 12, 12.0),
        ("012", 12, 12.0),
        ("1.5", 1.5, 1.5),
        ("1e3", 1000.0, 1000.0),
        (".5", 0.5, 0.5),
        ("5.", 5.0, 5.0),
        ("+INF", float("inf"), float("inf")),
        ("NaN", None, "nan"),
        ("inf", None, None),
        ("1_0", None, None),
        ("0x1", None, None),
        ("\u0661", None, None),
        ("\u00a01", None, None),
        ("", None, None),
    ],
)
def test_texts_are_numbers_as_xs_double_has_them(text: str, as_counter: Number | None, as_double: object) -> None:
    assert number(text) == as_counter
    found = double(text)
    assert found == as_double or (as_double == "nan" and found is not None and found != found)


def test_zero_has_a_sign_and_nan_is_above_all() -> None:
    minus_zero, nan = -0.0, float("nan")
    assert not is_same(minus_zero, 0.0)
    assert not is_not_below_zero(minus_zero)
    assert is_not_below_zero(0.0)
    assert is_above_zero(nan)
    assert is_not_below_zero(nan)
    assert not is_above_zero(0.0)

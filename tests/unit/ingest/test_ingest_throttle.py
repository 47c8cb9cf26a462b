"""The brake on guessing."""

from ingest.throttle import Throttle


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_blocks_after_so_many_failures_until_the_time_is_over() -> None:
    clock = Clock()
    throttle = Throttle(2, 60, clock)
    throttle.failed("a")
    assert not throttle.is_blocked("a")
    throttle.failed("a")
    assert throttle.is_blocked("a")
    assert not throttle.is_blocked("b")
    clock.now = 59.9
    assert throttle.is_blocked("a")
    clock.now = 60
    assert not throttle.is_blocked("a")
    throttle.failed("a")
    assert not throttle.is_blocked("a")


def test_success_forgets() -> None:
    throttle = Throttle(2, 60, Clock())
    throttle.failed("a")
    throttle.succeeded("a")
    throttle.failed("a")
    assert not throttle.is_blocked("a")


def test_zero_never_blocks() -> None:
    throttle = Throttle(0, 60, Clock())
    for _ in range(100):
        throttle.failed("a")
    assert not throttle.is_blocked("a")


def test_memory_is_bounded_and_the_latest_are_kept() -> None:
    throttle = Throttle(1, 60, Clock())
    for number in range(20_000):
        throttle.failed(str(number))
    assert len(throttle._failures) == 10_000
    assert throttle.is_blocked("19999")

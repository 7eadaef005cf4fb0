from __future__ import annotations

import pytest

from tracemill_sandbox.lifecycle.breaker import Backoff, Breaker


@pytest.mark.parametrize(
    ("failures", "draw", "seconds"),
    [
        (0, 0.9, 0.0),
        (1, 1.0, 0.5),
        (2, 1.0, 1.0),
        (3, 0.5, 1.0),
        (4, 1.0, 3.0),
        (10_000, 1.0, 3.0),
        (5, 0.0, 0.0),
    ],
)
def test_the_wait_doubles_up_to_its_bound_and_is_drawn_in_full(
    failures: int, draw: float, seconds: float
) -> None:
    assert Backoff(first_seconds=0.5, most_seconds=3.0).seconds(failures, draw) == seconds


def test_a_closed_breaker_lets_everyone_try() -> None:
    breaker = Breaker(most_failures=3, open_seconds=10.0)
    breaker.failed("no", 0.0)
    breaker.failed("no", 0.0)
    assert (breaker.wait(0.0), breaker.is_open(0.0), breaker.failures) == (0.0, False, 2)


def test_failures_in_a_row_open_it_and_one_try_closes_it_again() -> None:
    breaker = Breaker(most_failures=2, open_seconds=10.0)
    breaker.failed("first", 100.0)
    breaker.failed("second", 101.0)
    assert (breaker.is_open(105.0), breaker.wait(105.0)) == (True, 6.0)
    assert breaker.reasons == ("first", "second")
    assert not breaker.is_open(111.0)
    assert (breaker.wait(111.0), breaker.wait(111.0)) == (0.0, 10.0)  # half-open: one try
    breaker.succeeded()
    assert (breaker.wait(112.0), breaker.failures, breaker.reasons) == (0.0, 0, ())


def test_a_failed_try_opens_it_again_for_the_whole_time() -> None:
    breaker = Breaker(most_failures=1, open_seconds=10.0)
    breaker.failed("first", 0.0)
    assert breaker.wait(10.0) == 0.0
    breaker.failed("again", 11.0)
    assert (breaker.is_open(20.9), breaker.wait(20.0), breaker.wait(21.0)) == (True, 1.0, 0.0)


def test_only_the_newest_reasons_are_kept() -> None:
    breaker = Breaker(most_failures=99)
    for number in range(8):
        breaker.failed(str(number), 0.0)
    assert breaker.reasons == ("3", "4", "5", "6", "7")

from __future__ import annotations

import pytest

from tracemill_schema.evaluation import wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        # Newcombe 1998, table I, method 3 (score interval without continuity correction).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_the_interval_equals_the_published_one(hits: int, n: int, low: float, high: float) -> None:
    rate = wilson(hits, n)
    assert (rate.low, rate.high) == pytest.approx((low, high), abs=5e-5)


def test_samples_of_the_same_item_do_not_narrow_the_interval() -> None:
    items, samples = wilson(81, 263), wilson(4 * 81, 4 * 263, samples=4)
    assert (samples.rate, samples.low, samples.high) == (items.rate, items.low, items.high)
    assert (samples.n, samples.hits) == (1052, 324)


def test_nothing_judged_is_nothing_known() -> None:
    rate = wilson(0, 0)
    assert (rate.n, rate.low, rate.high) == (0, 0.0, 1.0)

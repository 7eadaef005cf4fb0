"""Stores that take turns."""

from __future__ import annotations

from collections import Counter

import pytest

from tracemill_datagen.program.grammar.turns import Turns


@pytest.mark.parametrize(
    ("lengths", "weights"),
    [
        ([3, 1, 2], None),
        ([5], None),
        ([0, 4, 4], None),
        ([7, 2, 9], [3, 1, 2]),
        ([1, 10], [5, 1]),
    ],
)
def test_every_item_of_every_store_comes_once(
    lengths: list[int], weights: list[int] | None
) -> None:
    turns = Turns(lengths, weights=weights, key="k")
    assert turns.items == sum(lengths)
    found = [turns.place(item) for item in range(turns.items)]
    wanted = [(store, n) for store, length in enumerate(lengths) for n in range(length)]
    assert sorted(found) == wanted


def test_long_stores_do_not_drown_short_ones() -> None:
    turns = Turns([10**30, 4, 10**9], key="k")
    first = Counter(turns.place(item)[0] for item in range(12))
    assert first == {0: 4, 1: 4, 2: 4}


def test_weights_are_turns_a_round() -> None:
    turns = Turns([100, 100], weights=[3, 1], key="k")
    assert Counter(turns.place(item)[0] for item in range(40)) == {0: 30, 1: 10}


def test_the_key_decides_the_order_in_a_round() -> None:
    def order(key: str) -> list[int]:
        return [Turns([1] * 20, key=key).place(item)[0] for item in range(20)]

    assert order("a") == order("a") != order("b")


def test_an_item_beyond_all_is_refused() -> None:
    with pytest.raises(IndexError, match="^wanted an item below 3, got 3$"):
        Turns([1, 2], key="k").place(3)

"""Seeded orders of ranges."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.grammar.permutation import Permutation


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 17, 64, 100, 1000])
def test_every_number_comes_once(size: int) -> None:
    order = Permutation(size, "key")
    assert sorted(order[place] for place in range(size)) == list(range(size))


def test_the_key_decides_the_order() -> None:
    def order(key: str) -> list[int]:
        return [Permutation(1000, key)[place] for place in range(50)]

    assert order("a") == order("a") != order("b")
    assert order("a") != sorted(order("a"))


def test_ranges_beyond_a_machine_word() -> None:
    order = Permutation(10**40, "key")
    found = {order[place] for place in range(200)}
    assert len(found) == 200
    assert max(found) > 10**38


@pytest.mark.parametrize("place", [-1, 5])
def test_a_place_beyond_the_range_is_refused(place: int) -> None:
    with pytest.raises(IndexError, match=f"^wanted a place below 5, got {place}$"):
        Permutation(5, "key")[place]

"""Draws: equal keys give equal choices, in range, evenly, and however many are wanted."""

from __future__ import annotations

from collections import Counter

from tracemill_datagen.family.draws import Draws


def draws(index: int = 0, *, seed: int = 0, family: str = "f", stream: str = "s") -> Draws:
    return Draws(seed=seed, family=family, stream=stream, index=index)


def test_the_same_key_draws_the_same_and_each_part_of_the_key_counts() -> None:
    first = [draws().below(1000) for _ in range(3)]
    assert first[0] == first[1] == first[2]
    base = draws().below(2**60)
    others = [draws(1), draws(seed=1), draws(family="g"), draws(stream="t")]
    assert base not in [other.below(2**60) for other in others]


def test_choices_are_pinned_so_that_published_data_can_be_made_again() -> None:
    source = draws(7)
    assert [source.between(1, 9) for _ in range(8)] == [9, 3, 1, 9, 6, 3, 7, 6]


def test_a_draw_does_not_depend_on_how_far_other_items_went() -> None:
    one, two = draws(1), draws(2)
    for _ in range(50):
        one.below(10)
    assert two.below(10**9) == draws(2).below(10**9)


def test_many_choices_refill_and_stay_even() -> None:
    source = draws()
    counts = Counter(source.below(10) for _ in range(20_000))
    assert set(counts) == set(range(10))
    assert all(abs(count - 2_000) < 250 for count in counts.values())


def test_distinct_gives_each_item_at_most_once_in_any_order() -> None:
    drawn = [draws(i).distinct("abc", 3) for i in range(200)]
    assert all(sorted(each) == ["a", "b", "c"] for each in drawn)
    assert len(set(drawn)) == 6


def test_between_reaches_both_ends() -> None:
    source = draws()
    assert {source.between(3, 5) for _ in range(100)} == {3, 4, 5}
    assert source.choice(("only",)) == "only"

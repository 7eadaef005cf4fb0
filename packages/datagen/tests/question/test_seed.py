"""Random streams of items."""

from __future__ import annotations

from tracemill_datagen.question.seed import item_rng


def test_a_stream_is_named_by_all_its_parts_and_by_nothing_else() -> None:
    first = item_rng(0, "mean", "t", 3).random()
    assert first == item_rng(0, "mean", "t", 3).random()
    others = [
        item_rng(1, "mean", "t", 3),
        item_rng(0, "std", "t", 3),
        item_rng(0, "mean", "u", 3),
        item_rng(0, "mean", "t", 4),
    ]
    assert len({first, *(other.random() for other in others)}) == 5

"""Splits: a hash of the group, about the shares asked for, and the same for ever."""

from __future__ import annotations

from collections import Counter

import pytest
from pydantic import ValidationError

from tracemill_datagen.dataset.split import Shares, rule, split_of


def test_shares_are_kept_within_chance() -> None:
    shares = Shares(train=0.8, validation=0.1, test=0.1)
    counts = Counter(split_of(f"g{i}", seed=0, shares=shares) for i in range(5_000))
    assert abs(counts["train"] - 4_000) < 120
    assert abs(counts["validation"] - 500) < 90
    assert abs(counts["test"] - 500) < 90


def test_the_split_depends_on_group_and_seed_alone() -> None:
    groups = [f"g{i}" for i in range(200)]
    first = [split_of(group, seed=0, shares=Shares()) for group in groups]
    assert first == [split_of(group, seed=0, shares=Shares()) for group in groups]
    assert first != [split_of(group, seed=1, shares=Shares()) for group in groups]
    assert first[:12] == [
        "train",
        "train",
        "train",
        "train",
        "train",
        "train",
        "validation",
        "train",
        "train",
        "train",
        "train",
        "train",
    ]


def test_a_share_of_zero_gets_nothing() -> None:
    shares = Shares(train=0.5, validation=0, test=0.5)
    assert "validation" not in {split_of(f"g{i}", seed=0, shares=shares) for i in range(500)}


def test_shares_must_add_up() -> None:
    with pytest.raises(ValidationError, match="shares must add up to 1, they give 0.9"):
        Shares(train=0.8, validation=0.1, test=0.0)


def test_the_rule_is_said_in_words() -> None:
    assert rule(seed=3, shares=Shares()) == (
        "sha256('3/split/' + split_group), first 8 bytes as a fraction of 2**64: "
        "train below 0.8, validation below 0.9, else test"
    )

"""Which split a trace stands in: a hash of its question's group, never its row.

Questions over one table whose programs differ in literals only, and near duplicates of one task,
share a group: what a model is tested on was not seen in another wording, nor with another number
in it, while it learnt. Questions of other shapes over the same table do stand in several splits.
"""

from __future__ import annotations

import hashlib
import math
from typing import Self

from pydantic import Field, model_validator

from tracemill_schema.dataset import SPLITS, Split
from tracemill_schema.record import Record


class Shares(Record):
    """Share of the groups that goes to each split; together 1."""

    train: float = Field(default=0.8, ge=0, le=1)
    validation: float = Field(default=0.1, ge=0, le=1)
    test: float = Field(default=0.1, ge=0, le=1)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = self.train + self.validation + self.test
        if not math.isclose(total, 1.0, abs_tol=1e-9):
            raise ValueError(f"shares must add up to 1, they give {total:g}")
        return self


def split_of(group: str, *, seed: int, shares: Shares) -> Split:
    """Return the split of a group: SHA-256 over (seed, group) as a number in [0, 1)."""
    digest = hashlib.sha256(f"{seed}/split/{group}".encode()).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    if place < shares.train:
        return SPLITS[0]
    return SPLITS[1] if place < shares.train + shares.validation else SPLITS[2]


def rule(*, seed: int, shares: Shares) -> str:
    """Return the rule in words, for the manifest."""
    return (
        f"sha256('{seed}/split/' + split_group), first 8 bytes as a fraction of 2**64: "
        f"train below {shares.train:g}, validation below {shares.train + shares.validation:g}, "
        "else test"
    )

"""evaluation.v1: ``eval_summary.json`` and the lines of its per-item file."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tracemill_schema.canonical import ContentHash
from tracemill_schema.record import Name, Record


class Rate(Record):
    """A share of items with its 95 % Wilson interval."""

    n: int = Field(ge=0, description="items that were judged")
    hits: int = Field(ge=0, description="items of these that hold")
    rate: float = Field(ge=0, le=1, description="share hits / n; 0 if n is 0")
    low: float = Field(ge=0, le=1, description="lower end of the interval, a share")
    high: float = Field(ge=0, le=1, description="upper end of the interval, a share")


class ItemVerdict(Record):
    """How one completion was judged."""

    contract: ClassVar[str] = "evaluation_item.v1"

    question_id: ContentHash
    family: Name
    source: Name
    difficulty: float = Field(ge=0, description="the question's difficulty; no unit")
    sample: int = Field(ge=0, description="index among the samples of the same question")
    correct: bool
    reason: str = Field(min_length=1)
    formatted: bool = Field(description="answer tags are there exactly once")
    valid_steps: float = Field(ge=0, le=1, description="share of the steps that replay")


class Evaluation(Record):
    """The summary of an evaluation; every field has a value."""

    contract: ClassVar[str] = "evaluation.v1"

    model: str = Field(min_length=1)
    checkpoint: ContentHash
    evaluation_set: ContentHash = Field(description="digest of the questions, in order")
    items_file: str
    items_sha256: ContentHash
    samples_per_item: int = Field(ge=1, description="completions of each question")
    n_items: int = Field(ge=1, description="questions asked")
    n_scored: int = Field(ge=1, description="questions whose completions were judged")
    pass_at_1: Rate
    pass_at_k: Rate
    format_rate: Rate
    step_validity: Rate = Field(description="items all of whose steps replay")
    by_family: dict[str, Rate]
    by_difficulty: dict[str, Rate]
    by_source: dict[str, Rate]


Z_95 = 1.959963984540054
"""0.975 quantile of the normal distribution."""


def wilson(hits: int, n: int, *, samples: int = 1) -> Rate:
    """Return ``hits / n`` with its 95 % Wilson score interval (Wilson 1927, equation 10).

    With ``n == 0`` nothing is known: the rate is 0 and the interval is [0, 1].

    Args:
        hits: Judgements that hold.
        n: All judgements.
        samples: Judgements of the same item. They are alike, so the interval is that of
            ``n / samples`` independent ones: never too narrow.
    """
    if n == 0:
        return Rate(n=0, hits=0, rate=0.0, low=0.0, high=1.0)
    share = hits / n
    items = n / samples
    denominator = 1 + Z_95**2 / items
    centre = (share + Z_95**2 / (2 * items)) / denominator
    half = Z_95 * ((share * (1 - share) / items + Z_95**2 / (4 * items**2)) ** 0.5) / denominator
    return Rate(
        n=n,
        hits=hits,
        rate=share,
        low=0.0 if hits == 0 else max(0.0, centre - half),
        high=1.0 if hits == n else min(1.0, centre + half),
    )

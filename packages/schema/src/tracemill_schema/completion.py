"""completion.v1: an answer that a model sampled."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from tracemill_schema.canonical import ContentHash
from tracemill_schema.record import Record

OPEN_REASONING, CLOSE_REASONING = "<reasoning>", "</reasoning>"
OPEN_ANSWER, CLOSE_ANSWER = "<answer>", "</answer>"
TAGS = (OPEN_REASONING, CLOSE_REASONING, OPEN_ANSWER, CLOSE_ANSWER)
"""The tags of training text and of completions, here because both sides need the same."""


class Completion(Record):
    """What a model wrote for one question."""

    contract: ClassVar[str] = "completion.v1"

    question_id: ContentHash
    model: str = Field(min_length=1, description="checkpoint digest or model name")
    sample: int = Field(ge=0, description="index among the samples of the same question")
    text: str
    tokens: int = Field(ge=0, description="tokens that the model wrote")
    finish: Literal["stop", "length"]


def tagged(text: str, opening: str, closing: str) -> str | None:
    """Return what stands between a pair of tags if the pair occurs exactly once, else None."""
    if text.count(opening) != 1 or text.count(closing) != 1:
        return None
    start = text.index(opening) + len(opening)
    end = text.index(closing)
    return text[start:end] if end >= start else None

"""What a reward is: a function found by name among the entry points ``tracemill.rewards``."""

from __future__ import annotations

from typing import Protocol

from pydantic import Field

from tracemill_schema.question import Question
from tracemill_schema.record import Record

REWARD_GROUP = "tracemill.rewards"


class Judgement(Record):
    """A reward between 0 and 1 and the reason for it."""

    value: float = Field(ge=0, le=1)
    reason: str


class Reward(Protocol):
    """``reward(question, text)`` judges what a model wrote; it never raises for bad text."""

    def __call__(self, question: Question, text: str) -> Judgement:
        """Return the judgement of ``text`` as an answer to ``question``."""
        ...

"""trace.v1: the ReasoningTrace, what a model learns from."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, field_validator, model_validator

from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import ContentHash
from tracemill_schema.claim import Claim
from tracemill_schema.record import Identified, Name, Record

TRACE_VERSION = "1"


class Step(Record):
    """One step: what it says, and what it claims."""

    i: int = Field(ge=0, description="position; a trace's steps are numbered 0..n-1 in order")
    type: Name = Field(description="kind of step, for instance compute, read or conclude")
    content: str = Field(min_length=1, max_length=20_000)
    claim: Claim | None

    @field_validator("content")
    @classmethod
    def _says_something(cls, content: str) -> str:
        return not_blank(content)


class Provenance(Record):
    """What a trace was made from."""

    question_id: ContentHash
    episode_id: ContentHash | None = Field(description="null for a reasoning family's trace")
    family: Name
    generator: str = Field(min_length=1, description="package and version that made the trace")
    seed: int = Field(ge=0, description="number that the question was drawn with")
    licence: str = Field(min_length=1, description="licence of the data that the trace shows")


class Trace(Identified):
    """A prompt, the steps that lead to the answer, and the answer."""

    contract: ClassVar[str] = "trace.v1"

    trace_version: str = Field(pattern=r"^1$")
    prompt: str = Field(min_length=1, max_length=50_000)
    steps: tuple[Step, ...] = Field(min_length=1, max_length=1_000)
    final_answer: str = Field(min_length=1, max_length=50_000)
    answer_spec: AnswerSpec
    provenance: Provenance

    @field_validator("prompt", "final_answer")
    @classmethod
    def _says_something(cls, text: str) -> str:
        return not_blank(text)

    @model_validator(mode="after")
    def _steps_in_order(self) -> Self:
        for position, step in enumerate(self.steps):
            if step.i != position:
                raise ValueError(f"step at position {position} has i = {step.i}")
        return self


def not_blank(text: str) -> str:
    """Return the text unchanged.

    Raises:
        ValueError: if it holds nothing but white space.
    """
    if not text.strip():
        raise ValueError("text must not be blank")
    return text

"""question.v1: one question with all its admissible answers."""

from __future__ import annotations

import operator
from typing import ClassVar, Literal

from pydantic import Field

from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import ContentHash, Value
from tracemill_schema.program import Node, Program
from tracemill_schema.record import Identified, Name, Record

Source = Literal["template", "procedural", "llm"]
"""Where a question comes from: the only discriminator anywhere."""

SOURCES: tuple[Source, ...] = ("template", "procedural", "llm")


class AdmissibleAnswer(Record):
    """One answer that counts as correct, and the reading of the question that gives it."""

    value: Value
    interpretation: str = Field(
        min_length=1, description="convention that gives this answer, e.g. 'ddof=1', or 'only'"
    )


class Interpretation(Record):
    """One reading of a question: what it takes the question to mean, and what that gives."""

    conventions: tuple[str, ...] = Field(
        min_length=1, description="options of the conventions, e.g. 'ddof=1'; or 'only'"
    )
    status: Literal["admissible", "stated", "excluded"] = Field(
        description="its answer counts; the prompt pins the question to it; the prompt rules it out"
    )
    value: Value = Field(description="its answer as it would be asked for; null if it has none")
    why_none: str | None = Field(description="why it has no answer; null if it has one")
    nodes: tuple[Node, ...] = Field(
        default=(),
        min_length=1,
        max_length=64,
        exclude_if=operator.not_,
        description="its program, the answer last; none where its conventions say how the "
        "question's own program is rewritten",
    )


class Question(Identified):
    """A question about a table (``table_id``) or of a reasoning family (``table_id`` null)."""

    contract: ClassVar[str] = "question.v1"

    source: Source
    family: Name = Field(description="template or reasoning family, or the grammar's shape")
    table_id: ContentHash | None
    prompt: str = Field(min_length=1, max_length=50_000, description="what the solver is asked")
    mechanical: str = Field(min_length=1, description="the exact statement, no wording freedom")
    parameters: dict[str, Value] = Field(description="every parameter; each stands in the prompt")
    program: Program | None
    answer_spec: AnswerSpec
    answers: tuple[AdmissibleAnswer, ...] = Field(min_length=1, max_length=64)
    difficulty: float = Field(
        ge=0, description="measured: operators, cells that are read, decisions; no unit"
    )
    n_steps: int = Field(ge=1, le=1_000, description="steps of the worked answer")
    seed: int = Field(ge=0, description="number that the question was drawn with")
    split_group: str = Field(
        min_length=1, description="questions of one group never stand in two splits"
    )
    readings: tuple[Interpretation, ...] = Field(
        default=(),
        min_length=1,
        max_length=64,
        exclude_if=operator.not_,
        description="the interpretation table, the reading that the program renders first; no such "
        "key where none was made",
    )
    readings_left_out: int = Field(
        default=0,
        ge=1,
        exclude_if=operator.not_,
        description="number of combinations of conventions beyond the bound, not evaluated; no "
        "such key where there are none",
    )

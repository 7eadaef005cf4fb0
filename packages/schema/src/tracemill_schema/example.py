"""example.v1: training text made from a trace, with the span that the loss looks at.

Two forms are made of the same trace, so that learning to show work can be compared with learning
the bare answer:

    trace   PROMPT newline <reasoning> STEP newline STEP ... </reasoning><answer> ANSWER </answer>
    answer  PROMPT newline <answer> ANSWER </answer>

(the blanks above are for reading; the text has none).
"""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from tracemill_schema.canonical import ContentHash
from tracemill_schema.completion import (
    CLOSE_ANSWER,
    CLOSE_REASONING,
    OPEN_ANSWER,
    OPEN_REASONING,
)
from tracemill_schema.record import Name, Record
from tracemill_schema.trace import Trace

Form = Literal["trace", "answer"]
FORMS: tuple[Form, ...] = ("trace", "answer")


class Span(Record):
    """Characters ``start <= i < end`` of a text."""

    start: int = Field(ge=0, description="position of the first character, counted from 0")
    end: int = Field(ge=1, description="position after the last character")


class Example(Record):
    """One text to train on; everything before ``span`` is the prompt and is not trained."""

    contract: ClassVar[str] = "example.v1"

    trace_id: ContentHash
    question_id: ContentHash
    family: Name
    form: Form
    text: str = Field(min_length=2)
    span: Span = Field(description="characters that the loss looks at, to the end of the text")
    licence: str = Field(min_length=1)

    @model_validator(mode="after")
    def _span_lies_in_text(self) -> Self:
        if not self.span.start < self.span.end == len(self.text):
            raise ValueError(f"span {self.span.start}..{self.span.end} of {len(self.text)}")
        return self


def prompt_text(prompt: str) -> str:
    """Return the text that stands before what a model writes, in training and in sampling."""
    return prompt + "\n"


def example_of(trace: Trace, form: Form) -> Example:
    """Return the training text of a trace in one of the two forms."""
    prompt = prompt_text(trace.prompt)
    reasoning = "\n".join(step.content for step in trace.steps)
    shown = f"{OPEN_REASONING}{reasoning}{CLOSE_REASONING}" if form == "trace" else ""
    text = f"{prompt}{shown}{OPEN_ANSWER}{trace.final_answer}{CLOSE_ANSWER}"
    return Example(
        trace_id=trace.id,
        question_id=trace.provenance.question_id,
        family=trace.provenance.family,
        form=form,
        text=text,
        span=Span(start=len(prompt), end=len(text)),
        licence=trace.provenance.licence,
    )

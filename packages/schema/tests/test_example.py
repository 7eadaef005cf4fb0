from __future__ import annotations

import pytest

from tracemill_schema.errors import RecordError
from tracemill_schema.example import Form, Span, example_of, prompt_text
from tracemill_schema.trace import Trace


@pytest.mark.parametrize(
    ("form", "trained"),
    [
        ("trace", "<reasoning>2+3=5\n5*4=20</reasoning><answer>20</answer>"),
        ("answer", "<answer>20</answer>"),
    ],
)
def test_the_span_holds_every_step_and_the_answer(trace: Trace, form: Form, trained: str) -> None:
    example = example_of(trace, form)
    assert example.text[: example.span.start] == "What is (2 + 3) * 4?\n"
    assert example.text[example.span.start : example.span.end] == trained


def test_a_span_must_reach_the_end_of_the_text(trace: Trace) -> None:
    example = example_of(trace, "trace")
    with pytest.raises(RecordError, match="span 0..3 of"):
        example.replace(span=Span(start=0, end=3))


def test_the_prompt_of_a_question_is_the_text_before_the_span(trace: Trace) -> None:
    example = example_of(trace, "trace")
    assert prompt_text(trace.prompt) == example.text[: example.span.start]

"""Records that several tests start from."""

from __future__ import annotations

import pytest

from tracemill_schema.answer import AnswerSpec
from tracemill_schema.claim import Claim, StepRef
from tracemill_schema.question import AdmissibleAnswer, Question
from tracemill_schema.trace import Provenance, Step, Trace

ZERO = "0" * 64


@pytest.fixture
def trace() -> Trace:
    """(2 + 3) * 4 in two steps."""
    return Trace.make(
        trace_version="1",
        prompt="What is (2 + 3) * 4?",
        steps=(
            Step(
                i=0, type="compute", content="2+3=5", claim=Claim(op="add", args=(2, 3), result=5)
            ),
            Step(
                i=1,
                type="compute",
                content="5*4=20",
                claim=Claim(op="multiply", args=(StepRef(step=0), 4), result=20),
            ),
        ),
        final_answer="20",
        answer_spec=AnswerSpec(kind="integer"),
        provenance=Provenance(
            question_id=ZERO,
            episode_id=None,
            family="arithmetic",
            generator="tests 1",
            seed=0,
            licence="CC0-1.0",
        ),
    )


@pytest.fixture
def question() -> Question:
    """A question without a table."""
    return Question.make(
        source="procedural",
        family="arithmetic",
        table_id=None,
        prompt="What is (2 + 3) * 4?",
        mechanical="(2 + 3) * 4",
        parameters={"terms": [2, 3, 4]},
        program=None,
        answer_spec=AnswerSpec(kind="integer"),
        answers=(AdmissibleAnswer(value=20, interpretation="only"),),
        difficulty=2.0,
        n_steps=2,
        seed=0,
        split_group="2-3-4",
    )

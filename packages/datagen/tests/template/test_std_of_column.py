"""Standard deviations with a stated denominator."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.std_of_column import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_denominator_is_stated_and_the_other_one_is_wrong(settled: Settled) -> None:
    questions = [q for q in settled(TEMPLATE, "penguins", 60) if "where" not in q.parameters]
    by_ddof = {
        q.parameters["ddof"]: q for q in questions if q.parameters["column"] == "body_mass_g"
    }
    assert {ddof: q.answers[0].value for ddof, q in by_ddof.items()} == {0: 800.78, 1: 801.95}
    assert "Use ddof = 0 (dividing by n)." in by_ddof[0].prompt
    assert judge(by_ddof[0].answer_spec, 800.78, "800.7812").correct
    assert not judge(by_ddof[0].answer_spec, 800.78, 801.95).correct

"""Quantiles with a stated method, unless all methods agree."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.quantile_of_column import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_method_is_stated_unless_all_agree(settled: Settled) -> None:
    questions = settled(TEMPLATE, "penguins", 40)
    stated = [q for q in questions if "Use the method" in q.prompt]
    agreed = [q for q in questions if "Use the method" not in q.prompt]
    assert stated
    assert all(
        f"at rank (n - 1) * {q.parameters['q']} of the n sorted values, counted from 0" in q.prompt
        for q in questions
    )
    assert agreed
    assert all(q.answers[0].interpretation.count("method=") == 4 for q in agreed)
    assert all(str(q.parameters["method"]) in q.prompt for q in stated)
    assert all(not judge(q.answer_spec, q.answers[0].value, 0).correct for q in questions)

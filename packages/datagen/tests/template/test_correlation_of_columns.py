"""Correlations with a stated coefficient."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.correlation_of_columns import TEMPLATE
from tracemill_datagen.template.family import Template
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_coefficient_is_stated_and_the_other_one_is_wrong(settled: Settled) -> None:
    found = {
        q.answers[0].interpretation: q
        for q in settled(TEMPLATE, "penguins", 80)
        if {q.parameters["x"], q.parameters["y"]} == {"body_mass_g", "flipper_length_mm"}
    }
    assert {name: q.answers[0].value for name, q in found.items()} == {
        "Pearson": 0.8712,
        "Spearman": 0.84,
    }
    assert "Use Pearson's coefficient." in found["Pearson"].prompt
    assert not judge(found["Pearson"].answer_spec, 0.8712, 0.84).correct
    assert not judge(found["Pearson"].answer_spec, 0.8712, -0.8712).correct

"""Differences of two medians, with a direction."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.median_difference_of_groups import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_direction_stands_in_the_sentence_and_the_sign_counts(settled: Settled) -> None:
    question = next(
        q
        for q in settled(TEMPLATE, "penguins", 120)
        if (q.parameters["column"], q.parameters["first"], q.parameters["second"])
        == ("body_mass_g", "Adelie", "Gentoo")
    )
    assert 'where species is "Adelie", minus the median of body_mass_g' in question.prompt
    assert question.answers[0].value == -1300.0
    assert judge(question.answer_spec, -1300.0, "-1,300 g").correct
    assert not judge(question.answer_spec, -1300.0, 1300).correct

"""Means of a column's own cells, apart from those of complete rows."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.mean_of_column import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_cells_and_complete_rows_differ_and_the_prompt_says_which(settled: Settled) -> None:
    questions = settled(TEMPLATE, "elements", 20)
    stated = [q for q in questions if "Use every row that has a value in that column." in q.prompt]
    assert stated
    for question in stated:
        assert [a.interpretation for a in question.answers] == ["cells of the column"]


def test_mean_is_the_tables_and_no_other_number_counts(settled: Settled) -> None:
    question = next(
        q for q in settled(TEMPLATE, "penguins", 40) if q.parameters == {"column": "body_mass_g"}
    )
    value = question.answers[0].value
    assert value == 4201.75
    assert judge(question.answer_spec, value, "4201.754 g").correct
    assert not judge(question.answer_spec, value, 4202).correct

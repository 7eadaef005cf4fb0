"""Changes of a correlation in one group, against the rest and against all."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tracemill_datagen.template.correlation_change_analysis import TEMPLATE
from tracemill_datagen.template.family import Template
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def change(table: pd.DataFrame, question: Question, name: str) -> float:
    """What pandas gives for one reading of the question."""
    x, y, by = (str(question.parameters[key]) for key in ("x", "y", "by"))
    inside = table[by] == question.parameters["value"]
    rest = table if "included" in name else table[table[by].notna() & ~inside]
    method = name.split(",", maxsplit=1)[0].lower()
    first, second = (
        float(rows[[x, y]].corr(method=method).iloc[0, 1])  # type: ignore[arg-type]
        for rows in (table[inside], rest)
    )
    return first - second


def test_every_coefficient_and_side_is_admissible_where_it_is_open(
    settled: Settled, penguins: pd.DataFrame
) -> None:
    opened = [q for q in settled(TEMPLATE, "penguins", 12) if len(q.answers) >= 5]
    assert opened
    for question in opened:
        for answer in question.answers:
            wanted = change(penguins, question, answer.interpretation)
            assert judge(question.answer_spec, answer.value, wanted).correct
        wrong = -change(penguins, question, question.answers[0].interpretation)
        assert not any(
            judge(question.answer_spec, a.value, wrong).correct for a in question.answers
        )


def test_stated_question_refuses_the_other_side(settled: Settled, penguins: pd.DataFrame) -> None:
    stated = [q for q in settled(TEMPLATE, "penguins", 12) if "For the table, take" in q.prompt]
    assert stated
    for question in stated:
        name = question.answers[0].interpretation
        other = (
            name.replace("included", "excluded")
            if "included" in name
            else (name.replace("excluded", "included"))
        )
        assert ("only." in question.prompt) is ("excluded" in name)
        value = question.answers[0].value
        assert judge(question.answer_spec, value, change(penguins, question, name)).correct
        wrong = change(penguins, question, other)
        assert not judge(question.answer_spec, value, wrong).correct

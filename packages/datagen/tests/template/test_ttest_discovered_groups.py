"""t-tests of a largest group: by every rule, side and variant that the question leaves open."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.ttest_discovered_groups import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def t_of(table: pd.DataFrame, by: str, column: str, name: str) -> float:
    """What scipy gives for one reading of the question."""
    largest = table[by].value_counts().idxmax()
    group = table[table[by] == largest][column].dropna()
    rest = table[table[by].notna() & (table[by] != largest)][column].dropna()
    other = rest if "target excluded" in name else table[column].dropna()
    return float(stats.ttest_ind(group, other, equal_var="Student" in name).statistic)


def test_every_side_and_variant_is_admissible_where_the_question_is_open(
    settled: Settled, penguins: pd.DataFrame
) -> None:
    questions = [
        q
        for q in settled(TEMPLATE, "penguins", 80)
        if q.parameters["groupings"] == ["sex"] and len(q.answers) > 1 and "t statistic" in q.prompt
    ]
    assert questions
    for question in questions:
        assert {side for a in question.answers for side in ("excluded", "included")
                if side in a.interpretation} == {"excluded", "included"}  # fmt: skip
        for answer in question.answers:
            column = str(question.parameters["column"])
            for name in answer.interpretation.split(" or "):
                wanted = t_of(penguins, "sex", column, name)
                assert judge(question.answer_spec, answer.value, wanted).correct
        wrong = -question.answers[0].value  # type: ignore[operator]  # a number
        assert not any(
            judge(question.answer_spec, a.value, wrong).correct for a in question.answers
        )


def test_first_column_by_which_body_mass_varies_most_is_one_reading(settled: Settled) -> None:
    """Of all four columns the first is species, and by it the means of body mass vary most."""
    names = [
        name
        for question in settled(TEMPLATE, "penguins", 140)
        if question.parameters["groupings"] == ["species", "island", "sex", "year"]
        and question.parameters["column"] == "body_mass_g"
        for answer in question.answers
        for name in [answer.interpretation]
        if "first column" in name
    ]
    assert names
    assert all("highest-variance column" in name for name in names)


def test_stated_question_names_column_side_and_variant(settled: Settled) -> None:
    stated = [
        q
        for q in settled(TEMPLATE, "penguins", 80)
        if len(q.answers) == 1 and "Compare it with" in q.prompt and len(q.parameters) == 2
    ]
    assert stated
    for question in stated:
        assert "Use Student's t-test" in question.prompt or "Use Welch's t-test" in question.prompt
        assert "all other groups" in question.prompt or "its own included" in question.prompt
        several = len(question.parameters["groupings"]) > 1  # type: ignore[arg-type]  # a list
        assert several is ("Group by the " in question.prompt)
        value = question.answers[0].value
        assert isinstance(value, float)
        assert judge(question.answer_spec, value, f"{value}").correct
        assert not judge(question.answer_spec, value, value + 0.01).correct

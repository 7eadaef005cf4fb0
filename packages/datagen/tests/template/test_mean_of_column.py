"""Means of a column's own cells, apart from those of complete rows."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.mean_of_column import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]
Asked = Callable[..., dict[str, Question]]


STATEMENT = "Use every row that has a value in that column."


def test_cells_and_complete_rows_differ_and_the_prompt_says_which(asked: Asked) -> None:
    lines = (f"{n * 7 % 31}.5,{n * n % 23 if n % 4 else ''}\n" for n in range(30))
    table = "x,y\n" + "".join(lines)
    (question,) = asked(TEMPLATE, table, column="x").values()
    assert STATEMENT in question.prompt
    assert [a.interpretation for a in question.answers] == ["cells of the column"]
    assert {row.status for row in question.readings if "complete rows" in row.conventions} == {
        "excluded"
    }


def test_of_a_column_with_empty_cells_it_is_said_once(settled: Settled) -> None:
    questions = settled(TEMPLATE, "elements", 20)
    cells = [q for q in questions if q.answers[0].interpretation == "cells of the column"]
    assert cells
    for question in cells:
        assert len(question.answers) == 1
        assert "Leave cells without a value out." in question.prompt
        assert STATEMENT not in question.prompt


def test_mean_is_the_tables_and_no_other_number_counts(settled: Settled) -> None:
    question = next(
        q for q in settled(TEMPLATE, "penguins", 40) if q.parameters == {"column": "body_mass_g"}
    )
    value = question.answers[0].value
    assert value == 4201.75
    assert judge(question.answer_spec, value, "4201.754 g").correct
    assert not judge(question.answer_spec, value, 4202).correct

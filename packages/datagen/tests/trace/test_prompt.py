from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracemill_datagen.trace.prompt import prompt_of
from tracemill_schema.table import Column

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracemill_schema.answer import AnswerSpec
    from tracemill_schema.question import Question
    from tracemill_schema.table import Table


def column(name: str) -> Column:
    return Column(name=name, kind="integer", nulls=0, distinct=1, unit=None)


@pytest.mark.parametrize(
    ("family", "said"),
    [
        ("mean_where", "6 rows; columns kind (category), mass (number, g)."),
        ("none_of_them", "6 rows; columns height (integer)."),
        ("wrong_gold", "6 rows; columns kind (category), mass (number, g), height (integer)."),
    ],
)
def test_the_prompt_names_the_table_and_the_columns_that_are_needed(
    questions: dict[str, Question], table: Table, family: str, said: str
) -> None:
    assert prompt_of(questions[family], table) == (
        f"What does {family} give?\nTable flowers: {said}"
    )


def test_the_description_is_bounded(questions: dict[str, Question], table: Table) -> None:
    wide = table.replace(
        name="n" * 200, rows=1, columns=tuple(column(f"c{i}" + "x" * 90) for i in range(400))
    )
    said = prompt_of(questions["wrong_gold"], wide).split("\n")[1]
    assert said.startswith(f"Table {'n' * 57}...: 1 row; columns c0{'x' * 55}... (integer), ")
    assert said.endswith(" and 388 more.")
    assert len(said) < 1_200


def test_a_program_that_cannot_be_read_needs_every_column(
    make_question: Callable[..., Question], share_spec: AnswerSpec, table: Table
) -> None:
    question = make_question("odd", "not python (", share_spec, 1.0)
    assert "kind (category), mass (number, g), height" in prompt_of(question, table)

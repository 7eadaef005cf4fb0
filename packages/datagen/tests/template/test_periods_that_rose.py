"""Counts of rises."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.periods_that_rose import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

MEANS = {2008: 10, 2009: 20, 2010: 50, 2011: 40, 2012: 85, 2013: 81}
TABLE = "year,price\n" + "".join(
    f"{year},{mean + side}\n" for year, mean in MEANS.items() for side in (-1, 1)
)
BY = {"by": "year", "unit": "year", "aggregate": "mean"}


def test_rises_are_counted_exactly(asked: Asked) -> None:
    (question,) = asked(TEMPLATE, TABLE, **BY).values()
    assert "how many years are higher than the year before?" in question.prompt
    assert question.answers[0].value == 3
    assert judge(question.answer_spec, 3, "3").correct
    assert not judge(question.answer_spec, 3, 2).correct


def test_missing_years_are_spoken_of(asked: Asked) -> None:
    without = "".join(line for line in TABLE.splitlines(keepends=True) if "2011" not in line)
    (question,) = asked(TEMPLATE, without, **BY).values()
    assert "the year before (the last one before that has rows)?" in question.prompt
    assert question.answers[0].value == 3

"""Counts of rises."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.periods_that_rose import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_rises_are_counted_exactly(asked: Asked, prices: str, by_year: dict[str, str]) -> None:
    (question,) = asked(TEMPLATE, prices, **by_year).values()
    assert "how many years are higher than the year before?" in question.prompt
    assert question.answers[0].value == 3
    assert judge(question.answer_spec, 3, "3").correct
    assert not judge(question.answer_spec, 3, 2).correct


def test_missing_years_are_spoken_of(asked: Asked, prices: str, by_year: dict[str, str]) -> None:
    without = "".join(line for line in prices.splitlines(keepends=True) if "2011" not in line)
    (question,) = asked(TEMPLATE, without, **by_year).values()
    assert "the year before (the last one before that has rows)?" in question.prompt
    assert question.answers[0].value == 3

"""Periods and weekdays with the most rows or the largest sum."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.template.busiest_period import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "on,sales\n" + "".join(
    f"2024-01-{day:02},{day % 7 * 3 + 2}\n" for day in (*range(1, 29), 19, 19, 19)
)
"""January 2024 starts on a Monday; Friday the 19th has four rows, Saturdays sell most."""


@pytest.mark.parametrize(
    ("literals", "words", "value", "wrong"),
    [
        (
            {"part": "weekday", "column": None},
            "has the most rows? Answer with the English name of the weekday.",
            "Friday",
            "Monday",
        ),
        (
            {"unit": "day", "column": None},
            'which day (YYYY-MM-DD) of "on" has the most rows?',
            "2024-01-19",
            "2024-01-12",
        ),
        (
            {"part": "weekday", "column": "sales"},
            'which weekday of "on" has the largest sum of sales?',
            "Friday",
            "Saturday",
        ),
    ],
)
def test_what_is_added_up_stands_in_the_sentence(
    asked: Asked, literals: dict[str, str | None], words: str, value: str, wrong: str
) -> None:
    (question,) = asked(TEMPLATE, TABLE, **literals).values()
    assert words in question.prompt
    assert question.answers[0].value == value
    assert judge(question.answer_spec, value, value.lower()).correct
    assert not judge(question.answer_spec, value, wrong).correct


def test_equally_busy_weekdays_are_not_asked(asked: Asked) -> None:
    lines = TABLE.splitlines(keepends=True)[:29]
    assert asked(TEMPLATE, "".join(lines), part="weekday", column=None) == {}

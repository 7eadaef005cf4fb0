"""Shares of values far from the mean, with a stated denominator of the deviation."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.outlier_share_zscore import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

CELLS = (
    20, 19, 11, 21, 16, 16, 17, 19, 14, 17, 10, 18, 17, 18, 15, 20, 16, 21, 13, 19, 11, 10, 12, 20,
    14, 21, 10, 14, 10, 20, 16, 14, 16, 21, 13, 20, 30, 28, 30, 30,
)  # fmt: skip
"""28 is 2.02 deviations from the mean with n below the squares, and 1.99 with n - 1."""

TABLE = "score\n" + "".join(f"{cell}\n" for cell in CELLS)


def test_denominator_is_stated_where_it_matters(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="score", k=2)
    assert {name: q.answers[0].value for name, q in found.items()} == {
        "ddof=0": 10.0,
        "ddof=1": 7.5,
    }
    question = found["ddof=1"]
    assert "Use ddof = 1 (dividing by n - 1)." in question.prompt
    assert judge(question.answer_spec, 7.5, "7.5 %").correct
    assert not judge(question.answer_spec, 7.5, 10).correct


def test_share_is_of_the_values_and_not_of_all_rows(asked: Asked) -> None:
    table = "score,n\n" + "".join(f"{cell},{n}\n" for n, cell in enumerate((*CELLS, *[""] * 10)))
    found = asked(TEMPLATE, table, column="score", k=2)
    assert found["ddof=1"].answers[0].value == 7.5

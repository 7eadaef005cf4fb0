"""Means of what outliers leave, with a stated method of the quartiles."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.mean_without_outliers import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

CELLS = (12, 11, 18, 15, 11, 18, 20, 12, 12, 12, 12, 15, 14, 11, 40, 43, 33, 28)
TABLE = "score\n" + "".join(f"{cell}\n" for cell in CELLS)


def test_method_is_stated_and_the_mean_with_outliers_is_wrong(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="score", k=1.5)
    assert {name: q.answers[0].value for name, q in found.items()} == {
        "method=linear": 14.73,
        "method=lower": 13.79,
        "method=higher": 14.73,
        "method=midpoint": 14.73,
    }
    question = found["method=linear"]
    assert 'Use the method "linear"' in question.prompt
    assert judge(question.answer_spec, 14.73, "14.733").correct
    assert not judge(question.answer_spec, 14.73, round(sum(CELLS) / len(CELLS), 2)).correct


def test_columns_without_outliers_are_not_asked(asked: Asked) -> None:
    assert asked(TEMPLATE, "score\n" + "".join(f"{n * 7 % 20}\n" for n in range(20))) == {}

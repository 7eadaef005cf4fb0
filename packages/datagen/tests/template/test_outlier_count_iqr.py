"""Outliers by interquartile ranges, with a stated method of the quartiles."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.outlier_count_iqr import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

CELLS = (12, 11, 18, 15, 11, 18, 20, 12, 12, 12, 12, 15, 14, 11, 40, 43, 33, 28)
TABLE = "score\n" + "".join(f"{cell}\n" for cell in CELLS)


def test_method_is_stated_where_it_matters_and_another_count_is_wrong(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="score", k=1.5)
    assert {name: q.answers[0].value for name, q in found.items()} == {
        "method=linear": 3,
        "method=lower": 4,
        "method=higher": 3,
        "method=midpoint": 3,
    }
    question = found["method=lower"]
    assert "more than 1.5 times the interquartile range below the first quartile" in question.prompt
    assert 'Use the method "lower"' in question.prompt
    assert judge(question.answer_spec, 4, "4").correct
    assert not judge(question.answer_spec, 4, 3).correct

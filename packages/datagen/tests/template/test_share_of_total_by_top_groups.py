"""Shares of the top groups."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.share_of_total_by_top_groups import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

SIZES = {"a": 10, "b": 8, "c": 6, "d": 5, "e": 6}
TABLE = "kind,sales\n" + "".join(
    f"{kind},{n + (20 if kind == 'd' else 3)}\n"
    for kind, rows in SIZES.items()
    for n in range(rows)
)


def test_share_of_rows_and_of_a_sum_are_different_questions(asked: Asked) -> None:
    (rows,) = asked(TEMPLATE, TABLE, by="kind", n=2, column=None).values()
    (sums,) = asked(TEMPLATE, TABLE, by="kind", n=2, column="sales").values()
    assert "what percentage of all rows do the 2 values of kind with the most rows" in rows.prompt
    assert "what percentage of the sum of sales over all rows" in sums.prompt
    assert rows.answers[0].value == round(100 * 18 / 35, 2)
    totals = sorted(
        (sum(range(rows)) + rows * (20 if kind == "d" else 3) for kind, rows in SIZES.items()),
        reverse=True,
    )
    value = round(100 * sum(totals[:2]) / sum(totals), 2)
    assert sums.answers[0].value == value
    assert judge(sums.answer_spec, value, f"{value}").correct
    assert not judge(sums.answer_spec, value, value / 100).correct
    assert not judge(sums.answer_spec, value, rows.answers[0].value).correct


def test_a_tie_at_the_cut_is_not_asked(asked: Asked) -> None:
    assert asked(TEMPLATE, TABLE, by="kind", n=3, column=None) == {}

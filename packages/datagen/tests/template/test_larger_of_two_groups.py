"""Decisions between two groups."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean

from tracemill_datagen.template.larger_of_two_groups import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

ROWS = [
    (kind, level + n % 5, n * n % 31 + ord(kind))
    for kind, rows, level in (("a", 9, 10), ("b", 7, 30))
    for n in range(rows)
]
TABLE = "kind,level,score\n" + "".join(f"{kind},{x},{y}\n" for kind, x, y in ROWS)
SCORES = {kind: round(fmean(y for k, _, y in ROWS if k == kind), 2) for kind in "ab"}
PAIR = {"by": "kind", "first": "a", "second": "b", "target": "score"}


def test_group_with_the_higher_mean_is_described(asked: Asked) -> None:
    (question,) = asked(TEMPLATE, TABLE, **PAIR, column="level").values()
    assert "take the one with the higher mean of level" in question.prompt
    assert question.answers[0].value == SCORES["b"]
    assert judge(question.answer_spec, SCORES["b"], f"{SCORES['b']}").correct
    assert not judge(question.answer_spec, SCORES["b"], SCORES["a"]).correct


def test_group_with_more_rows_is_described(asked: Asked) -> None:
    (question,) = asked(TEMPLATE, TABLE, **PAIR, column=None).values()
    assert "take the one with more rows" in question.prompt
    assert question.answers[0].value == SCORES["a"]


def test_groups_of_one_size_are_not_compared_by_it(asked: Asked) -> None:
    even = "".join(TABLE.splitlines(keepends=True)[:8]) + TABLE[TABLE.index("b,") :]
    assert asked(TEMPLATE, even, **PAIR, column=None) == {}

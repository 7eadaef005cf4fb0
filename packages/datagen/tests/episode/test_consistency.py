from __future__ import annotations

from itertools import permutations

import pytest

from tracemill_datagen.episode.consistency import triangulate
from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import Value
from tracemill_schema.episode import Consistency

TWO = AnswerSpec(kind="number", decimals=2)


@pytest.mark.parametrize(
    ("submissions", "without", "clusters", "figures"),
    [
        ([0.46], 0, ((0,),), (1, 1, 1, 1.0)),
        ([0.46, 0.461, "0.46"], 0, ((0, 1, 2),), (3, 1, 3, 1.0)),
        ([0.46, 0.55, 0.46, 0.02], 0, ((0, 2), (1,), (3,)), (4, 3, 2, 0.5)),
        ([0.55, 0.46, 0.46], 1, ((1, 2), (0,)), (4, 2, 2, 0.5)),
        (["not a number", "not a number"], 0, ((0,), (1,)), (2, 2, 1, 0.5)),
        ([None, None, 0], 0, ((0, 1), (2,)), (3, 2, 2, 2 / 3)),
        ([], 2, (), (2, 1, 0, 0.0)),
        ([], 0, (), (1, 1, 0, 0.0)),
    ],
)
def test_equal_answers_fall_together(
    submissions: list[Value],
    without: int,
    clusters: tuple[tuple[int, ...], ...],
    figures: tuple[int, int, int, float],
) -> None:
    runs, groups, majority, confidence = figures
    found = triangulate(submissions, TWO, without_answer=without)
    assert found.clusters == clusters
    assert found.consistency == Consistency(
        runs=runs, clusters=groups, majority=majority, confidence=confidence
    )


def test_zero_and_false_are_not_the_same_integer() -> None:
    assert triangulate([0, False], AnswerSpec(kind="integer")).consistency.clusters == 2


def test_the_groups_do_not_depend_on_the_order_of_the_runs() -> None:
    answers: list[Value] = [100.0, 100.9, 101.8, 50.0]
    spec = AnswerSpec(kind="number", relative_tolerance=0.01)
    found = {triangulate(order, spec).consistency.to_bytes() for order in permutations(answers)}
    assert len(found) == 1

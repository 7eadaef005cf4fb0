"""Strongest rank correlations, with and without the column that is explained."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from itertools import combinations

import pandas as pd

from tracemill_datagen.question.bench import Bench
from tracemill_datagen.table.writer import csv_bytes
from tracemill_datagen.template.family import Template
from tracemill_datagen.template.spearman_rank_correlation import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_both_pools_are_admissible_and_pearsons_coefficient_is_wrong(
    settled: Settled, benches: dict[str, Bench]
) -> None:
    table = pd.read_csv(BytesIO(csv_bytes(benches["penguins"].sheet.columns)))
    opened = [q for q in settled(TEMPLATE, "penguins", 60) if len(q.answers) == 2]
    assert opened
    for question in opened:
        columns = question.parameters["columns"]
        assert isinstance(columns, list)
        pools = {
            "target included": columns,
            "target excluded": [c for c in columns if c != question.parameters["target"]],
        }
        for answer in question.answers:
            pairs = list(combinations(pools[answer.interpretation], 2))
            for method, correct in (("spearman", True), ("pearson", False)):
                strongest = max(
                    abs(float(table[[x, y]].corr(method=method).iloc[0, 1]))  # type: ignore[arg-type]
                    for x, y in pairs
                )
                assert judge(question.answer_spec, answer.value, strongest).correct is correct


def test_where_the_strongest_pair_has_no_target_both_paths_agree(settled: Settled) -> None:
    questions = settled(TEMPLATE, "penguins", 60)
    agreed = [q for q in questions if " or " in q.answers[0].interpretation]
    assert agreed
    assert not any("count as well" in q.prompt or "Leave pairs" in q.prompt for q in agreed)
    stated = [q for q in questions if "count as well" in q.prompt or "Leave pairs" in q.prompt]
    assert stated
    for question in stated:
        assert len(question.answers) == 1
        word = f"with {question.parameters['target']}"
        assert word in question.prompt
        assert "Spearman" in question.prompt

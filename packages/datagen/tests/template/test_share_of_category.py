"""Percentages with a stated denominator."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.share_of_category import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_denominator_is_stated_where_cells_are_empty(settled: Settled) -> None:
    found = {
        (q.parameters["value"], q.answers[0].interpretation): q
        for q in settled(TEMPLATE, "penguins", 120)
        if q.parameters["column"] == "sex"
    }
    assert {name: q.answers[0].value for name, q in found.items()} == {
        ("male", "of all rows"): 48.84,
        ("female", "of all rows"): 47.97,
        ("male", "of rows with a value"): 50.45,
        ("female", "of rows with a value"): 49.55,
    }
    question = found["male", "of all rows"]
    assert "those without a value included" in question.prompt
    assert judge(question.answer_spec, 48.84, "48.837 %").correct
    assert not judge(question.answer_spec, 48.84, 50.45).correct


def test_full_columns_need_no_word(settled: Settled) -> None:
    questions = settled(TEMPLATE, "penguins", 40)
    full = [q for q in questions if q.parameters["column"] == "species"]
    assert all("Take the percentage" not in q.prompt for q in full)

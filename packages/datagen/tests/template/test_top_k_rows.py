"""Names of the top rows, in order."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.top_k_rows import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_names_come_in_order_and_another_order_is_wrong(settled: Settled) -> None:
    question = next(
        q
        for q in settled(TEMPLATE, "state_crime", 60)
        if (q.parameters["by"], q.parameters["n"]) == ("poverty", 3)
    )
    names = ["Mississippi", "New Mexico", "Arkansas"]
    gold = question.answers[0].value
    assert isinstance(gold, list)
    assert judge(question.answer_spec, gold, ", ".join(gold)).correct
    assert not judge(question.answer_spec, gold, gold[::-1]).correct
    assert gold[0] == names[0]


def test_tables_without_names_are_not_asked(settled: Settled) -> None:
    assert settled(TEMPLATE, "penguins", 20) == []

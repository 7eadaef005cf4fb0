"""The best group by every aggregate that the question leaves open."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.family import Template
from tracemill_datagen.template.highest_group import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_every_aggregates_answer_is_accepted_and_others_are_not(settled: Settled) -> None:
    questions = settled(TEMPLATE, "penguins", 40)
    opened = [q for q in questions if len(q.answers) > 1]
    assert opened
    for question in opened:
        values = [answer.value for answer in question.answers]
        names = " or ".join(answer.interpretation for answer in question.answers).split(" or ")
        assert sorted(names) == ["by max", "by mean", "by median", "by sum"]
        assert len(set(map(str, values))) == len(values)
        assert not any(judge(question.answer_spec, value, "Nowhere").correct for value in values)


def test_sentence_names_no_aggregate(settled: Settled) -> None:
    for question in settled(TEMPLATE, "penguins", 20):
        assert "mean" not in question.prompt
        assert "sum" not in question.prompt

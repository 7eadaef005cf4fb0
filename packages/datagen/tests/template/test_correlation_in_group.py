"""Correlations within one group."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.correlation_in_group import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_squares_rise_with_their_roots_but_in_no_line(asked: Asked, doses: str) -> None:
    found = asked(TEMPLATE, doses, by="kind", value="tea")
    values = {"Pearson": 0.9542, "Spearman": 0.9879}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    assert "Use Pearson's coefficient." in found["Pearson"].prompt
    assert not judge(found["Pearson"].answer_spec, 0.9542, 0.9879).correct
    assert not judge(found["Spearman"].answer_spec, 0.9879, 0.9542).correct

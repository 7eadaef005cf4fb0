"""The difference of two groups' correlations."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.correlation_difference_of_groups import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_the_coefficient_is_stated_and_the_sign_counts(asked: Asked, doses: str) -> None:
    found = asked(TEMPLATE, doses, first="tea", second="bun")
    values = {"Pearson": 1.95, "Spearman": 1.99}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    assert "Use Spearman's rank coefficient" in found["Spearman"].prompt
    assert not judge(found["Pearson"].answer_spec, 1.95, 1.99).correct
    assert not judge(found["Pearson"].answer_spec, 1.95, -1.95).correct

"""The difference of two groups' correlations."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.correlation_difference_of_groups import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = "kind,dose,effect\n" + "".join(
    f"tea,{n},{square}\nbun,{n},{11 - n}\n"
    for n, square in zip(range(1, 11), (1, 4, 9, 16, 25, 36, 49, 64, 100, 81), strict=True)
)


def test_the_coefficient_is_stated_and_the_sign_counts(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, first="tea", second="bun")
    values = {"Pearson": 1.95, "Spearman": 1.99}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    assert "Use Spearman's rank coefficient" in found["Spearman"].prompt
    assert not judge(found["Pearson"].answer_spec, 1.95, 1.99).correct
    assert not judge(found["Pearson"].answer_spec, 1.95, -1.95).correct

"""Chi-square tests of two categories, against scipy."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy import stats

from tracemill_datagen.template.chi_square_independence import TEMPLATE
from tracemill_datagen.template.family import Template
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Settled = Callable[[Template, str, int], list[Question]]


def test_answers_are_scipys_and_the_uncorrected_one_is_told_apart(
    settled: Settled, penguins: pd.DataFrame
) -> None:
    questions = settled(TEMPLATE, "penguins", 80)
    kinds = {
        kind
        for q in questions
        for kind in ("statistic of", "p-value of", "Cramer's V")
        if kind in q.prompt
    }
    assert kinds == {"statistic of", "p-value of", "Cramer's V"}
    for question in questions:
        x, y = (penguins[str(question.parameters[key])] for key in ("x", "y"))
        table = pd.crosstab(x, y)
        test = stats.chi2_contingency(table, correction=False)
        v = stats.contingency.association(table, method="cramer", correction=False)
        wanted = {"statistic of": test.statistic, "p-value of": test.pvalue, "Cramer's V": v}
        value = question.answers[0].value
        right = next(float(wanted[kind]) for kind in wanted if kind in question.prompt)
        assert judge(question.answer_spec, value, right).correct
        assert not judge(question.answer_spec, value, right + 0.02).correct


def test_correction_of_two_by_two_is_stated(asked: Callable[..., dict[str, Question]]) -> None:
    counts = {"a,u": 12, "a,v": 7, "b,u": 6, "b,v": 15}
    rows = [row for row, count in counts.items() for _ in range(count)]
    table = "first,second\n" + "\n".join(rows)
    found = asked(TEMPLATE, table, x="first", y="second")
    two = [[12, 7], [6, 15]]
    corrected, plain = (found[name] for name in ("correction=yes", "correction=no"))
    for question, correction in ((corrected, True), (plain, False)):
        test = stats.chi2_contingency(two, correction=correction)
        other = stats.chi2_contingency(two, correction=not correction)
        field = "pvalue" if "p-value" in question.prompt else "statistic"
        value = question.answers[0].value
        assert "continuity correction" in question.prompt
        assert judge(question.answer_spec, value, float(getattr(test, field))).correct
        assert not judge(question.answer_spec, value, float(getattr(other, field))).correct

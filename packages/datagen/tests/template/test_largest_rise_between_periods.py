"""The period of the largest rise, by amount or in percent."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.largest_rise_between_periods import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]


def test_both_ways_to_compare_rises_are_stated(
    asked: Asked, prices: str, by_year: dict[str, str]
) -> None:
    found = asked(TEMPLATE, prices, **by_year)
    assert {name: q.answers[0].value for name, q in found.items()} == {
        "rise by amount": 2012,
        "rise in percent": 2010,
    }
    amount, percent = found["rise by amount"], found["rise in percent"]
    assert "Compare rises by their amount, not in percent." in amount.prompt
    assert "Compare rises in percent of the year before." in percent.prompt
    assert judge(amount.answer_spec, 2012, "2012").correct
    assert not judge(amount.answer_spec, 2012, 2010).correct


def test_where_both_agree_nothing_is_stated(
    asked: Asked, prices: str, by_year: dict[str, str]
) -> None:
    steep = prices.replace("2012,84", "2012,940").replace("2012,86", "2012,960")
    found = asked(TEMPLATE, steep, **by_year)
    assert found
    for question in found.values():
        assert "Compare rises" not in question.prompt
        assert question.answers[0].value == 2012


def test_without_percentages_the_amount_is_stated(
    asked: Asked, prices: str, by_year: dict[str, str]
) -> None:
    (question,) = asked(TEMPLATE, prices.replace("2008,", "2008,-"), **by_year).values()
    assert question.answers[0].interpretation == "rise by amount"
    assert "Compare rises by their amount" in question.prompt

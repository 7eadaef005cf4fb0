"""A quantity of the row where another one is extreme."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.value_at_extreme import TEMPLATE
from tracemill_schema.answer import judge
from tracemill_schema.question import Question

Asked = Callable[..., dict[str, Question]]

TABLE = """\
item,kind,price,sales,stock
Assam,tea,1.5,10,9
Bombe,bun,2.0,40,9
Ceylon,tea,2.5,20,1
Donut,bun,3.0,5,2
Earl,tea,3.5,30,3
Fritter,bun,4.0,15,4
Gyokuro,tea,4.5,25,5
Hefe,bun,5.0,35,6
Icing,bun,5.5,50,7
Jasmine,tea,6.0,60,8
Keemun,tea,6.5,45,1
Linzer,bun,7.0,80,2
"""


def test_value_beside_the_largest(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="price", by="sales", end="smallest", where=None)
    question = found["only"]
    gold = 3.0
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "3").correct
    assert not judge(question.answer_spec, gold, 1.5).correct
    assert not judge(question.answer_spec, gold, 5).correct


def test_value_beside_the_largest_of_a_group(asked: Asked) -> None:
    found = asked(
        TEMPLATE, TABLE, column="price", by="sales", end="largest", where="kind", value="tea"
    )
    question = found["only"]
    gold = 6.0
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "6.00").correct
    assert not judge(question.answer_spec, gold, 7.0).correct
    assert not judge(question.answer_spec, gold, 6.5).correct


def test_an_extreme_that_two_rows_share_is_not_asked(asked: Asked) -> None:
    assert asked(TEMPLATE, TABLE, column="price", by="stock", where=None) == {}

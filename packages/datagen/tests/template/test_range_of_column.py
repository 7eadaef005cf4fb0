"""The largest minus the smallest value."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.range_of_column import TEMPLATE
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


def test_over_one_group(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="price", where="kind", value="tea")
    question = found["only"]
    gold = 5.0
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "5").correct
    assert not judge(question.answer_spec, gold, 5.5).correct
    assert not judge(question.answer_spec, gold, 6.5).correct


def test_over_all_rows(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="price", where=None)
    question = found["only"]
    gold = 5.5
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "5.50").correct
    assert not judge(question.answer_spec, gold, -5.5).correct
    assert not judge(question.answer_spec, gold, 7.0).correct

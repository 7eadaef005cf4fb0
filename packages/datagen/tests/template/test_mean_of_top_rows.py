"""The mean over the rows at an end."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.mean_of_top_rows import TEMPLATE
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


def test_mean_price_of_the_three_best_sellers(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="price", by="sales", n=3, end="largest")
    question = found["only"]
    gold = 6.17
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "6.1667").correct
    assert not judge(question.answer_spec, gold, 63.33).correct
    assert not judge(question.answer_spec, gold, 4.25).correct

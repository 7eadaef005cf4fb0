"""The row at the second or third place."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.row_at_place import TEMPLATE
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


def test_second_largest_and_no_other_place(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, by="sales", end="largest", n=2)
    question = found["only"]
    gold = "Jasmine"
    assert question.answers[0].value == gold
    assert judge(question.answer_spec, gold, "jasmine").correct
    assert not judge(question.answer_spec, gold, "Linzer").correct
    assert not judge(question.answer_spec, gold, "Icing").correct


def test_third_smallest(asked: Asked) -> None:
    question = asked(TEMPLATE, TABLE, by="sales", end="smallest", n=3)["only"]
    assert "third smallest value of sales" in question.prompt
    assert question.answers[0].value == "Fritter"


def test_places_above_which_rows_are_equal_are_not_asked(asked: Asked) -> None:
    assert asked(TEMPLATE, TABLE, by="stock") == {}

"""Rows between two limits, these counted or not."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.count_in_range import TEMPLATE
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


def test_fifteen_and_fifty_count_or_not(asked: Asked) -> None:
    found = asked(TEMPLATE, TABLE, column="sales", low=15, high=45)
    values = {"limits counted": 7, "limits not counted": 5}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["limits counted"].answer_spec
    assert judge(spec, 7, "7").correct
    assert not judge(spec, 7, 5).correct
    spec = found["limits not counted"].answer_spec
    assert judge(spec, 5, "5").correct
    assert not judge(spec, 5, 7).correct
    prompt = found["limits not counted"].prompt
    assert "Do not count rows that equal a limit." in prompt

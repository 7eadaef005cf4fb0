"""Medians under a condition on another column."""

from __future__ import annotations

from collections.abc import Callable

from tracemill_datagen.template.median_where import TEMPLATE
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


def test_middle_of_six_prices(asked: Asked) -> None:
    found = asked(
        TEMPLATE, TABLE, column="price", limited="sales", side="greater", limit=30, where=None
    )
    values = {"mean of the two middle values": 5.75}
    assert {name: q.answers[0].value for name, q in found.items()} == values
    spec = found["mean of the two middle values"].answer_spec
    assert judge(spec, 5.75, "5.75").correct
    prompt = found["mean of the two middle values"].prompt
    assert "Of an even number of values, take the mean of the two middle ones." in prompt
    spec = found["mean of the two middle values"].answer_spec
    assert not judge(spec, 5.75, 5.5).correct
    assert not judge(spec, 5.75, 6).correct

"""Further conditions, in three engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.program.operators.condition import OPERATORS
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.role import roles_of
from tracemill_datagen.table.sheet import Sheet

Engine = Callable[[Expression], Datum]


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        (call("filter_at_least", TABLE, column="mass", value=5), 5),
        (call("filter_at_most", TABLE, column="mass", value=2.5), 3),
        (call("filter_between", TABLE, column="mass", low=2.5, high=5), 4),
        (call("filter_in", TABLE, column="kind", first="bug", second="fish"), 5),
        (call("filter_in", TABLE, column="legs", first=2, second=4), 6),
        (call("filter_starts", TABLE, column="name", value="e"), 2),
        (call("filter_contains", TABLE, column="name", value="o"), 4),
        (call("filter_contains", TABLE, column="kind", value="b"), 8),
    ],
)
def test_three_engines_agree(thrice: Engine, rows: Expression, count: int) -> None:
    assert thrice(call("count", rows)) == count


def test_texts_where_case_decides_are_refused(zoo: Sheet) -> None:
    rows = call("filter_starts", TABLE, column="name", value="E")
    with pytest.raises(Rejected, match="^case_matters: filter_starts: 'E' against 'emu'$"):
        Interpreter(zoo).value(rows)


def test_either_of_two_has_no_order() -> None:
    one = call("filter_in", TABLE, column="kind", first="bug", second="fish")
    other = call("filter_in", TABLE, column="kind", first="fish", second="bug")
    assert one.canonical == other.canonical


def test_every_binding_keeps_some_rows_and_drops_some() -> None:
    sheet = embedded_sheet(embedded_named("state_crime"))
    roles, interpreter = roles_of(sheet), Interpreter(sheet)
    seen = 0
    for operator in OPERATORS:
        assert operator.bindings is not None
        for parameters in operator.bindings(roles):
            counted = call("count", call(operator.name, TABLE, **parameters))
            assert 0 < interpreter.value(counted) < sheet.rows  # type: ignore[operator]
            seen += 1
    assert seen > 50


def test_parts_of_one_value_alone_are_not_bound() -> None:
    penguins = roles_of(embedded_sheet(embedded_named("penguins")))
    names = {"filter_starts", "filter_contains"}
    for operator in (operator for operator in OPERATORS if operator.name in names):
        assert operator.bindings is not None
        assert operator.bindings(penguins) == []
    crime = roles_of(embedded_sheet(embedded_named("state_crime")))
    starts = next(operator for operator in OPERATORS if operator.name == "filter_starts")
    assert starts.bindings is not None
    assert {"column": "state", "value": "M"} in starts.bindings(crime)

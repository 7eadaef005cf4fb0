"""The gold engine as such."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.datum import Rows
from tracemill_datagen.program.draft import TABLE, Expression, call
from tracemill_datagen.program.engine import interpreter as module
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet

HUGE = call("column", TABLE, column="x")
MEAN = call("mean", call("column", TABLE, column="mass"))
NO_MODE = call("mode", call("labels", TABLE, column="kind"))


def test_values_and_refusals_are_remembered(zoo: Sheet) -> None:
    interpreter = Interpreter(zoo)
    assert interpreter.value(MEAN) == interpreter.value(MEAN)
    for _ in range(2):
        with pytest.raises(Rejected, match=r"^tie"):
            interpreter.value(NO_MODE)


def test_memory_is_bounded_without_changing_values(
    zoo: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CACHED_CELLS", 5)
    interpreter = Interpreter(zoo)
    assert interpreter.value(MEAN) == pytest.approx(4.65)
    assert interpreter.value(TABLE) == Rows(range(11))


@pytest.mark.parametrize(
    ("size", "expression", "reason"),
    [
        ("e13", call("sum", HUGE), "too_large: sum"),
        ("e27", call("mean", HUGE), "too_large: mean"),
        ("e200", call("std", HUGE, ddof=1), "not_finite: std"),
        ("e306", call("sum", HUGE), "not_finite: sum"),
        ("e200", call("correlation", TABLE, x="x", y="y"), "not_finite: correlation"),
        ("e200", call("argmax_group", call("group_sum", TABLE, by="g", column="x")), "too_large"),
    ],
)
def test_numbers_beyond_exact_arithmetic_are_refused_by_name(
    size: str, expression: Expression, reason: str
) -> None:
    rows = "\n".join(f"{n}.5{size},{n}.25,{n % 2}" for n in range(1, 42))
    sheet = parse_sheet(f"x,y,g\n{rows}\n".encode(), name="t", where="t.csv")
    with pytest.raises(Rejected, match=f"^{reason}"):
        Interpreter(sheet).value(expression)

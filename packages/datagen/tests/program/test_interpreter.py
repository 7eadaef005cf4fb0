"""The gold engine as such."""

from __future__ import annotations

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.program import interpreter as module
from tracemill_datagen.program.datum import Rows
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.interpreter import Interpreter
from tracemill_datagen.table.sheet import Sheet

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

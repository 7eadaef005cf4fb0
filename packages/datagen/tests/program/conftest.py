"""A small table with an empty cell in every kind of column, and both engines on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.interpreter import Interpreter
from tracemill_datagen.program.sqlite import SqlEngine
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet

ZOO = b"""\
name,kind,mass,legs,day,tame
ant,bug,0.5,6,2012-01-01,true
bee,bug,1.5,6,2012-01-02,false
fly,bug,2.5,6,2012-01-03,true
ox,beast,8,4,2012-01-04,true
cat,beast,4,4,,false
dog,beast,6,4,2012-01-06,
owl,bird,3,2,2012-01-07,false
jay,bird,,2,2012-01-08,true
emu,,9,2,2012-01-09,false
eel,fish,7,,2012-01-10,true
cod,fish,5,0,2012-01-11,false
"""


@pytest.fixture(scope="session")
def zoo() -> Sheet:
    """Eleven animals; one kind, one mass, one count of legs, one day and one flag are unknown."""
    return parse_sheet(ZOO, name="zoo", where="zoo.csv")


@pytest.fixture
def both(zoo: Sheet) -> Callable[[Expression], Datum]:
    """Evaluate with the interpreter and check that sqlite agrees to nine digits."""
    interpreter = Interpreter(zoo)

    def value(expression: Expression) -> Datum:
        gold = interpreter.value(expression)
        with SqlEngine(zoo) as sql:
            second = sql.value(expression)
        assert second == (pytest.approx(gold, rel=1e-9) if isinstance(gold, float) else gold)
        return gold

    return value

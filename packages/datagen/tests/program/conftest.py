"""A small table with an empty cell in every kind of column, and both engines on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_datagen.program.datum import Datum
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.engine.interpreter import Interpreter
from tracemill_datagen.program.engine.source import source_of
from tracemill_datagen.program.engine.sqlite import SqlEngine
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.table.writer import csv_bytes

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


@pytest.fixture
def engines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Sheet], Callable[[Expression], Datum]]:
    """Evaluate on a table with the interpreter; check that sqlite and the rendered pandas agree."""
    monkeypatch.chdir(tmp_path)

    def on(sheet: Sheet) -> Callable[[Expression], Datum]:
        (tmp_path / "table.csv").write_bytes(csv_bytes(sheet.columns))

        def value(expression: Expression) -> Datum:
            gold = Interpreter(sheet).value(expression)
            near = pytest.approx(gold, rel=1e-9) if isinstance(gold, float) else gold
            with SqlEngine(sheet) as sql:
                assert sql.value(expression) == near
            scope: dict[str, object] = {}
            source = source_of(expression, sheet, value=gold, decimals=9)
            exec(source, scope)  # noqa: S102 - our own text
            near = pytest.approx(gold, abs=1e-8) if isinstance(gold, float) else gold
            assert scope["answer"] == (list(gold) if isinstance(gold, tuple) else near)
            return gold

        return value

    return on


@pytest.fixture
def thrice(
    zoo: Sheet, engines: Callable[[Sheet], Callable[[Expression], Datum]]
) -> Callable[[Expression], Datum]:
    """Evaluate on the zoo with the interpreter, sqlite and the rendered pandas."""
    return engines(zoo)


TRIPS = b"""\
day,year,fare,riders
2012-01-05,2008,10,1
2012-01-20,2008,20,2
2012-02-03,2009,15,4
2012-02-03,2009,25,1
2012-04-10,2010,100,3
2012-05-02,2010,30,5
2012-05-30,2011,40,1
2012-06-15,2011,5,2
2012-07-01,2012,,7
2012-07-04,2012,60,1
"""


@pytest.fixture(scope="session")
def trips() -> Sheet:
    """Ten days of six months of 2012, none in March; one fare is unknown."""
    return parse_sheet(TRIPS, name="trips", where="trips.csv")


@pytest.fixture
def travelled(
    trips: Sheet, engines: Callable[[Sheet], Callable[[Expression], Datum]]
) -> Callable[[Expression], Datum]:
    """Evaluate on the trips with the interpreter, sqlite and the rendered pandas."""
    return engines(trips)

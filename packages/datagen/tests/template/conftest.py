"""Settled questions of a family and the tables they are about, for the tests of the families."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from io import BytesIO

import pandas as pd
import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.question.settle import settle
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.join import joined, joins
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.table.writer import csv_bytes
from tracemill_datagen.template.family import Template
from tracemill_schema.canonical import Value
from tracemill_schema.question import Question

DRAWN = 800
"""Items drawn in search of a question with given literals about a table of a test."""


TRIPS = """\
to,km,cost,kind
Oslo,17,18,bus
Oslo,32,37,bus
Oslo,57,5,train
Oslo,45,23,bus
Oslo,43,42,bus
Oslo,51,10,train
Bergen,22,57,bus
Bergen,50,94,bus
Rome,41,30,train
Rome,42,67,bus
Rome,53,3,bus
Rome,27,40,train
Rome,58,77,bus
Bari,52,13,bus
Bari,56,50,train
Bari,23,87,bus
Pisa,47,23,bus
Pisa,34,60,train
Pisa,31,97,bus
Pisa,38,33,bus
Kiel,55,130,train
Kiel,35,6,bus
Kiel,25,43,bus
Kiel,25,80,train
Nowhere,35,16,bus
Nowhere,55,53,bus
Nowhere,38,90,train
Nowhere,31,26,bus
"""
PLACES = """\
place,region,height,guests
Oslo,north,10,100
Bergen,north,20,300
Rome,south,30,500
Bari,south,40,700
Pisa,south,50,900
Kiel,north,60,200
"""


GOODS = """\
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
MEANS = {2008: 10, 2009: 20, 2010: 50, 2011: 40, 2012: 85, 2013: 81}
SCORES = (12, 11, 18, 15, 11, 18, 20, 12, 12, 12, 12, 15, 14, 11, 40, 43, 33, 28)
SQUARES = (1, 4, 9, 16, 25, 36, 49, 64, 100, 81)


@pytest.fixture
def goods() -> str:
    """Twelve goods of two kinds: a price that is a level, sales that add up, stocks with ties."""
    return GOODS


@pytest.fixture
def kinds() -> str:
    """Six rows of tea, five of bun, seven of pie, and four whose kind is empty."""
    return "kind,place\n" + "tea,a\n" * 6 + "bun,b\n" * 5 + "pie,c\n" * 7 + ",d\n" * 4


@pytest.fixture
def prices() -> str:
    """Two prices of each of six years, whose means are ``MEANS``: they fall twice."""
    return "year,price\n" + "".join(
        f"{year},{mean + side}\n" for year, mean in MEANS.items() for side in (-1, 1)
    )


@pytest.fixture
def by_year() -> dict[str, str]:
    """The literals of a question about the yearly means of ``prices``."""
    return {"by": "year", "unit": "year", "aggregate": "mean"}


@pytest.fixture
def sales() -> str:
    """Three kinds; tea has most rows, so that its sum is not where its mean is among the three."""
    return (
        "kind,sales,price\n"
        + "".join(f"tea,{n},{n}\n" for n in (3, 1, 2, 5, 4, 6, 8, 7, 9, 11))
        + "".join(f"bun,{n},{n}\n" for n in (6, 8, 7, 9, 10))
        + "".join(f"pie,{n},{n}\n" for n in (20, 22, 21, 23, 24))
    )


@pytest.fixture
def scores() -> str:
    """Eighteen scores, four of which lie far above the others."""
    return "score\n" + "".join(f"{cell}\n" for cell in SCORES)


@pytest.fixture
def sites() -> str:
    """Two kinds at two sites, no two of the four combinations equally often."""
    return "kind,site\n" + "tea,east\n" * 7 + "tea,west\n" * 5 + "bun,east\n" * 6 + "bun,west\n" * 8


@pytest.fixture
def sites_and_gaps() -> str:
    """Two kinds at two sites; of half the tea and a third of the buns no site is known."""
    return (
        "kind,site\n"
        + "tea,east\n" * 6
        + "tea,west\n" * 4
        + "tea,\n" * 10
        + "bun,east\n" * 5
        + "bun,west\n" * 5
        + "bun,\n" * 5
    )


@pytest.fixture
def doses() -> str:
    """Doses and effects: together they rise for tea, though not on a line, and fall for bun."""
    return "kind,dose,effect\n" + "".join(
        f"tea,{n},{square}\nbun,{n},{11 - n}\n"
        for n, square in zip(range(1, 11), SQUARES, strict=True)
    )


@pytest.fixture
def days() -> str:
    """Six days of a month, with gaps of six days and of two."""
    return "on,x\n" + "".join(f"2024-01-{day:02},{day}\n" for day in (1, 2, 3, 4, 10, 12))


@pytest.fixture
def costs() -> str:
    """Three small costs and nine large ones: the mean lies below the median."""
    large = (30, 32, 34, 36, 38, 31, 33, 35, 37)
    return "cost\n" + "".join(f"{cost}\n" for cost in (1, 2, 3, *large))


@pytest.fixture
def penguins(benches: dict[str, Bench]) -> pd.DataFrame:
    """The penguins as pandas reads them."""
    return pd.read_csv(BytesIO(csv_bytes(benches["penguins"].sheet.columns)))


@pytest.fixture
def pair(penguins: pd.DataFrame) -> Callable[[Question], tuple[pd.Series, pd.Series]]:
    """Return the columns x and y of a question about penguins, on its rows, without empty cells."""

    def columns(question: Question) -> tuple[pd.Series, pd.Series]:
        x, y = (str(question.parameters[key]) for key in ("x", "y"))
        whole = _rows(penguins, question)[[x, y]].dropna()
        return whole[x], whole[y]

    return columns


@pytest.fixture
def samples(penguins: pd.DataFrame) -> Callable[[Question], tuple[pd.Series, pd.Series]]:
    """Return the values of both groups that a question about penguins compares."""

    def groups(question: Question) -> tuple[pd.Series, pd.Series]:
        by, column = (str(question.parameters[key]) for key in ("by", "column"))
        first, second = (
            penguins[penguins[by] == question.parameters[key]][column].dropna()
            for key in ("first", "second")
        )
        return first, second

    return groups


@pytest.fixture
def values(penguins: pd.DataFrame) -> Callable[[Question], pd.Series]:
    """Return the column of a question about penguins, on its rows, without empty cells."""
    return lambda question: _rows(penguins, question)[str(question.parameters["column"])].dropna()


def _rows(table: pd.DataFrame, question: Question) -> pd.DataFrame:
    if "where" not in question.parameters:
        return table
    where = str(question.parameters["where"])
    return table[table[where] == question.parameters["value"]]


@pytest.fixture(scope="session")
def benches() -> Iterator[dict[str, Bench]]:
    """Both engines on three embedded tables."""
    names = ("penguins", "state_crime", "elements")
    opened = {name: Bench(embedded_sheet(embedded_named(name))) for name in names}
    yield opened
    for bench in opened.values():
        bench.__exit__(None, None, None)


@pytest.fixture
def settled(benches: dict[str, Bench]) -> Callable[[Template, str, int], list[Question]]:
    """Return the questions of a family that settle among the first items on a table."""

    def questions(template: Template, table: str, items: int) -> list[Question]:
        found = []
        bench = benches[table]
        for item in range(items):
            try:
                rng = item_rng(0, template.name, "test", item)
                proposal = template.propose(bench.sheet, bench.roles, rng)
                found.append(
                    settle(proposal, bench, source="template", family=template.name, seed=0)
                )
            except Rejected:
                continue
        return found

    return questions


@pytest.fixture
def asked() -> Callable[..., dict[str, Question]]:
    """Return a family's questions with some literals about a table that the test writes.

    They come by the interpretation of their first answer; None as a literal asks for its absence.
    """
    return lambda template, table, **literals: _asked(template, _sheet(table, "small"), literals)


@pytest.fixture
def asked_of_two() -> Callable[..., dict[str, Question]]:
    """Return the same about trips and the places that they go to; four go nowhere."""
    (join,) = joins([_sheet(TRIPS, "trips"), _sheet(PLACES, "places")])
    return lambda template, **literals: _asked(template, joined(join), literals)


def _sheet(table: str, name: str) -> Sheet:
    return parse_sheet(table.encode(), name=name, where=f"{name}.csv")


def _asked(template: Template, sheet: Sheet, literals: Mapping[str, Value]) -> dict[str, Question]:
    found: dict[str, Question] = {}
    seen: set[tuple[str, str]] = set()
    with Bench(sheet) as bench:
        for item in range(DRAWN):
            rng = item_rng(0, template.name, "small", item)
            try:
                proposal = template.propose(bench.sheet, bench.roles, rng)
                key = proposal.sentence, proposal.readings[0].name
                other = any(proposal.parameters.get(k) != v for k, v in literals.items())
                if other or key in seen:
                    continue
                seen.add(key)
                question = settle(proposal, bench, source="template", family=template.name, seed=0)
            except Rejected:
                continue
            found.setdefault(question.answers[0].interpretation, question)
    return found

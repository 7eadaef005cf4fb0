"""Settled questions of a family, for the tests of the families."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.question.settle import settle
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.join import joined, joins
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet
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

"""Settled questions of a family, for the tests of the families."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.question.settle import settle
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.template.family import Template
from tracemill_schema.question import Question


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

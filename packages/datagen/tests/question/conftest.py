"""Settled questions of a family."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_datagen.errors import Rejected
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.question.settle import settle
from tracemill_datagen.template.family import Template
from tracemill_schema.question import Question

Drawn = Callable[[Bench, Template, int], list[Question]]


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    """Return the questions of a family that settle among its first items on a table."""

    def questions(bench: Bench, template: Template, items: int) -> list[Question]:
        found = []
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

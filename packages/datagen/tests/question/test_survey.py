"""Surveys of the embedded tables, held to the floors of the matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest

from tracemill_datagen.program.catalogue import OPERATORS
from tracemill_datagen.program.grammar.coverage import (
    FAMILIES,
    TEMPLATES_ONLY,
    Reached,
    TableClass,
    matrix,
    missed,
)
from tracemill_datagen.program.grammar.grammar import Grammar
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.survey import MakeGrammar, survey
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet

TABLES = ("seattle_weather", "penguins", "political_contributions", "elements", "state_crime",
          "auto_mpg", "womens_degrees")  # fmt: skip
"""One table of each class or more."""


def without(families: Iterable[str]) -> MakeGrammar:
    """Return a maker of grammars that have no operators of some families."""
    gone = {operator.name for family in families for operator in FAMILIES[family]}
    kept = [operator for operator in OPERATORS if operator.name not in gone]
    return lambda bench: Grammar(bench.roles, bench.sheet, operators=kept)


@pytest.fixture(scope="module")
def reached() -> dict[TableClass, Reached]:
    return survey([embedded_sheet(embedded_named(name)) for name in TABLES])


def test_every_floor_is_met(reached: dict[TableClass, Reached]) -> None:
    assert set(reached) == {"small", "wide", "mixed", "date"}
    assert [f"{line.property}: {line.got}" for line in missed(matrix(reached))] == []


@pytest.mark.parametrize("family", ["spread", "group", "scalar", "lookup"])
def test_the_matrix_fails_when_a_family_is_missing(family: str) -> None:
    sheet = embedded_sheet(embedded_named("penguins"))
    line = f"family {family}"
    with_it = survey([sheet], items=120)
    assert line not in {line.property for line in missed(matrix(with_it))}
    found = survey([sheet], items=120, grammar=without([family]))
    assert line in {line.property for line in missed(matrix(found))}


@pytest.mark.parametrize("family", sorted(set(FAMILIES) - TEMPLATES_ONLY))
def test_every_family_is_held_to(reached: dict[TableClass, Reached], family: str) -> None:
    gone = {operator.name for operator in FAMILIES[family]}
    fewer = {
        kind: replace(
            found,
            operators=Counter({op: n for op, n in found.operators.items() if op not in gone}),
        )
        for kind, found in reached.items()
    }
    assert f"family {family}" in {line.property for line in missed(matrix(fewer))}


def test_the_matrix_fails_without_decision_chains() -> None:
    sheets = [embedded_sheet(embedded_named(name)) for name in ("penguins", "seattle_weather")]
    found = survey(sheets, items=60, grammar=without(["decision"]))
    names = {line.property for line in missed(matrix(found))}
    assert {"family decision", "mixed: decisions a table", "date: decisions a table"} <= names


def test_what_does_not_pass_is_counted_by_reason(reached: dict[TableClass, Reached]) -> None:
    for found in reached.values():
        assert found.programs.total() > 0
        assert {"too_few_rows", "dead_filter"} <= found.rejected.keys()
        assert "engines_disagree" not in found.rejected


def test_a_survey_is_told_of_and_repeatable() -> None:
    told: list[tuple[str, int, int, str]] = []
    sheets = [embedded_sheet(embedded_named(name)) for name in ("penguins", "state_crime")]
    once = survey(sheets, items=30, progress=lambda *step: told.append(step))
    assert told == [("coverage", 1, 2, "penguins"), ("coverage", 2, 2, "state_crime")]
    assert once == survey(sheets, items=30)


def test_a_bench_surveys_its_own_grammar() -> None:
    sheet = embedded_sheet(embedded_named("state_crime"))
    with Bench(sheet) as bench:
        same = bench.grammar.possible
    given = survey([sheet], items=20, grammar=lambda bench: bench.grammar)
    assert given == survey([sheet], items=20)
    assert same > 10**6

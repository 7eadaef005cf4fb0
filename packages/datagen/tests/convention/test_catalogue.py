"""The catalogue of conventions is whole, and readings are named from it."""

from __future__ import annotations

import pytest

from tracemill_datagen.convention.axis import Convention
from tracemill_datagen.convention.catalogue import (
    BY_AXIS,
    BY_OPTION,
    CONVENTIONS,
    OPTIONS,
    reading,
    readings_of,
)
from tracemill_datagen.errors import Rejected
from tracemill_datagen.program.catalogue import OPERATORS
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.question.seed import item_rng
from tracemill_datagen.question.stored import SEPARATOR
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.role import Roles, roles_of
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.template.catalogue import TEMPLATES
from tracemill_datagen.template.family import Template

STD = call("std", call("column", TABLE, column="mass"), ddof=1)
METHOD_KEYS = {"ddof", "method", "definition", "correction", "continuity"}
"""Parameters that name a method: each value of each must be an option of the catalogue."""


def test_the_axes_that_the_issue_names_are_there() -> None:
    assert {
        "ddof", "quantile", "nulls", "ties", "highest", "lowest", "level", "correlation", "test",
        "target", "column", "rounding",
    } <= set(BY_AXIS)  # fmt: skip


def test_names_are_unique_and_stand_for_themselves() -> None:
    names = [option.name for convention in CONVENTIONS for option in convention.options]
    assert len(names) == len(set(names)) == len(OPTIONS)
    assert len(BY_AXIS) == len(CONVENTIONS)
    assert not any(SEPARATOR in name for name in names)


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda c: c.axis)
def test_every_axis_is_a_choice_and_says_what_it_concerns(convention: Convention) -> None:
    assert len(convention.options) >= 2
    assert convention.about.endswith(".")
    assert convention.concerns


def test_every_literal_that_names_a_method_is_an_option() -> None:
    """A new operator's method belongs into the catalogue, or nobody asks whether it matters."""
    stated = {
        (key, str(value)) for option in OPTIONS.values() for key, value in option.parameters.items()
    } | {
        (key, value)
        for key in ("definition", "correction", "continuity")
        for value in ("sample", "population", "plain", "yes", "no")
    }
    for operator in OPERATORS:
        for key, values in operator.words.items():
            if key in METHOD_KEYS:
                assert {(key, str(value)) for value in values} <= stated, operator.name


def test_a_reading_has_the_catalogues_name_sentence_and_literals() -> None:
    found = reading(STD, "ddof=1", "cells of the column")
    assert found.name == "ddof=1, cells of the column"
    assert found.statement == (
        "Use ddof = 1 (dividing by n - 1). "
        "Use every row that has a value in the columns asked about."
    )
    assert found.parameters == {"ddof": 1}
    assert reading(STD).name == "only"


def test_an_unknown_option_is_refused() -> None:
    with pytest.raises(KeyError, match="ddof=7"):
        reading(STD, "ddof=7")


def test_readings_of_an_axis_start_where_they_are_asked_to() -> None:
    found = readings_of(STD, "ddof", start=1)
    assert [each.name for each in found] == ["ddof=0", "ddof=1"]
    assert [each.expression.parameters["ddof"] for each in found] == [0, 1]


def test_every_option_knows_its_convention() -> None:
    assert all(OPTIONS[name] in BY_OPTION[name].options for name in OPTIONS)


@pytest.fixture(scope="module")
def tables() -> list[tuple[Sheet, Roles]]:
    """Tables with categories, quantities, dates, years and names among them."""
    names = ("penguins", "seattle_weather", "us_employment", "state_crime")
    sheets = [embedded_sheet(embedded_named(name)) for name in names]
    return [(sheet, roles_of(sheet)) for sheet in sheets]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_every_convention_of_every_family_is_in_the_catalogue(
    tables: list[tuple[Sheet, Roles]], template: Template
) -> None:
    """So no family has a convention of its own that nobody sees in the table."""
    names: set[str] = set()
    for sheet, roles in tables:
        for item in range(3):
            try:
                rng = item_rng(0, template.name, "catalogue", item)
                proposal = template.propose(sheet, roles, rng)
            except Rejected:
                continue
            parts = [name for each in proposal.readings for name in each.name.split(SEPARATOR)]
            names |= {part for name in parts for part in name.split(" or ")}
    assert names - {"only"} <= OPTIONS.keys()

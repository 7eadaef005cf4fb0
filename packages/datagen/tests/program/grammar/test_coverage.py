"""The requirement matrix; the surveys that fill it are in ``tests/question/test_survey.py``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.program.catalogue import OPERATORS
from tracemill_datagen.program.draft import TABLE, call
from tracemill_datagen.program.grammar.coverage import (
    CLASSES,
    FAMILIES,
    FEWEST_OPERATORS,
    FLOORS,
    SHOWN_BY_TESTS,
    TEMPLATES_ONLY,
    Reached,
    class_of,
    count_in,
    matrix,
    missed,
    size_of,
)
from tracemill_datagen.program.grammar.grammar import Grammar
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.role import roles_of

PROGRAM = Path(__file__).parent.parent
MALES = call("filter_equal", TABLE, column="sex", value="male")
MEAN = call("mean", call("column", MALES, column="body_mass_g"))


def test_every_operator_has_its_family() -> None:
    held = [operator.name for family in FAMILIES.values() for operator in family]
    assert sorted(held) == sorted(operator.name for operator in OPERATORS)
    assert len(held) >= FEWEST_OPERATORS
    assert set(FAMILIES) > TEMPLATES_ONLY
    assert set(FLOORS) == set(CLASSES)


@pytest.mark.parametrize(("says", "test"), SHOWN_BY_TESTS, ids=lambda text: text)
def test_the_tests_that_the_matrix_names_are_there(says: str, test: str) -> None:
    file, _, function = test.partition("::")
    assert f"def {function}(" in (PROGRAM / file).read_text(), says


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("day,x\n" + "".join(f"2012-01-{n:02},{n}\n" for n in range(1, 20)), "date"),
        (",".join(f"c{n}" for n in range(12)) + "\n" + ",".join("1" * 12) + "\n", "wide"),
        ("x,y\n1,2\n", "small"),
        ("x,y\n" + "".join(f"{n},{n % 7}\n" for n in range(200)), "mixed"),
    ],
)
def test_tables_have_one_class(text: str, kind: str) -> None:
    sheet = parse_sheet(text.encode(), name="t", where="t.csv")
    assert class_of(sheet, roles_of(sheet)) == kind


def test_reading_a_column_is_no_operator() -> None:
    assert size_of(MEAN) == 2
    assert size_of(call("count", TABLE)) == 1


def test_a_program_is_counted_by_what_it_is() -> None:
    reached = Reached(tables=1)
    count_in(reached, "penguins", MEAN)
    flag = call("is_above", MEAN, limit=4500)
    count_in(reached, "penguins", call("choose_number", flag, MEAN, call("count", TABLE)))
    assert reached.programs == {"penguins": 2}
    assert (reached.decisions.total(), reached.deep.total(), reached.long) == (1, 1, 0)
    assert (reached.operators["mean"], reached.operators["choose_number"]) == (2, 1)


def test_a_missed_floor_is_named() -> None:
    nothing = matrix({"small": Reached(tables=1, usable={"is_above", "mean"})})
    names = {line.property for line in missed(nothing)}
    assert {"small: programs a table", "small: decisions a table", "family decision"} <= names
    assert "typed operators" not in names
    assert "family gap" not in names  # no table has dates
    assert not any(name.startswith("wide") for name in names)


def test_every_node_is_defined_before_use_and_reaches_the_answer() -> None:
    sheet = embedded_sheet(embedded_named("penguins"))
    grammar = Grammar(roles_of(sheet), sheet)
    for item in range(400):
        program = grammar.program(item, seed=0, table="t")
        if program is None:
            continue
        nodes = program.nodes()
        assert all(place < index for index, node in enumerate(nodes) for place in node.inputs)
        reaching = {len(nodes) - 1}
        for index in reversed(range(len(nodes))):
            if index in reaching:
                reaching.update(nodes[index].inputs)
        assert reaching == set(range(len(nodes)))

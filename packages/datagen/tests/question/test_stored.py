"""The interpretation table as records, and the programs of its readings."""

from __future__ import annotations

import pytest

from tracemill_datagen.convention.catalogue import readings_of
from tracemill_datagen.program.draft import TABLE, Expression, call, expression_of
from tracemill_datagen.program.proposal import Proposal, Reading
from tracemill_datagen.question.bench import Bench
from tracemill_datagen.question.settle import settle
from tracemill_datagen.question.stored import expression_from, program_of, rewritten
from tracemill_schema.program import Node
from tracemill_schema.question import Question

MASS = call("column", TABLE, column="body_mass_g")
STD = call("std", MASS, ddof=1)


def settled(bench: Bench, *readings: Reading, policy: str = "stated") -> Question:
    made = Proposal(
        sentence="what is it",
        readings=readings,
        parameters={},
        policy="open" if policy == "open" else "stated",
    )
    return settle(made, bench, source="template", family="f", seed=0)


def test_a_reading_that_the_catalogue_can_rewrite_has_no_program_of_its_own(bench: Bench) -> None:
    question = settled(bench, *readings_of(STD, "ddof"))
    assert [row.conventions for row in question.readings] == [
        ("ddof=1",),
        ("ddof=0",),
        ("ddof=1", "complete rows"),
        ("ddof=0", "complete rows"),
    ]
    assert [row.status for row in question.readings] == ["stated", *["excluded"] * 3]
    assert all(row.nodes == () for row in question.readings)
    assert question.readings[1].value == 800.78


def test_a_reading_of_another_column_has_its_program(bench: Bench) -> None:
    readings = [
        Reading(
            name=f"by {by}",
            expression=call("argmax_group",
                            call("group_count", TABLE, by=by)),
        )
        for by in ("species", "island")
    ]  # fmt: skip
    question = settled(bench, *readings, policy="open")
    first, second, *_ = question.readings
    assert (first.conventions, first.status) == (("by species",), "admissible")
    assert (second.conventions, second.value) == (("by island",), "Biscoe")
    assert question.program is not None
    assert first.nodes == question.program.nodes
    program = program_of(second, expression_of(question.program))
    assert program is not None
    assert program.canonical == readings[1].expression.canonical


def test_every_reading_gives_its_stored_answer_again(bench: Bench) -> None:
    question = settled(bench, *readings_of(STD, "ddof"))
    assert question.program is not None
    main = expression_of(question.program)
    for row in question.readings:
        program = program_of(row, main)
        assert program is not None
        assert bench.confirmed(program, question.answer_spec.decimals) == row.value


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("only",), STD),
        (("ddof=0",), call("std", MASS, ddof=0)),
        (("by chance",), None),
        (("ddof=0", "by chance"), None),
    ],
)
def test_names_say_how_a_program_is_rewritten(
    names: tuple[str, ...], expected: Expression | None
) -> None:
    assert rewritten(STD, names) == expected


@pytest.mark.parametrize(
    "node",
    [
        Node(op="no_such", inputs=(), parameters={}, type="rows"),
        Node(op="count", inputs=(0,), parameters={}, type="number"),
        Node(op="count", inputs=(), parameters={}, type="number"),
    ],
)
def test_nodes_that_are_no_program_give_none(node: Node) -> None:
    assert expression_from([node]) is None

"""Where the questions of a table lie, and what stands of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tracemill_datagen.question.order import Made, Order
from tracemill_datagen.question.part import Kept, Part
from tracemill_datagen.table.reader import parse_sheet
from tracemill_schema.canonical import file_digest
from tracemill_schema.jsonl import write_bytes, write_record
from tracemill_schema.question import Question

SHEETS = [parse_sheet(b"x\n1\n", name=name, where=name) for name in ("zoo", "park", "wood")]


@pytest.fixture
def order(tmp_path: Path) -> Order:
    return Order(
        out=tmp_path, source="template", count=4, seed=0, families=("a", "b"), code="0" * 64
    )


def made_of(order: Order, name: str) -> None:
    """Let a file stand with its record."""
    (sheet,) = (sheet for sheet in SHEETS if sheet.name == name)
    write_bytes(order.path(name), b"{}\n")
    made = Made(
        inputs=order.inputs(sheet),
        file=file_digest(order.path(name)),
        questions=1,
        tried=1,
        possible="",
        rejected={},
    )
    write_record(order.made_path(name), made)


def test_inputs_change_with_everything_that_is_wanted(order: Order) -> None:
    others = [
        replace(order, source="procedural"),
        replace(order, count=5),
        replace(order, seed=1),
        replace(order, families=("a",)),
        replace(order, code="1" * 64),
    ]
    found = {each.inputs(SHEETS[0]) for each in (order, *others)}
    assert len(found) == 6
    assert order.inputs(SHEETS[1]) not in found
    assert replace(order, out=Path("elsewhere")).inputs(SHEETS[0]) in found


def test_a_file_is_whole_with_its_record_only(order: Order) -> None:
    made_of(order, "zoo")
    made = order.whole("zoo")
    assert made is not None
    assert made.inputs == order.inputs(SHEETS[0])
    assert order.whole("park") is None
    order.path("zoo").write_bytes(b"{}")
    assert order.whole("zoo") is None


def test_it_is_said_what_stands(order: Order, questions: dict[str, Question]) -> None:
    made_of(order, "zoo")
    with Part(order.part_path("park"), order.inputs(SHEETS[1])) as part:
        for item, question in enumerate(list(questions.values())[:3]):
            part.append(Kept(item=item, question=question, rejected={}))
    with Part(order.part_path("wood"), "f" * 64) as part:
        part.append(Kept(item=0, question=questions["share"], rejected={}))
    assert order.what_stands(SHEETS) == (
        f"1 of 3 files stand in {order.out / 'template'}, and 3 questions of the others are kept: "
        "the same command goes on there"
    )


def test_torn_files_go_and_whole_ones_stay(order: Order) -> None:
    made_of(order, "zoo")
    before = sorted(order.out.rglob("*"))
    for path in (order.path("zoo"), order.made_path("zoo"), order.part_path("zoo")):
        (path.parent / f".{path.name}.x1y2").write_bytes(b"{")
    order.remove_torn()
    assert sorted(order.out.rglob("*")) == before


def test_files_of_tables_that_are_gone_go(order: Order) -> None:
    for name in ("zoo", "park"):
        made_of(order, name)
        order.part_path(name).write_bytes(b"{")
    order.remove_others(["zoo"])
    files = {str(path.relative_to(order.out)) for path in order.out.rglob("*") if path.is_file()}
    assert files == {"template/zoo.jsonl", ".made/template/zoo.json", ".made/template/zoo.part"}

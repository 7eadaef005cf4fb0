"""Columns and literals of shapes."""

from __future__ import annotations

import pytest

from tracemill_datagen.program.catalogue import BY_NAME
from tracemill_datagen.program.draft import Expression
from tracemill_datagen.program.grammar.literal import Literals
from tracemill_datagen.program.grammar.shapes import shapes_of
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.role import roles_of

FEW = (
    "table", "filter_equal", "filter_less", "column", "mean", "count", "filter_above",
    "difference", "share", "is_above", "choose_number",
)  # fmt: skip


@pytest.fixture(scope="module")
def literals() -> Literals:
    sheet = embedded_sheet(embedded_named("penguins"))
    return Literals(roles_of(sheet), sheet, [BY_NAME[name] for name in FEW])


def bound(
    literals: Literals, op: str, depth: int, size: int, decisions: int = 0
) -> list[Expression]:
    shapes = shapes_of(literals.usable)
    key = (op, depth, size, decisions)
    found = []
    for number in range(shapes.count(key)):
        shape = shapes.at(key, number)
        found += [literals.bound(shape, index) for index in range(literals.count(shape))]
    return found


@pytest.mark.parametrize(
    ("op", "depth", "size"),
    [("count", 1, 1), ("count", 2, 2), ("mean", 2, 2), ("mean", 3, 3), ("share", 3, 4)],
)
def test_every_binding_is_another_program(
    literals: Literals, op: str, depth: int, size: int
) -> None:
    found = bound(literals, op, depth, size)
    assert len({expression.canonical for expression in found}) == len(found) > 0
    assert {expression.depth for expression in found} == {depth}


def test_a_set_of_filters_reads_different_columns(literals: Literals) -> None:
    pairs = [
        each for each in bound(literals, "count", 3, 3) if "filter_above" not in each.canonical
    ]
    assert pairs
    for each in pairs:
        outer, inner = each.inputs[0], each.inputs[0].inputs[0]
        assert outer.parameters["column"] != inner.parameters["column"]


def test_a_difference_compares_like_with_like(literals: Literals) -> None:
    found = bound(literals, "difference", 3, 5)
    for each in found:
        left, right = (side.inputs[0] for side in each.inputs)
        left, right = (side.inputs[0] if side.op == "column" else side for side in (left, right))
        assert left.op == right.op == "filter_equal"
        assert left.parameters["column"] == right.parameters["column"]
        assert left.parameters["value"] != right.parameters["value"]


def test_a_share_is_a_part_of_its_whole(literals: Literals) -> None:
    for each in bound(literals, "share", 3, 4):
        part, whole = each.inputs
        assert part.inputs[0].op == "filter_equal"
        assert whole.inputs[0].op == "table"


def test_differences_turned_round_and_shares_of_the_rest_are_not_asked() -> None:
    lines = "".join(f"{'ab'[n % 2]},{'xyz'[n % 3]},{n}\n" for n in range(60))
    sheet = parse_sheet(f"two,three,n\n{lines}".encode(), name="t", where="t.csv")
    literals = Literals(roles_of(sheet), sheet, [BY_NAME[name] for name in FEW])
    found = [(each.column, each.left, each.right) for each in literals.contrasts]
    assert found == [("two", "a", "b"), ("three", "x", "y"), ("three", "x", "z"),
                     ("three", "y", "z")]  # fmt: skip
    assert [literal["value"] for _, literal in literals.parts] == ["a", "x", "y", "z"]


def test_columns_are_measured_by_their_role() -> None:
    lines = "".join(f"{n * n},{n}.5,{1990 + n}\n" for n in range(60))
    sheet = parse_sheet(f"sales,price,year\n{lines}".encode(), name="t", where="t.csv")
    few = [BY_NAME[name] for name in ("table", "column", "sum", "max")]
    literals = Literals(roles_of(sheet), sheet, few)
    added = {each.inputs[0].parameters["column"] for each in bound(literals, "sum", 1, 1)}
    assert added == {"sales"}
    ends = [each.inputs[0].parameters["column"] for each in bound(literals, "max", 1, 1)]
    assert sorted(ends) == ["price", "sales", "year"]


def test_a_selection_against_a_middle_reads_one_column(literals: Literals) -> None:
    found = [each for each in bound(literals, "count", 3, 3) if each.inputs[0].op == "filter_above"]
    assert found
    for each in found:
        rows, middle = each.inputs[0].inputs
        assert rows.op == "table"
        assert middle.inputs[0].parameters["column"] == each.inputs[0].parameters["column"]


def test_a_condition_has_a_limit_of_its_own_column(literals: Literals) -> None:
    sheet = embedded_sheet(embedded_named("penguins"))
    for each in bound(literals, "is_above", 2, 2):
        number, limit = each.inputs[0], each.parameters["limit"]
        assert isinstance(limit, int | float)
        if number.op == "count":
            assert 0 < limit < sheet.rows
        else:
            values = sheet.column(str(number.inputs[0].parameters["column"])).sorted_values
            assert values[0] <= limit <= values[-1]  # type: ignore[operator]


def test_a_binding_beyond_all_is_refused(literals: Literals) -> None:
    shapes = shapes_of(literals.usable)
    shape = shapes.at(("count", 1, 1, 0), 0)
    with pytest.raises(IndexError, match="^wanted a binding below 1, got 1$"):
        literals.bound(shape, 1)

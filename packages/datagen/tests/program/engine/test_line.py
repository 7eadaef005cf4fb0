from __future__ import annotations

import pytest

from tracemill_datagen.program.engine.line import assignments, dependencies, fold


@pytest.mark.parametrize(
    ("line", "folded"),
    [("  x  =\t1 ", "x = 1"), ("x = 1", "x = 1"), ("x = 10", "x = 10"), ("x=1", "x=1")],
)
def test_folding_changes_only_runs_of_white_space(line: str, folded: str) -> None:
    assert fold(line) == folded


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("x = 1\ny = x\n", [(1, "x", "x = 1"), (2, "y", "y = x")]),
        ("x: int = 1", [(1, "x", "x: int = 1")]),
        ("x: int", []),
        ("x = 1\nx += 2", [(1, "x", "x = 1"), (2, "x", "x += 2")]),
        ("x = 1; y = 2", []),
        ("x = (1 +\n  2)", []),
        ("a, b = 1, 2", []),
        ("a = b = 1", []),
        ("d['k'] = 1", []),
        ("if True:\n    x = 1", []),
        ("print(1)", []),
        ("x = 1  #  why", [(1, "x", "x = 1 # why")]),
        ("not python (", []),
        ("x = 1\0", []),
    ],
)
def test_only_a_whole_line_that_binds_one_name_can_be_grounded(
    code: str, found: list[tuple[int, str, str]]
) -> None:
    assert [(line.number, line.name, line.text) for line in assignments(code)] == found


@pytest.mark.parametrize(
    ("code", "reads"),
    [
        ("x = a + b * a", ("a", "b")),
        ("x = [i for i in items]", ("items",)),
        ("x = sorted(rows, key=lambda row: row[n])", ("sorted", "rows", "n")),
        ("x += a", ("x", "a")),
    ],
)
def test_names_read_are_in_order_and_leave_out_local_ones(
    code: str, reads: tuple[str, ...]
) -> None:
    assert assignments(code)[0].reads == reads


def test_dependencies_are_names_that_earlier_lines_bound() -> None:
    code = "import pandas as pd\na = 1\nb = a + c\nc = b + a\na = len([a, c])"
    assert dependencies(code) == {2: (), 3: ("a",), 4: ("b", "a"), 5: ("a", "c")}


def test_a_deeply_nested_line_is_no_assignment_rather_than_a_crash() -> None:
    assert assignments("x = " + "-" * 200_000 + "1") == ()
    assert assignments("x = " + " + ".join(["y"] * 1_000)) == ()

"""Which faults can be planted, and which are drawn."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from tracemill_gate.errors import ToolMissing
from tracemill_gate.proof.mutant import (
    changed_lines,
    choose,
    difference,
    is_competent,
    mutations,
    mutations_of,
    planted,
    touched_functions,
)
from tracemill_schema.spec import Spec

SOURCE = """LIMIT = 1 + 1


def total(prices: list[int] | None) -> int | None:
    first: int | None = 2 * 3
    return first


class Shop:
    def open(self):
        return not True

    def shut(self):
        return 1 < 2
"""
SOURCES = {"src/shop.py": SOURCE.encode(), "src/other.py": b"def f():\n    return 1\n"}


@pytest.mark.parametrize(
    ("points", "changed", "touched"),
    [
        (["src/shop.py total"], {}, {"src/shop.py": [4]}),
        (["src/shop.py Shop"], {}, {"src/shop.py": [10, 13]}),
        (["src/shop.py new:Shop.open"], {}, {"src/shop.py": [10]}),
        (["src/ new:*"], {}, {"src/shop.py": [4, 10, 13], "src/other.py": [1]}),
        ([], {"src/shop.py": [1, 14]}, {"src/shop.py": [13]}),
        (["src/none.py x"], {"src/other.py": [2], "docs/a.md": [1]}, {"src/other.py": [1]}),
        (["src/shop.py LIMIT"], {}, {}),
    ],
)
def test_functions_are_those_of_the_touch_points_or_else_of_the_diff(
    planned: Callable[..., Spec],
    points: list[str],
    changed: dict[str, list[int]],
    touched: dict[str, list[int]],
) -> None:
    words = [point.split() for point in points]
    spec = planned(touch_points=[{"path": path, "name": name} for path, name in words])
    found = touched_functions([spec], SOURCES, changed)
    assert {path: [lines[0] for lines in all_lines] for path, all_lines in found.items()} == touched


def test_new_lines_are_read_from_a_diff() -> None:
    diff = (
        "--- a/x.py\n+++ b/x.py\n@@ -1 +1,2 @@ def f\n-a\n+b\n+c\n@@ -9,2 +10 @@\n"
        "--- a/gone.py\n+++ /dev/null\n@@ -1,3 +0,0 @@\n--- a/y.py\n+++ b/y.py\n@@ -0,0 +4,0 @@\n"
    )
    assert changed_lines(diff) == {"x.py": [1, 2, 10], "y.py": []}


def test_faults_lie_in_the_functions_and_not_in_annotations() -> None:
    found = mutations("src/shop.py", SOURCE, [range(4, 7), range(13, 15)])
    assert {one.line for one in found} == {5, 14}
    lines = {difference(SOURCE, planted(one, SOURCE)).splitlines()[1] for one in found}
    assert "+        return 1 >= 2" in lines
    assert "+    first: int | None = 2 + 3" in lines
    assert all("int | None =" in line for line in lines if "first" in line)


def test_the_same_seed_draws_the_same_faults(planned: Callable[..., Spec]) -> None:
    spec = planned(touch_points=[{"path": "src/", "name": "new:*"}])
    found = mutations("src/shop.py", SOURCE, [range(1, 20)])
    assert choose(found, 4, seed=1) == choose(list(reversed(found)), 4, seed=1)
    assert choose(found, 4, seed=1) != choose(found, 4, seed=2)
    assert len(choose(found, 10_000, seed=1)) == len(found)
    drawn = mutations_of([spec], SOURCES, diff="", count=5, seed=3)
    assert drawn == mutations_of([spec], SOURCES, diff="", count=5, seed=3)
    assert len(drawn) == 5


@pytest.mark.parametrize(
    ("text", "competent"),
    [("a = 2\n", True), ("a = 1\n", False), ("a  =  1\n", False), ("a = = 1\n", False)],
)
def test_a_fault_that_changes_nothing_is_incompetent(text: str, *, competent: bool) -> None:
    assert is_competent("a = 1\n", text) is competent


def test_without_the_tool_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cosmic_ray.mutating", None)
    with pytest.raises(ToolMissing) as caught:
        mutations("src/shop.py", SOURCE, [range(1, 20)])
    assert str(caught.value) == (
        "wanted cosmic-ray to plant faults, got: import of cosmic_ray.mutating halted; None in "
        "sys.modules; install the extra with: pip install 'tracemill-gate[mutants]'"
    )
    assert caught.value.exit_code == 3

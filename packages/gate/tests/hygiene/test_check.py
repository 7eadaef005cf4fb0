"""Hygiene, whole, on a scratch repository."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.hygiene.check import examine, table

LIMITS = """
[tool.tracemill.gate.hygiene]
max_module_lines = 6
max_function_lines = 4
max_nesting = 1
"""


def long_module(root: Path) -> None:
    (root / "src/a.py").write_text("a = 1\n" * 7)


def long_function(root: Path) -> None:
    (root / "src/a.py").write_text("def f():\n" + " a = 1\n" * 4)


def deep_function(root: Path) -> None:
    (root / "src/a.py").write_text("def f():\n if a:\n  if b: pass\n")


def unlisted_marker(root: Path) -> None:
    (root / "src/a.py").write_text("# TODO\n")


def no_python(root: Path) -> None:
    (root / "src/a.py").write_text("a = 1\ndef (:\n")


def broken_list(root: Path) -> None:
    (root / "current.md").write_text("# a\n")


FAULTS: list[tuple[Callable[[Path], None], str]] = [
    (long_module, "src/a.py: wanted at most 6 lines, got 7; split it by what it holds"),
    (long_function, "src/a.py:1: f: wanted at most 4 lines, got 5; split it"),
    (deep_function, "src/a.py:1: f: wanted at most 1 blocks in each other, got 2; split it"),
    (unlisted_marker, "src/a.py:1: wanted no TODO, got one that is not listed"),
    (no_python, "src/a.py:2: wanted Python, got: invalid syntax"),
    (broken_list, "current.md:1: wanted the sections"),
]


@pytest.mark.parametrize(
    ("plant", "words"), FAULTS, ids=lambda value: getattr(value, "__name__", "")
)
def test_faults(clean: Path, plant: Callable[[Path], None], words: str) -> None:
    settings = clean / "pyproject.toml"
    settings.write_text(settings.read_text() + LIMITS)
    assert examine(clean).report.green
    plant(clean)
    found = examine(clean).report
    assert not found.green
    assert str(found.faults[0]).startswith(words)


def test_limits_do_not_hold_for_tests(clean: Path) -> None:
    (clean / "src/tests").mkdir()
    (clean / "src/tests/test_a.py").write_text("a = 1\n" * 600)
    assert examine(clean).report.green


def test_nothing_to_look_at_is_not_green(gated: Path) -> None:
    found = examine(gated).report
    assert (found.checked, found.green) == (0, False)


def test_the_table_shows_each_figure_beside_its_aim(clean: Path) -> None:
    lines = table(examine(clean).measures)
    assert lines[0] == "figure                                  value  aim"
    assert lines[1] == "lines of a module, median                   2  at most 150"
    assert lines[-1] == "modules with a test of their name, %        0  at least 100  (not met)"

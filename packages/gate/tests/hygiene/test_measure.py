"""The figures of the code, each on a text whose figure is known."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracemill_gate.hygiene.measure import Measure, functions, measures
from tracemill_gate.hygiene.source import Source

Make = Callable[..., Source]

NESTING = [
    ("def f(): pass", 0),
    ("def f():\n if a:\n  for b in c: pass", 2),
    ("def f():\n if a: pass\n elif b: pass\n elif c:\n  with d: pass", 2),
    ("def f():\n if a: pass\n else:\n  if b: pass", 2),
    ("def f():\n try: pass\n except A:\n  while b: pass", 2),
    ("def f():\n match a:\n  case 1:\n   if b: pass", 2),
    ("def f():\n if a:\n  def g():\n   if b: pass", 1),
    ("async def f():\n async with a:\n  async for b in c: pass", 2),
]


@pytest.mark.parametrize(("text", "wanted"), NESTING)
def test_nesting(source: Make, text: str, wanted: int) -> None:
    assert next(functions(source(text))).nesting == wanted


ANNOTATED = [
    ("def f(a: int, *b: int, c: int, **d: int) -> int: ...", True),
    ("def f(a) -> int: ...", False),
    ("def f(a: int): ...", False),
    ("def f(*a) -> int: ...", False),
    ("class A:\n def f(self, /, a: int) -> int: ...", True),
]


@pytest.mark.parametrize(("text", "wanted"), ANNOTATED)
def test_all_types(source: Make, text: str, *, wanted: bool) -> None:
    assert next(functions(source(text))).annotated is wanted


def test_lines_of_a_function_leave_its_decorators_out(source: Make) -> None:
    (found,) = functions(source("@a\n@b\ndef f():\n    x = 1\n    return x\n"))
    assert (found.name, found.line, found.lines) == ("f", 3, 3)


def value(files: list[Source], name: str) -> float:
    return next(one.value for one in measures(files) if one.name.startswith(name))


def test_sizes_and_shares(source: Make) -> None:
    modules = [source("a = 1\n" * n, f"src/m{n}.py") for n in range(1, 12)]
    modules.append(source("def f():\n" + " x = 1\n" * 50 + "def g(): pass\n", "src/long.py"))
    modules.append(source("b = 1\n" * 4, "tests/test_m1.py", is_test=True))
    assert value(modules, "lines of a module, median") == 6.5
    assert value(modules, "lines of a module, 90th") == 11
    assert value(modules, "functions over 50") == 50
    assert value(modules, "modules with a test") == pytest.approx(100 / 12)
    assert value(modules, "test lines") == pytest.approx(4 / (66 + 52))


FOUND = [
    ("a: dict[str, Any]\nb: dict[str, int]", "dict[str, Any]", 500),
    ("try: pass\nexcept Exception: pass", "except Exception", 500),
    ("try: pass\nexcept: pass", "except Exception", 500),
    ("try: pass\nexcept ValueError: pass", "except Exception", 0),
]


@pytest.mark.parametrize(("text", "name", "wanted"), FOUND)
def test_rates_in_a_thousand_lines(source: Make, text: str, name: str, wanted: float) -> None:
    assert value([source(text)], name) == wanted


def test_no_file_at_all_has_figures_too(source: Make) -> None:
    assert value([], "lines of a module, median") == 0


@pytest.mark.parametrize(
    ("measure", "aim", "met"),
    [
        (Measure(name="a", value=4, most=4), "at most 4", True),
        (Measure(name="a", value=5, most=4), "at most 4", False),
        (Measure(name="a", value=99, least=100), "at least 100", False),
        (Measure(name="a", value=1.5, least=1, most=2), "1 to 2", True),
    ],
)
def test_an_aim_in_words(measure: Measure, aim: str, *, met: bool) -> None:
    assert (measure.aim, measure.met) == (aim, met)

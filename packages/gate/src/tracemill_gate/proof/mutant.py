"""Small faults planted into the functions that a change touches, to see whether its tests notice.

The faults are those of cosmic-ray's operators (https://cosmic-ray.readthedocs.io, "Operators"); it
is imported only here. Which of them are planted depends on the seed and the source alone.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from tracemill_gate.change.binding import bindings
from tracemill_gate.change.source import parse_source
from tracemill_gate.config import matches
from tracemill_gate.errors import ToolMissing
from tracemill_schema.spec import NEW, Spec, TouchPoint

if TYPE_CHECKING:
    from types import ModuleType

Place = tuple[int, int]
"""Line, counted from 1, and column, counted from 0."""
Lines = range
"""Lines of a function in its file."""


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """A fault that can be planted.

    Attributes:
        path: File, relative to the top folder.
        line: Line of the fault.
        operator: Operator of cosmic-ray.
        occurrence: Which of the places in the file that the operator fits, counted from 0.
    """

    path: str
    line: int
    operator: str
    occurrence: int


class _Operator(Protocol):
    def mutation_positions(self, node: object) -> Iterator[tuple[Place, Place]]: ...


def mutations_of(
    specs: Sequence[Spec], sources: Mapping[str, bytes], *, diff: str, count: int, seed: int
) -> tuple[Mutation, ...]:
    """Choose faults to plant into the functions that a change touches.

    Args:
        specs: What the change is made for.
        sources: Files at HEAD in which faults may be planted, path -> bytes.
        diff: What ``git diff -U0`` prints of the change, with the prefixes ``a/`` and ``b/``.
        count: How many, if there are as many.
        seed: Chooses among them.

    Raises:
        ToolMissing: cosmic-ray is not installed.
        BrokenSource: a source cannot be parsed.
    """
    touched = touched_functions(specs, sources, changed_lines(diff))
    found = [
        one
        for path, functions in touched.items()
        for one in mutations(path, sources[path].decode(), functions)
    ]
    return choose(found, count, seed=seed)


def touched_functions(
    specs: Sequence[Spec], sources: Mapping[str, bytes], changed: Mapping[str, Sequence[int]]
) -> dict[str, tuple[Lines, ...]]:
    """Return file -> lines of the functions that a change touches.

    Args:
        specs: Their touch points say it; if none fits, the changed lines do.
        sources: Files at HEAD in which faults may be planted, path -> bytes.
        changed: Path -> lines that are new at HEAD.
    """
    points = [point for spec in specs for point in spec.touch_points]
    functions = {path: _functions(data, path) for path, data in sources.items()}
    named = {
        path: tuple(lines for name, lines in found if any(_is_at(p, path, name) for p in points))
        for path, found in functions.items()
    }
    if not any(named.values()):
        named = {
            path: tuple(lines for _, lines in found if set(lines).intersection(changed[path]))
            for path, found in functions.items()
            if path in changed
        }
    return {path: found for path, found in named.items() if found}


def _functions(data: bytes, path: str) -> list[tuple[str, Lines]]:
    found = bindings(parse_source(data, path=path))
    return [
        (name, range(node.lineno, (node.end_lineno or node.lineno) + 1))
        for name, node in found
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _is_at(point: TouchPoint, path: str, name: str) -> bool:
    wanted = point.name.removeprefix(NEW)
    within = wanted in ("*", name) or name.startswith(f"{wanted}.")
    return within and matches(point.path, path)


def changed_lines(diff: str) -> dict[str, list[int]]:
    """Return path -> lines that are new at HEAD, from what ``git diff -U0`` prints."""
    found: dict[str, list[int]] = {}
    path = ""
    for line in diff.splitlines():
        if line.startswith("+++ b/"):
            path = line.removeprefix("+++ b/")
        elif match := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line):
            start, count = int(match[1]), int(match[2] or 1)
            found.setdefault(path, []).extend(range(start, start + count))
    return found


def mutations(path: str, source: str, functions: Sequence[Lines]) -> list[Mutation]:
    """Return every fault that can be planted into some functions of a file.

    Annotations are left out: nothing of them is run.

    Raises:
        ToolMissing: cosmic-ray is not installed.
    """
    tool = _cosmic_ray()
    nodes = list(tool.ast.ast_nodes(tool.ast.get_ast(source)))
    spared = _annotations(source)
    found = []
    for name, operator in _operators(tool):
        places = (place for node in nodes for place in operator.mutation_positions(node))
        for occurrence, (start, _) in enumerate(places):
            within = any(start[0] in lines for lines in functions)
            if within and not any(first <= start < last for first, last in spared):
                where = Mutation(path=path, line=start[0], operator=name, occurrence=occurrence)
                found.append(where)
    return found


def choose(found: Sequence[Mutation], count: int, *, seed: int) -> tuple[Mutation, ...]:
    """Return ``count`` of the faults, the same for the same seed, in the order of their places."""

    def lot(one: Mutation) -> str:
        text = f"{seed} {one.path} {one.line} {one.operator} {one.occurrence}"
        return hashlib.sha256(text.encode()).hexdigest()

    drawn = sorted(found, key=lot)[:count]
    return tuple(sorted(drawn, key=lambda one: (one.path, one.line, one.operator, one.occurrence)))


def planted(mutation: Mutation, source: str) -> str:
    """Return the source with a fault in it."""
    tool = _cosmic_ray()
    operator = dict(_operators(tool))[mutation.operator]
    text = tool.mutating.mutate_code(source, operator, mutation.occurrence)
    return source if text is None else str(text)


def is_competent(source: str, text: str) -> bool:
    """Tell whether a planted fault changed something and left Python that can be compiled."""
    try:
        return ast.dump(ast.parse(source)) != ast.dump(ast.parse(text))
    except (SyntaxError, ValueError):
        return False


def difference(source: str, text: str) -> str:
    """Return the changed lines, ``-`` before the old ones and ``+`` before the new ones."""
    lines = difflib.unified_diff(source.splitlines(), text.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


def _annotations(source: str) -> list[tuple[Place, Place]]:
    found: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.arg | ast.AnnAssign):
            found.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.append(node.returns)
    return [
        ((e.lineno, e.col_offset), (e.end_lineno or e.lineno, e.end_col_offset or 0))
        for e in found
        if e is not None
    ]


def _operators(tool: ModuleType) -> Iterator[tuple[str, _Operator]]:
    for name in tool.plugins.operator_names():
        kind = tool.plugins.get_operator(name)
        if not kind.arguments():  # those with arguments need names of variables
            yield name, kind()


def _cosmic_ray() -> ModuleType:
    try:
        import_module("cosmic_ray.mutating")  # an extra, and half a second
    except ModuleNotFoundError as error:
        raise ToolMissing(
            f"wanted cosmic-ray to plant faults, got: {error}; install the extra with: "
            "pip install 'tracemill-gate[mutants]'"
        ) from error
    return import_module("cosmic_ray")

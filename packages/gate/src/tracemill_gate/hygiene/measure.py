"""How large and how plain the code is, beside what this project aims at.

The aims are examples to follow, not limits: they are shown and fail nothing. What fails are the
limits of ``[tool.tracemill.gate.hygiene]``, far above the aims.
"""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from tracemill_gate.hygiene.source import Source

BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
LONG = 50
"""Lines from which a function counts as long (every code base measured has under 8 % of them)."""

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One figure.

    Attributes:
        name: What is measured, with its unit.
        value: The figure.
        least: What it should at least be.
        most: What it should at most be.
    """

    name: str
    value: float
    least: float = 0
    most: float = float("inf")

    @property
    def met(self) -> bool:
        """Tell whether the aim is reached."""
        return self.least <= self.value <= self.most

    @property
    def aim(self) -> str:
        """The aim in words."""
        if self.most == float("inf"):
            return f"at least {self.least:g}"
        return f"{self.least:g} to {self.most:g}" if self.least else f"at most {self.most:g}"


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function as it is measured.

    Attributes:
        name: Its name.
        line: Where it starts.
        lines: Its lines, decorators apart.
        nesting: How deep statements lie in blocks within it; 0 for none.
        annotated: True if every parameter and the result have a type.
    """

    name: str
    line: int
    lines: int
    nesting: int
    annotated: bool


def functions(file: Source) -> Iterator[Function]:
    """Yield the functions and methods of a Python file; raises SyntaxError."""
    for node in ast.walk(file.tree):
        if isinstance(node, FunctionNode):
            yield Function(
                name=node.name,
                line=node.lineno,
                lines=(node.end_lineno or node.lineno) - node.lineno + 1,
                nesting=_nesting(node),
                annotated=_is_annotated(node),
            )


def measures(files: Sequence[Source]) -> tuple[Measure, ...]:
    """Return every figure of the files; those that cannot be parsed must be left out."""
    python = [file for file in files if file.is_python]
    code = [file for file in python if not file.is_test]
    tests = [file for file in python if file.is_test]
    modules = [file.lines for file in code if file.is_module] or [0]
    found = [function for file in code for function in functions(file)]
    lines = max(sum(file.lines for file in code), 1)
    nodes = [node for file in code for node in ast.walk(file.tree)]
    return (
        Measure(name="lines of a module, median", value=statistics.median(modules), most=150),
        Measure(name="lines of a module, 90th of 100", value=_ninetieth(modules), most=300),
        Measure(
            name=f"functions over {LONG} lines, %",
            value=_percent([one.lines > LONG for one in found]),
            most=1,
        ),
        Measure(
            name="deepest nesting", value=max((one.nesting for one in found), default=0), most=4
        ),
        Measure(
            name="functions with all types, %",
            value=_percent([one.annotated for one in found]),
            least=100,
        ),
        Measure(
            name="dict[str, Any] in 1,000 lines",
            value=1000 * sum(map(_is_mapping_of_any, nodes)) / lines,
            most=0.5,
        ),
        Measure(
            name="except Exception in 1,000 lines",
            value=1000 * sum(map(_catches_everything, nodes)) / lines,
            most=0.5,
        ),
        Measure(
            name="test lines for a line of code",
            value=sum(file.lines for file in tests) / lines,
            least=1,
            most=2,
        ),
        Measure(
            name="modules with a test of their name, %", value=_mirrored(code, tests), least=100
        ),
    )


def _nesting(function: FunctionNode) -> int:
    return max((_depth(node) for node in function.body), default=0)


def _depth(node: ast.AST) -> int:
    if isinstance(node, FunctionNode | ast.ClassDef | ast.Lambda):
        return 0  # measured by itself
    own = int(isinstance(node, BLOCKS))
    return max((own + _depth(inner) - _is_elif(node, inner) for inner in _inner(node)), default=own)


def _inner(node: ast.AST) -> Iterator[ast.AST]:
    return (child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr))


def _is_elif(node: ast.AST, inner: ast.AST) -> bool:
    """Tell whether ``inner`` is written as ``elif``, at the depth of the ``if`` that it follows."""
    return (
        isinstance(node, ast.If)
        and isinstance(inner, ast.If)
        and node.orelse == [inner]
        and inner.col_offset == node.col_offset
    )


def _is_annotated(function: FunctionNode) -> bool:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    named += [one for one in (given.vararg, given.kwarg) if one is not None]
    typed = all(one.annotation for one in named if one.arg not in {"self", "cls"})
    return typed and function.returns is not None


def _is_mapping_of_any(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and ast.unparse(node) == "dict[str, Any]"


def _catches_everything(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    return node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}


def _mirrored(code: Sequence[Source], tests: Sequence[Source]) -> float:
    names = {PurePosixPath(file.path).name for file in tests}
    wanted = (f"test_{PurePosixPath(file.path).name}" for file in code if file.is_module)
    return _percent([name in names for name in wanted])


def _ninetieth(values: Sequence[int]) -> float:
    return sorted(values)[max(0, -(-len(values) * 9 // 10) - 1)]


def _percent(hits: Sequence[bool]) -> float:
    return 100 * sum(hits) / len(hits) if hits else 100.0

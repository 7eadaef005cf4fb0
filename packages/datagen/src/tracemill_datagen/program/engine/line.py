"""Lines of code that bind a name: what a hook may stand on.

Only a statement ``name = expression`` (or ``name += expression``) counts that stands at the top
level, fills one line and has that line to itself: such a line is executed once or not at all, so
that its value is the value.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

MAX_DEPTH = 50
"""Levels of an expression; a deeper one is not grounded, so that whoever reads the expression may
do so recursively. The programs of the grammar have about 6."""


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One line of code that binds one name.

    Attributes:
        number: Line of the code, counted from 1.
        name: The name that is bound.
        text: The line with white space folded.
        value: The expression on the right.
        reads: Names that the expression reads, in order of appearance, each once.
    """

    number: int
    name: str
    text: str
    value: ast.expr
    reads: tuple[str, ...]


def fold(line: str) -> str:
    """Return a line with each run of white space as one blank and none at the ends."""
    return " ".join(line.split())


def assignments(code: str) -> tuple[Assignment, ...]:
    """Return the groundable assignments of ``code`` in order; none if it is not Python."""
    lines = code.split("\n")
    statements = _statements(code)
    starts = [statement.lineno for statement in statements]
    found = []
    for statement in statements:
        target = _bound(statement)
        alone = starts.count(statement.lineno) == 1 and statement.end_lineno == statement.lineno
        if target is None or not alone or _too_deep(target[1]):
            continue
        name, value = target
        found.append(
            Assignment(
                number=statement.lineno,
                name=name,
                text=fold(lines[statement.lineno - 1]),
                value=value,
                reads=_reads(value),
            )
        )
    return tuple(found)


def dependencies(code: str) -> dict[int, tuple[str, ...]]:
    """Return, per line number, the names that the line reads and an earlier assignment bound."""
    bound: set[str] = set()
    found = {}
    for line in assignments(code):
        found[line.number] = tuple(name for name in line.reads if name in bound)
        bound.add(line.name)
    return found


def _statements(code: str) -> list[ast.stmt]:
    try:
        return ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # A solver's code is not trusted to be Python, nor to be of a depth that can be parsed.
        return []


def _bound(statement: ast.stmt) -> tuple[str, ast.expr] | None:
    """Return the one name that a statement binds, and the expression that gives its value."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
        value: ast.expr | None = statement.value
    elif isinstance(statement, ast.AnnAssign):
        target, value = statement.target, statement.value
    elif isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        target = statement.target
        before = ast.copy_location(ast.Name(id=target.id, ctx=ast.Load()), target)
        whole = ast.BinOp(left=before, op=statement.op, right=statement.value)
        value = ast.copy_location(whole, statement)
    else:
        return None
    return (target.id, value) if isinstance(target, ast.Name) and value is not None else None


def _too_deep(expression: ast.expr) -> bool:
    level: list[ast.AST] = [expression]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True


def _reads(expression: ast.expr) -> tuple[str, ...]:
    local = {argument.arg for argument in ast.walk(expression) if isinstance(argument, ast.arg)}
    names = [node for node in ast.walk(expression) if isinstance(node, ast.Name)]
    local |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    loads = [node for node in names if isinstance(node.ctx, ast.Load) and node.id not in local]
    loads.sort(key=lambda node: (node.lineno, node.col_offset))
    return tuple(dict.fromkeys(node.id for node in loads))

"""What a Python file binds to names, by its syntax: definitions, values, imports, loops, deletions.

A name is qualified inside its file: ``judge``, ``Repository``, ``Repository.commit``; also where
the binding stands apart from the class (``Repository.commit = f``). What stands inside a function
has no name, unless the function says ``global``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCK = (ast.stmt, ast.ExceptHandler, ast.match_case)
_OWN_SCOPE = (ast.Lambda, ast.comprehension)

Binding = tuple[str, ast.AST]


def bindings(tree: ast.Module) -> tuple[Binding, ...]:
    """Return every qualified name with what binds it, classes before their members.

    A name comes once for each time that it is bound, bound again, or deleted.
    """
    return tuple(_below(tree, ""))


def _below(node: ast.AST, prefix: str) -> Iterator[Binding]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, DEFINITION):
            yield f"{prefix}{child.name}", child
            yield from _inside(child, prefix)
        elif isinstance(child, _BLOCK):
            yield from ((f"{prefix}{name}", bound) for name, bound in _bound(child))
            yield from _below(child, prefix)


def _inside(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, prefix: str
) -> Iterator[Binding]:
    if isinstance(node, ast.ClassDef):
        yield from _below(node, f"{prefix}{node.name}.")
        return
    said = {n for one in ast.walk(node) if isinstance(one, ast.Global) for n in one.names}
    if said:
        yield from ((name, bound) for name, bound in _below(node, "") if name in said)


def _bound(block: ast.AST) -> Iterator[Binding]:
    """Yield what a statement itself binds, without the statements inside it."""
    if isinstance(block, ast.Import | ast.ImportFrom):
        yield from _taken(block)
        return
    waiting = [(block, block)]
    while waiting:
        node, binder = waiting.pop()
        name = _target(node)
        if name:
            yield name, binder
        binder = node if isinstance(node, ast.NamedExpr) else binder
        inner = ast.iter_child_nodes(node)
        waiting += [(one, binder) for one in inner if not isinstance(one, _BLOCK + _OWN_SCOPE)]


def _taken(node: ast.Import | ast.ImportFrom) -> Iterator[Binding]:
    """Yield each name of an import with an import of it alone."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield alias.asname or alias.name.partition(".")[0], ast.Import(names=[alias])
        else:
            alone = ast.ImportFrom(module=node.module, names=[alias], level=node.level)
            yield alias.asname or alias.name, alone


def _target(node: ast.AST) -> str:
    """Return the name that a node binds or deletes, empty if it does neither."""
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        return node.name or ""
    if isinstance(node, ast.Name | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        return dotted(node)
    return ""


def dotted(node: ast.AST | None) -> str:
    """Return ``a.b.c`` for the syntax of it, empty for any other."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(parts))) if isinstance(node, ast.Name) else ""


def is_code(node: ast.AST) -> bool:
    """Tell whether a binding makes a name that can be called: no import, and no mere value.

    Beside functions and classes these are a lambda and another name for something. A name in
    capitals is taken for a constant (PEP 8), and what a call returns for a value.
    """
    if isinstance(node, DEFINITION):
        return True
    if not isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
        return False
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    value = node.value
    if isinstance(value, ast.Tuple) and any(isinstance(t, ast.Tuple | ast.List) for t in targets):
        return any(_is_callable(one) for one in value.elts)
    return _is_callable(value)


def _is_callable(value: ast.expr | None) -> bool:
    if isinstance(value, ast.IfExp):
        return _is_callable(value.body) or _is_callable(value.orelse)
    last = dotted(value).rpartition(".")[2]
    is_constant = last.isupper() or last.startswith("__")
    return isinstance(value, ast.Lambda) or (bool(last) and not is_constant)

"""What a Python file imports, and by which name Python imports a file; read from syntax.

A module that is named while the program runs (``exec``, a name put together from parts, another
function around ``import_module``) is not seen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from tracemill_gate.config import matches

_BY_NAME = frozenset({"import_module", "__import__"})
"""Functions that import what their argument ``name``, the first, says."""


def imports(tree: ast.Module, package: tuple[str, ...]) -> Iterator[str]:
    """Yield the dotted names of modules that are imported anywhere, and of what is taken from them.

    Args:
        tree: The file.
        package: The names of the package that it is in.
    """
    importers = _BY_NAME | set(_aliases(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = source_of(node, package)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call):
            yield from _called(node, importers)


def source_of(node: ast.ImportFrom, package: tuple[str, ...]) -> str:
    """Return the dotted name of the module that something is taken from."""
    above = package[: len(package) - node.level + 1] if node.level else ()
    return ".".join((*above, *([node.module] if node.module else [])))


def _aliases(tree: ast.Module) -> Iterator[str]:
    """Yield the other names under which a file has the functions that import by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (a.asname for a in node.names if a.asname and a.name in _BY_NAME)
        elif isinstance(node, ast.Assign) and _last_name(node.value) in _BY_NAME:
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _called(node: ast.Call, importers: frozenset[str]) -> Iterator[str]:
    if _last_name(node.func) in importers:
        named = [keyword.value for keyword in node.keywords if keyword.arg == "name"]
        for value in (*node.args[:1], *named):
            if isinstance(value, ast.Constant):
                yield str(value.value)


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def module_parts(path: str, roots: Sequence[str]) -> tuple[str, ...]:
    """Return the names, package by package, by which Python imports a file below ``roots``."""
    file = PurePosixPath(path).with_suffix("")
    for folder in reversed(file.parents):
        if any(matches(root.rstrip("/"), str(folder)) for root in roots):
            return file.relative_to(folder).parts
    return file.parts

"""What Python files import, and how Python imports them."""

from __future__ import annotations

import ast

import pytest

from tracemill_gate.change.imported import imports, module_parts

IMPORTS = (
    ("import os.path, json as j", ["json", "os.path"]),
    ("from . import sibling", ["top.sub", "top.sub.sibling"]),
    ("from ..above import thing", ["top.above", "top.above.thing"]),
    ("from torch import nn", ["torch", "torch.nn"]),
    ("def f():\n    import lazily", ["lazily"]),
    ("__import__('by_name')", ["by_name"]),
    ("__import__(name='by_name')", ["by_name"]),
    ("importlib.import_module('dotted.name')", ["dotted.name"]),
    ("importlib.import_module(package=None, name='dotted.name')", ["dotted.name"]),
    (
        "from importlib import import_module as im\nim('tox')",
        ["importlib", "importlib.import_module", "tox"],
    ),
    ("load = il.import_module\nload('tox')", ["tox"]),
    ("importlib.import_module(name)", []),
    ("other(name='tox')", []),
)


@pytest.mark.parametrize(("code", "names"), IMPORTS)
def test_what_is_imported(code: str, names: list[str]) -> None:
    assert sorted(imports(ast.parse(code), ("top", "sub"))) == names


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("packages/p/src/top/a.py", ("top", "a")),
        ("packages/p/src/a.py", ("a",)),
        ("tools/deep/a.py", ("tools", "deep", "a")),
        ("packages/p/src/top/src/a.py", ("top", "src", "a")),
    ],
)
def test_how_python_imports_a_file(path: str, parts: tuple[str, ...]) -> None:
    assert module_parts(path, ("packages/*/src/", "other")) == parts

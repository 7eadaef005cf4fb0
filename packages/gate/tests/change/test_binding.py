"""What binds a name."""

from __future__ import annotations

import ast

import pytest

from tracemill_gate.change.binding import bindings, is_code

NAMES = (
    ("def f():\n    def hidden(): pass\n    x = 1", ["f"]),
    ("async def f(): pass", ["f"]),
    ("class A:\n    b = 1\n    class C:\n        def d(self): pass", ["A", "A.b", "A.C", "A.C.d"]),
    ("if x:\n    def f(): pass\nelse:\n    g = 1", ["f", "g"]),
    ("try:\n    a = 1\nexcept E as e:\n    b = 1\nelse:\n    c = 1", ["a", "e", "b", "c"]),
    ("while x:\n    with y as a:\n        b = 1", ["a", "b"]),
    ("match x:\n    case [a, *b]:\n        c = 1", ["b", "a", "c"]),
    ("for a in b:\n    c = 1", ["a", "c"]),
    ("a = b = 1", ["b", "a"]),
    ("a, (b, *c) = x", ["c", "b", "a"]),
    ("a: int", ["a"]),
    ("a += 1", ["a"]),
    ("del a", ["a"]),
    ("A.b = 1", ["A.b"]),
    ("a().b = c[0] = 1", []),
    ("f(a := 1)", ["a"]),
    ("[a for a in b]", []),
    ("f = lambda: (a := 1)", ["f"]),
    ("import a.b, c as d", ["a", "d"]),
    ("from a import b, c as d", ["b", "d"]),
    ("def f():\n    global g\n    def g(): pass\n    h = 1", ["f", "g"]),
    ("class A:\n    def m(self):\n        def n():\n            global g\n            g = 1", None),
)


@pytest.mark.parametrize(("code", "names"), NAMES, ids=[code for code, _ in NAMES])
def test_what_binds_a_name(code: str, names: list[str] | None) -> None:
    wanted = ["A", "A.m", "g"] if names is None else names
    assert [name for name, _ in bindings(ast.parse(code))] == wanted


def test_one_name_of_an_import_does_not_depend_on_the_others() -> None:
    one, more = (dict(bindings(ast.parse(f"from a import {names}"))) for names in ("b", "b, c"))
    assert ast.dump(one["b"]) == ast.dump(more["b"])
    assert ast.dump(one["b"]) != ast.dump(more["c"])


def test_a_deep_expression_is_no_obstacle() -> None:
    deep: ast.expr = ast.Constant(1)
    for _ in range(5000):
        deep = ast.UnaryOp(op=ast.USub(), operand=deep)
    assert bindings(ast.Module(body=[ast.Expr(deep)], type_ignores=[])) == ()


CODE = (
    ("f = lambda: 1", True),
    ("f: object = lambda: 1", True),
    ("f = g", True),
    ("f = a.g", True),
    ("f = g if x else None", True),
    ("f, x = g, 1", True),
    ("(f := g)", True),
    ("class f: pass", True),
    ("f = 1", False),
    ("f = None", False),
    ("f: int", False),
    ("f = LIMIT", False),
    ("f = a.LIMIT", False),
    ("f = __name__", False),
    ("f = (g, h)", False),
    ("f = g()", False),
    ("f = List[g]", False),
    ("f += g", False),
    ("import f", False),
    ("for f in g: pass", False),
)


@pytest.mark.parametrize(("code", "callable_"), CODE)
def test_what_can_be_called(code: str, *, callable_: bool) -> None:
    assert is_code(dict(bindings(ast.parse(code)))["f"]) is callable_

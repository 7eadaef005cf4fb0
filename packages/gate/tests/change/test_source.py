"""What Python files define and import."""

from __future__ import annotations

import pytest

from tracemill_gate.change.source import is_python, read_source
from tracemill_gate.errors import BrokenSource

CODE = b"""
import os.path
LIMIT = 3
def f(): pass
class Made:
    inner = 1
    def method(self): pass
    def _private(self): pass
class _Hidden:
    def method(self): import lazily
again = f
def __getattr__(name): pass
"""


def test_names_and_imports() -> None:
    source = read_source(CODE, path="packages/p/src/top/sub/a.py", roots=("packages/*/src",))
    assert source.public == ("f", "Made", "Made.method", "again", "__getattr__")
    assert sorted(source.defined - set(source.public)) == [
        "Made._private",
        "_Hidden",
        "_Hidden.method",
    ]
    assert sorted(source.names.keys() - source.defined) == ["LIMIT", "Made.inner", "os"]
    assert sorted(source.imports) == ["lazily", "os.path"]


HANDED_ON = (
    ("a.py", b"from top.b import f, _g\nimport os", ()),
    ("a.py", b"from b import f, g\nimport os\n__all__ = ['f']\n__all__ += ('os',)", ("f", "os")),
    ("__init__.py", b"from .b import f, _g", ("f",)),
    ("__init__.py", b"from top.sub.b import f as h", ("h",)),
    ("__init__.py", b"from .b import *", ("*",)),
    ("__init__.py", b"from __future__ import annotations\nfrom os import path\nimport json", ()),
)


@pytest.mark.parametrize(("name", "data", "public"), HANDED_ON)
def test_what_a_module_hands_on_is_its_own(name: str, data: bytes, public: tuple[str, ...]) -> None:
    assert read_source(data, path=f"src/top/sub/{name}", roots=("src",)).public == public


def test_a_name_is_newly_defined_once() -> None:
    before = read_source(b"from b import f\ng = 1\ndef h(): pass", path="a.py", roots=())
    after = read_source(b"def f(): pass\ng = f\ndef h(): return 1\nx = 1", path="a.py", roots=())
    assert [name for name in "fghx" if after.newly_defines(name, before)] == ["f", "g"]


@pytest.mark.parametrize(
    ("path", "python"),
    [("a.py", True), ("a.pyi", True), ("a.PYW", True), ("a.pyc", False), ("py", False)],
)
def test_what_is_python_by_its_name(path: str, *, python: bool) -> None:
    assert is_python(path) is python


SAME = (
    (b"def f(): return 1", b"# why\ndef f():\n    return (1)  # one\n", True),
    (b"def f(): return 1", b"def f(): return 2", False),
    (b"def f(): return 1", b"def f():\n  'said'\n  return 1", False),
    (b"def f(): return 1", b"@cached\ndef f(): return 1", False),
    (b"def f(): return 1", b"def f(): return 1\nif x:\n  def f(): return 2", False),
    (b"f = 1", b"f = 2", False),
    (b"f: int = 1", b"f: str = 1", False),
)


@pytest.mark.parametrize(("one", "other", "same"), SAME)
def test_code_is_the_same_whatever_its_layout(one: bytes, other: bytes, *, same: bool) -> None:
    first, second = (read_source(data, path="a.py", roots=()).names["f"] for data in (one, other))
    assert (first == second) is same


BROKEN = (
    (b"x = 1\ndef (:", "invalid syntax in line 2"),
    (b"\xff", "(unicode error) "),
    (b"# coding: nowhere\n", "unknown encoding"),
    (b"x = 1\0", "null bytes"),
    (b"x = " + b"-" * 5000 + b"1", "too "),
    (b"x = " + b"+".join([b"1"] * 5000), "nested too deeply"),
)


@pytest.mark.parametrize(("data", "why"), BROKEN, ids=[why for _, why in BROKEN])
def test_what_cannot_be_parsed_says_why(data: bytes, why: str) -> None:
    with pytest.raises(BrokenSource) as caught:
        read_source(data, path="folder/a\n.py", roots=())
    words = str(caught.value)
    assert words.startswith("folder/a\\n.py: wanted Python that can be parsed, got: ")
    assert why in words


def test_warnings_about_the_file_are_not_ours() -> None:
    assert read_source(b"x = '\\d' is 1\n", path="a.py", roots=()).public == ()

"""The files that hygiene looks at, and their comments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.config import read_config
from tracemill_gate.git import Repository
from tracemill_gate.hygiene.source import Source, sources

Make = Callable[..., Source]

COMMENTS = [
    ("a.py", "a = '# no'  # yes\n# more\n", [(1, "# yes"), (2, "# more")]),
    ("a.py", '"""A docstring.\n\nMore."""\n', [(1, "A docstring."), (2, ""), (3, "More.")]),
    ("a.py", 'def f():\n    """Yes."""\n    return """no"""\n', [(2, "Yes.")]),
    ("a.toml", 'a = 1  # yes\nb = "no"\n', [(1, "# yes")]),
    ("a.sql", "select 1 -- yes\n", [(1, "-- yes")]),
    ("a.md", "all of it\n", [(1, "all of it")]),
    ("a.sh", "echo no # yes\n", [(1, "# yes")]),
    ("a.ini", "; yes\n# yes\na = no\n", [(1, "; yes"), (2, "# yes")]),
    ("a.rst", "all of it\n", [(1, "all of it")]),
    ("run", "all of it\n", [(1, "all of it")]),
]


@pytest.mark.parametrize(("path", "text", "wanted"), COMMENTS, ids=lambda value: str(value)[:12])
def test_comments(source: Make, path: str, text: str, wanted: list[tuple[int, str]]) -> None:
    assert list(source(text, path).comments()) == wanted


def test_a_file_that_is_no_python_has_no_comments_but_a_fault(source: Make) -> None:
    with pytest.raises(SyntaxError):
        list(source("def (:\n# yes\n").comments())


@pytest.mark.parametrize(
    ("path", "is_test", "wanted"),
    [
        ("a.py", False, True),
        ("test_a.py", True, False),
        ("__init__.py", False, False),
        ("a.md", False, False),
    ],
)
def test_what_is_a_module(source: Make, path: str, *, is_test: bool, wanted: bool) -> None:
    assert source("", path, is_test=is_test).is_module is wanted


def test_files_that_git_ignores_or_that_are_gone_are_left_out(clean: Path) -> None:
    (clean / "src/ignored.log").write_text("")
    (clean / "src/tests").mkdir()
    (clean / "src/tests/test_a.py").write_text("")
    (clean / "elsewhere.py").write_text("")
    (clean / "src/picture.png").write_bytes(b"\x89PNG\0")
    (clean / "src/run").write_text("")
    found = sources(Repository(root=clean), read_config(clean))
    assert [(file.path, file.is_test) for file in found] == [
        ("src/README.md", False),
        ("src/a.py", False),
        ("src/run", False),
        ("src/tests/test_a.py", True),
    ]
    (clean / "src/a.py").unlink()
    assert len(sources(Repository(root=clean), read_config(clean))) == 3

"""What a path of a spec means, and what is paperwork."""

from __future__ import annotations

from typing import Any

import pytest

from tracemill_gate.change.change import covers, is_paperwork, is_test, read_change
from tracemill_gate.config import read_config
from tracemill_gate.git import open_repository

History = Any  # defined in conftest.py; test files cannot import each other


@pytest.mark.parametrize(
    ("entry", "path", "meant"),
    [
        ("a.py", "a.py", True),
        ("a.py", "b/a.py", False),
        ("src/", "src/a.py", True),
        ("src/", "src/b/a.py", True),
        ("src", "src/a.py", False),
        ("src/", "srcs/a.py", False),
        ("*.py", "a.py", False),
        ("*.py", "*.py", True),
        ("a[1].py", "a[1].py", True),
    ],
)
def test_a_path_of_a_spec_means_what_is_written(entry: str, path: str, *, meant: bool) -> None:
    assert covers(entry, path) is meant


@pytest.mark.parametrize(
    ("path", "paper"),
    [
        ("current.md", True),
        ("specs/0001-plan.md", True),
        ("specs/draft/0002-plan.md", True),
        ("specs/experiment/steps.toml", True),
        ("specs/sub/0001-plan.md", False),
        ("specs/draft/sub/0002-plan.md", False),
        ("specs/experiment/sub/steps.toml", False),
        ("docs/current.md", False),
        ("specs/tool.py", False),
        ("specs.md", False),
    ],
)
def test_paperwork_is_planning_files_alone(path: str, *, paper: bool) -> None:
    assert is_paperwork(path) is paper


def test_a_change_knows_what_its_python_files_define(history: History) -> None:
    history.work()
    history.write("made/generated.py", "def made(: broken, but nobody wrote it\n")
    (history.root / "src/pkg/link.py").symlink_to("a.py")
    (history.root / "src/pkg/other.py").unlink()
    history.write("src/pkg/stub.pyi", "def stub(): ...\n")
    history.write("src/pkg/made.lock", "no Python")
    history.write("src/pkg/window.pyw", "def window(): ...\n")
    history.commit()
    repository = open_repository(history.root)
    base = repository.commit("main")
    change = read_change(repository, read_config(history.root), base)
    defined = {path: sorted(source.public) for path, source in change.after.items()}
    assert defined == {
        "src/pkg/a.py": ["area", "keep"],
        "src/pkg/b.py": ["volume"],
        "src/pkg/link.py": [],
        "src/pkg/other.py": [],
        "src/pkg/stub.pyi": ["stub"],
        "src/pkg/window.pyw": ["window"],
        "tests/test_a.py": ["test_area", "test_old"],
    }
    assert {path for path, source in change.before.items() if source.public} == {
        "src/pkg/a.py",
        "src/pkg/other.py",
        "tests/test_a.py",
    }
    assert "src/pkg/b.py" not in change.paths
    assert "watched.txt" in change.paths
    assert change.declared("src/pkg/b.py") == ("add",)


def test_generated_code_that_is_imported_is_read(history: History) -> None:
    settings = read_config(history.root).replace(generated=("src/pkg/made*",))
    history.write("src/pkg/made.py", "def made(): ...\n")
    history.commit()
    repository = open_repository(history.root)
    change = read_change(repository, settings, repository.commit("main"))
    assert change.after["src/pkg/made.py"].public == ("made",)


@pytest.mark.parametrize(
    ("path", "test"),
    [("tests/a.py", True), ("docs/tests/a.py", True), ("src/pkg/tests/a.py", False)],
)
def test_what_can_be_imported_is_no_test(history: History, path: str, *, test: bool) -> None:
    assert is_test(read_config(history.root), path) is test

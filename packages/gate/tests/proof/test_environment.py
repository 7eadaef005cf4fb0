"""The environment of one tree: its source roots and third-party packages."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tracemill_gate.proof.environment import (
    environment,
    importable,
    install_probe,
    own_modules,
    package_folders,
    packages_lack_bytecode,
    source_roots,
)

PATHS = (
    "packages/a/src/alpha/__init__.py",
    "packages/a/src/alpha/inner/part.py",
    "packages/a/src/alpha/data.json",
    "packages/a/src/alpha/not-a-module.py",
    "packages/a/tests/test_a.py",
    "packages/b/src/beta.py",
    "setup.py",
)


@pytest.mark.parametrize(
    ("patterns", "roots"),
    [
        (["packages/*/src"], ("packages/a/src", "packages/b/src")),
        (["src"], ()),
        (["."], (".",)),
    ],
)
def test_source_roots_are_folders_of_the_commit(patterns: list[str], roots: tuple[str]) -> None:
    assert source_roots(PATHS, patterns) == roots


def test_own_modules_have_their_dotted_names() -> None:
    assert own_modules(PATHS, ("packages/a/src", "packages/b/src")) == {
        "alpha": "packages/a/src/alpha/__init__.py",
        "alpha.inner.part": "packages/a/src/alpha/inner/part.py",
        "beta": "packages/b/src/beta.py",
    }
    assert own_modules(("setup.py", "a__init__.py", "__init__.py"), (".",)) == {
        "setup": "setup.py",
        "a__init__": "a__init__.py",
    }


def test_packages_are_found_by_the_names_of_their_folders() -> None:
    path = ["/x/src", "/v/lib/python3.11/site-packages", "/usr/lib/python3/dist-packages", "/l.zip"]
    assert package_folders(path) == tuple(path[1:3])


@pytest.mark.parametrize("compiled", [False, True])
def test_an_installation_without_bytecode_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, compiled: bool
) -> None:
    package = tmp_path / "pytest"
    package.mkdir()
    (package / "__init__.py").touch()
    if compiled:
        (package / "__pycache__").mkdir()
    monkeypatch.delitem(sys.modules, "pytest")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert packages_lack_bytecode() is not compiled


@pytest.mark.parametrize("shared", [False, True])
def test_the_callers_settings_of_python_pytest_and_git_do_not_hold(
    tmp_path: Path, *, shared: bool
) -> None:
    caller = {
        "HOME": "/home",
        "PYTHONPATH": "/leak",
        "PYTHONSTARTUP": "x",
        "PYTEST_ADDOPTS": "-x",
        "GIT_DIR": "/g",
        "COVERAGE_PROCESS_START": "x",
    }
    found = environment(
        caller,
        probe_folder=tmp_path / "p",
        roots=[tmp_path / "src"],
        request=tmp_path / "r",
        bytecode=tmp_path / "b" if shared else None,
    )
    path = found.pop("PYTHONPATH").split(os.pathsep)
    assert path[:2] == [str(tmp_path / "p"), str(tmp_path / "src")]
    assert "/leak" not in path
    assert path[2:] == list(package_folders(sys.path))
    written = ("PYTHONPYCACHEPREFIX", str(tmp_path / "b"))
    assert found == {
        "HOME": "/home",
        **dict([written if shared else ("PYTHONDONTWRITEBYTECODE", "1")]),
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "TRACEMILL_PROOF": str(tmp_path / "r"),
    }


def test_the_probe_is_copied_under_names_that_python_and_pytest_look_for(tmp_path: Path) -> None:
    install_probe(tmp_path / "probe")
    names = sorted(path.name for path in (tmp_path / "probe").iterdir())
    assert names == ["sitecustomize.py", "tracemill_proof_probe.py"]


def test_a_file_may_be_imported_from_any_folder() -> None:
    found = importable(("helper.py", "a/helper.py", "src/shop/tax.py", "json.py", "docs/x.md"))
    assert found["helper"] == "helper.py"
    assert found["shop.tax"] == found["tax"] == found["src.shop.tax"] == "src/shop/tax.py"
    assert "json" not in found
    assert "x" not in found

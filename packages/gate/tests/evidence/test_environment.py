"""What is installed in the environment of a check, and how a command enters it."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_gate.errors import CannotJudge
from tracemill_gate.evidence.environment import variables_of, versions_of


def test_without_a_folder_it_is_this_interpreters(tmp_path: Path) -> None:
    found = versions_of(tmp_path, "")
    assert found["python"] == platform.python_version()
    assert found["platform"] == f"{sys.platform} {platform.machine()}"
    assert found.keys() == {"python", "platform", "tracemill-gate", "distributions"}
    kept = variables_of(tmp_path, "")
    assert kept == {name: value for name, value in os.environ.items() if name in kept}


def test_the_python_is_read_from_what_uv_and_venv_write(venv: Path) -> None:
    assert versions_of(venv.parent, "venv")["python"] == "3.11.9"
    (venv / "pyvenv.cfg").write_text("home = /usr/bin\nversion_info = 3.12.1.final.0\n")
    assert versions_of(venv.parent, "venv")["python"] == "3.12.1.final.0"


def add(venv: Path) -> None:
    (venv / "lib/python3.11/site-packages/new-1.0.dist-info").mkdir()


def remove(venv: Path) -> None:
    (venv / "lib/python3.11/site-packages/one-1.0.dist-info").rmdir()


def upgrade(venv: Path) -> None:
    site = venv / "lib/python3.11/site-packages"
    (site / "one-1.0.dist-info").rename(site / "one-1.1.dist-info")


@pytest.mark.parametrize("change", [add, remove, upgrade], ids=lambda change: change.__name__)
def test_whatever_is_installed_changes_the_digest(
    venv: Path, change: Callable[[Path], None]
) -> None:
    before = versions_of(venv.parent, "venv")
    assert versions_of(venv.parent, "venv") == before
    change(venv)
    after = versions_of(venv.parent, "venv")
    assert {name for name in after if after[name] != before[name]} == {"distributions"}


def test_an_environment_that_is_gone_has_no_python_and_cannot_be_entered(tmp_path: Path) -> None:
    assert versions_of(tmp_path, "venv")["python"] == "none"
    with pytest.raises(CannotJudge) as caught:
        variables_of(tmp_path, "venv")
    assert str(caught.value) == (
        "venv: wanted a virtual environment, got no pyvenv.cfg; make it with the repository's own "
        "means (here: nox), then run the gate again"
    )


CALLERS = [
    "PYTEST_ADDOPTS",
    "PYTEST_PLUGINS",
    "PYTHONPATH",
    "PYTHONOPTIMIZE",
    "COV_CORE_SOURCE",
    "COVERAGE_PROCESS_START",
    "MYPYPATH",
    "MYPY_CONFIG_FILE_DIR",
    "RUFF_NO_CACHE",
]


@pytest.mark.parametrize("name", CALLERS)
@pytest.mark.parametrize("environment", ["", "venv"])
def test_the_caller_does_not_say_how_a_check_looks(
    venv: Path, monkeypatch: pytest.MonkeyPatch, name: str, environment: str
) -> None:
    monkeypatch.setenv(name, "of the caller")
    monkeypatch.setenv("HOME", "of the caller")
    found = variables_of(venv.parent, environment)
    assert name not in found
    assert found["HOME"] == "of the caller"


def test_a_command_finds_the_programs_of_the_environment_first(venv: Path) -> None:
    variables = variables_of(venv.parent, "venv")
    assert variables["VIRTUAL_ENV"] == str(venv)
    said = subprocess.run(["sh", "-c", "hello"], env=variables, capture_output=True, check=True)
    assert said.stdout == b"hello from the environment\n"

"""The page on the gate is true: another repository that does what it says goes green, then red."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from canary.scene import IDENTITY, git, planned

ROOT = Path(__file__).parents[1]
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
PAGE = (ROOT / "docs/gate.md").read_text()
FILES = dict(re.findall(r'```\w+ title="(.+?)"\n(.*?)```', PAGE, re.DOTALL))
(COMMANDS,) = re.findall(r"```console\n(python.*?)```", PAGE, re.DOTALL)


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    words = command.split()
    assert words[0] == "python"
    return subprocess.run(
        [sys.executable, *words[1:]],
        cwd=folder,
        env={**os.environ, **IDENTITY, "PYTHONPATH": "src", "PATH": PATH},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(autouse=True)
def _own_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits are made by nobody in particular, and not by a git hook's repository."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in IDENTITY.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A small repository with an approved change, set up as the page says."""
    folder = tmp_path / "foreign"
    folder.mkdir()
    planned(folder, settings=FILES["pyproject.toml"])
    (folder / ".git/info").mkdir(exist_ok=True)
    (folder / ".git/info/exclude").write_text("/plan.json\n.pytest_cache/\n")
    (folder / "plan.json").write_text(FILES["plan.json"])
    return folder


@pytest.mark.flow
def test_another_repository_goes_green_and_then_red(foreign: Path) -> None:
    commands = COMMANDS.splitlines()
    assert len(commands) == 2
    for command in commands:
        done = run(foreign, command)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "green, " in done.stdout.splitlines()[-1]
    (foreign / "src/pkg/b.py").write_text("VOLUME = 1\n")
    git(foreign, "add", "-A")
    git(foreign, "commit", "-q", "-m", "more than was agreed")
    assert "stale" in run(foreign, commands[1]).stdout
    done = run(foreign, commands[0])
    assert done.returncode == 1
    assert "src/pkg/b.py: wanted only files of files_to_touch" in done.stdout
    assert done.stderr == "error: the gate is red: specs\n"


def test_a_wrong_call_is_told_without_a_traceback(foreign: Path) -> None:
    done = run(foreign, "python -m tracemill_gate gate judge --only lnt")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: no gate is called 'lnt'; wanted one of: unit, specs, proof\n"
    assert run(foreign, "python -m tracemill_gate gate judgement").returncode == 2

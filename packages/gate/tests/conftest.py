"""Scratch git repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]
IDENTITY = {
    "GIT_AUTHOR_NAME": "test",
    "GIT_AUTHOR_EMAIL": "test@localhost",
    "GIT_COMMITTER_NAME": "test",
    "GIT_COMMITTER_EMAIL": "test@localhost",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


@pytest.fixture(autouse=True)
def _no_git_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test started from a git hook must not touch the caller's repository."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ("git", *words),
        cwd=folder,
        env={**os.environ, **IDENTITY},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def git() -> Git:
    """Return a function that runs git in a folder and returns its output."""
    return _git


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with one commit, only to be copied."""
    root = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        (root / "folder").mkdir(parents=True)
        _git(root, "init", "-q", "-b", "main", "--template=")
        (root / "a.py").write_text("a = 1\n")
        (root / "folder/b.py").write_text("b = 1\n")
        (root / ".gitignore").write_text("/.tracemill/\n*.log\n")
        _git(root, "add", "-A")
        _git(root, "commit", "-q", "-m", "first")
    return root


@pytest.fixture
def repository(template: Path, tmp_path: Path) -> Path:
    """A repository with one commit: ``a.py``, ``folder/b.py`` and a ``.gitignore``."""
    return Path(shutil.copytree(template, tmp_path / "repository"))


@pytest.fixture
def gated(repository: Path, git: Git) -> Path:
    """The repository with settings of the gate; it requires the gates lint, types and unit."""
    settings = '[tool.tracemill.gate]\nrequired = ["lint", "types", "unit"]\n'
    (repository / "pyproject.toml").write_text(settings)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "settings of the gate")
    return repository

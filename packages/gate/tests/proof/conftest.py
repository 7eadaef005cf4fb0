"""Scripted git histories of a small shop, and proofs of what they claim."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tracemill_gate.git import Repository, open_repository
from tracemill_gate.proof.prove import Options, Proof, prove
from tracemill_schema.spec import Spec

Files = Mapping[str, str | None]
"""Path -> text; None removes the file."""

IDENTITY = {
    "GIT_AUTHOR_NAME": "test",
    "GIT_AUTHOR_EMAIL": "test@localhost",
    "GIT_COMMITTER_NAME": "test",
    "GIT_COMMITTER_EMAIL": "test@localhost",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
# Plugins that may be installed here but are not wanted there: each start of pytest would load them.
BLOCKED = (
    "hypothesispytest",
    "pytest_postgresql",
    "anyio",
    "xdist",
    "xdist.looponfail",
    "pytest_cov",
)
PYPROJECT = f"""[tool.tracemill.gate]
required = ["unit"]
source_roots = ["src"]

[tool.pytest.ini_options]
addopts = {["--import-mode=importlib", "--strict-markers", *(f"-pno:{p}" for p in BLOCKED)]}
filterwarnings = ["error"]
"""
FIELDS = {
    "number": 1,
    "title": "A fair price",
    "kind": "change",
    "behaviour_change": "b",
    "user_intent": "u",
    "must_stay_unchanged": [],
    "files_to_touch": [{"path": "src/shop/price.py", "kind": "modify"}],
    "fail_first_tests": ["tests/test_price.py::test_total"],
    "regression_tests": [],
    "non_goals": [],
    "risks": [],
    "rollback_trigger": "r",
    "touch_points": [],
    "diff_shape": {"lines_min": 0, "lines_max": 100},
    "review_checks": [],
    "depends_on": [],
    "blocked_by": [],
    "parallelizable_with": [],
    "invalidation_watch": [],
    "approval": None,
}


def git(folder: Path, *words: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ("git", *words),
        cwd=folder,
        env={**kept, **IDENTITY},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit(root: Path, files: Files) -> None:
    for path, text in files.items():
        if text is None:
            (root / path).unlink()
        else:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "next")


@dataclass(frozen=True, kw_only=True)
class History:
    """A repository with a base and a HEAD."""

    repository: Repository
    base: str

    def proved(
        self, *specs: Spec, inherited: Mapping[str, str] | None = None, **options: float
    ) -> Proof:
        """Prove specs with the caller's environment and a few more variables."""
        return prove(
            self.repository,
            specs,
            base=self.base,
            options=Options(**options),
            inherited={**os.environ, **(inherited or {})},
            tell=lambda _: None,
        )

    @property
    def registrations(self) -> Sequence[str]:
        """The worktrees that git knows of beside the repository itself."""
        return git(self.repository.root, "worktree", "list").splitlines()[1:]


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Files, Files], History]:
    """Return a function that makes a history of two commits: files at the base, changes at HEAD."""
    template = tmp_path_factory.mktemp("template")
    git(template, "init", "-q", "-b", "main", "--template=")

    def make(base: Files, head: Files) -> History:
        root = tmp_path_factory.mktemp("history") / "repository"
        shutil.copytree(template, root)
        commit(root, {"pyproject.toml": PYPROJECT, "src/shop/__init__.py": "", **base})
        first = git(root, "rev-parse", "HEAD")
        commit(root, head)
        return History(repository=open_repository(root), base=first)

    return make


@pytest.fixture(scope="session")
def settings() -> str:
    """The pyproject.toml of the base; what is added goes into the settings of pytest."""
    return PYPROJECT


@pytest.fixture(scope="session")
def planned() -> Callable[..., Spec]:
    """Return a function that makes a spec with some fields other than usual."""

    def make(**fields: object) -> Spec:
        return Spec.from_values({**FIELDS, **fields}, where="test")

    return make

"""Scratch git repositories, a workspace that readiness is judged by, a card and evaluations."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_schema.dataset import Counts, DataFile, Dataset, OverlapReport
from tracemill_schema.evaluation import Evaluation
from tracemill_schema.evidence import Digest, Predicate, Subject, statement
from tracemill_schema.jsonl import write_record
from tracemill_schema.seal import write_sealed

Git = Callable[..., str]
IDENTITY = {
    "GIT_AUTHOR_NAME": "test",
    "GIT_AUTHOR_EMAIL": "test@localhost",
    "GIT_COMMITTER_NAME": "test",
    "GIT_COMMITTER_EMAIL": "test@localhost",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}
EXAMPLES = Path(__file__).parents[3] / "contracts/examples/evaluation.v1/valid"
CARD = """\
name = "show-work"
hypothesis = "Showing work helps."
dataset = "demo-v1"
model = "traces"
protocol = "equal tokens"
metric = "/pass_at_1"
success = "pass_at_1.low > baseline.pass_at_1.high"
seeds = 1
status = "planned"
"""
Edit = Callable[..., Evaluation]
Store = Callable[..., Path]


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


@pytest.fixture(scope="session")
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


def _write_smoke(
    path: Path,
    *,
    versions: dict[str, str],
    gate: str = "train-smoke",
    passed: int = 3,
    failed: int = 0,
    skipped: int = 0,
    checked: int | None = None,
) -> None:
    predicate = Predicate(
        gate=gate,
        passed=passed,
        failed=failed,
        skipped=skipped,
        checked=passed + failed + skipped if checked is None else checked,
        device="cpu",
        versions=versions,
        started="2026-01-02T03:04:05Z",
        finished="2026-01-02T03:04:05Z",
    )
    subject = Subject(name="model", digest=Digest(sha256="f" * 64))
    write_sealed(path, statement(subjects=(subject,), predicate=predicate))


@pytest.fixture
def write_smoke() -> Callable[..., None]:
    """``write_smoke(path, versions=..., ...)`` writes evidence of train-smoke, green by default."""
    return _write_smoke


@pytest.fixture
def trainable(tmp_path: Path) -> Path:
    """A workspace with the manifest of a dataset and green smoke evidence."""
    manifest = Dataset.make(
        key="demo-v1",
        version=1,
        created_at="2026-01-02T03:04:05Z",
        source="a test",
        schema_versions={},
        generator_version="1",
        source_tree="f" * 64,
        seed=0,
        counts=Counts(total=34, source={}, family={}, split={}, bucket={}),
        files=(DataFile(path="a", sha256="f" * 64, rows=1, bytes=1),),
        split_rule="hash",
        overlap=OverlapReport(duplicates_removed=0, overlap_between_splits=0, method="exact"),
        licences={},
    )
    write_record(tmp_path / "datasets/demo-v1/manifest.json", manifest)
    versions = {"trainer_source": "a" * 64, "schema_source": "b" * 64, "jax": "0.10"}
    _write_smoke(tmp_path / "evidence/train-smoke.json", versions=versions)
    return tmp_path


@pytest.fixture
def evaluation() -> Edit:
    """Return a function that gives the valid example, some of its fields replaced."""

    def edited(example: str = "traces", **changes: object) -> Evaluation:
        values = json.loads((EXAMPLES / f"{example}.json").read_text())
        return Evaluation.from_values({**values, **changes}, where=example)

    return edited


@pytest.fixture
def stored(evaluation: Edit, tmp_path: Path) -> Store:
    """Return a function that writes such an evaluation with its own checkpoint."""

    def store(name: str, **changes: object) -> Path:
        path = tmp_path / f"{name}.json"
        digest = name.encode().hex().ljust(64, "0")[:64]
        path.write_bytes(evaluation(**{"checkpoint": digest, **changes}).to_bytes())
        return path

    return store


@pytest.fixture
def card_text() -> str:
    """The text of an experiment card without a fault; its file is called show-work.toml."""
    return CARD

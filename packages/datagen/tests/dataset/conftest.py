"""What the tests of datasets share: a workspace with a few reasoning tasks, and a build of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracemill_datagen.dataset.builder import Built, build
from tracemill_datagen.dataset.config import DatasetConfig
from tracemill_datagen.stage.tasks import TasksConfig, make

COUNTS = {"modular_chain": 18, "percent": 12, "sort_numbers": 4}
Build = Callable[..., Built]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tasks, made once; copy before changing anything."""
    folder = tmp_path_factory.mktemp("made")
    make(TasksConfig(counts=COUNTS), folder / "tasks", report=lambda *_: None)
    return folder


@pytest.fixture(scope="session")
def _built(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    config = DatasetConfig(key="demo-v1", source="a test", out=str(tmp_path_factory.mktemp("d")))
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    return build(config, made, now=lambda: moment, report=lambda *_: None).folder


@pytest.fixture
def folder(_built: Path, tmp_path: Path) -> Path:
    """A dataset of the test's own."""
    return shutil.copytree(_built, tmp_path / "demo-v1")


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Path:
    """A workspace of the test's own."""
    (tmp_path / "tasks").mkdir()
    for path in (made / "tasks").iterdir():
        (tmp_path / "tasks" / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.fixture
def build_it(workspace: Path) -> Build:
    """``build_it(seconds=0, **config)`` builds dataset demo-v1 of the workspace."""

    def built(seconds: int = 0, **changes: object) -> Built:
        values = {"key": "demo-v1", "source": "a test", **changes}
        config = DatasetConfig.model_validate(values)
        moment = datetime(2026, 1, 2, 3, 4, seconds, tzinfo=UTC)
        return build(config, workspace, now=lambda: moment, report=lambda *_: None)

    return built

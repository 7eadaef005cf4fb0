"""A small dataset to export."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tracemill_datagen.dataset.builder import build
from tracemill_datagen.dataset.config import DatasetConfig
from tracemill_datagen.stage.tasks import TasksConfig, make


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    counts = {"modular_chain": 20, "percent": 10}
    make(TasksConfig(counts=counts), folder / "tasks", report=lambda *_: None)
    config = DatasetConfig(key="demo-v1", source="a test")
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    return build(config, folder, now=lambda: moment, report=lambda *_: None).folder

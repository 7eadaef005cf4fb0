from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

from tracemill_datagen.pipeline import STAGES, generate, handler
from tracemill_schema.run import HANDLER_GROUP


def test_every_stage_is_the_handler_of_the_kind_of_run_of_its_name() -> None:
    found = {entry.name: entry for entry in entry_points(group=HANDLER_GROUP)}
    for stage in STAGES:
        assert found[stage].load() is handler(stage)


def test_the_way_from_a_family_to_a_dataset(tmp_path: Path) -> None:
    results = generate(
        {
            "dataset": {
                "tasks": "tasks",
                "traces": "traces",
                "questions": "questions",
                "out": "datasets",
                "key": "small-v1",
                "seed": 0,
                "source": "tests",
                "shares": {"train": 0.8, "validation": 0.1, "test": 0.1},
            },
            "tasks": {"out": "tasks", "seed": 0, "counts": {"percent": 40}},
        },
        tmp_path,
    )
    assert list(results) == ["tasks", "dataset"]
    assert (tmp_path / "datasets" / "small-v1" / "manifest.json").is_file()

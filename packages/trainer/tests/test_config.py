from __future__ import annotations

import math

import pytest

from tracemill_schema.canonical import JsonObject
from tracemill_schema.errors import RecordError
from tracemill_trainer.config import EvaluateConfig, ModelConfig, TrainConfig

CASES = [
    ({"heads": 3}, "3 heads cannot share 2 key-value heads"),
    ({"head_width": 33}, "head_width 33 is odd"),
    ({"with": 1}, "/with: wanted no such key"),
]


@pytest.mark.parametrize(("change", "wanted"), CASES)
def test_a_model_that_cannot_be_is_refused(change: JsonObject, wanted: str) -> None:
    with pytest.raises(RecordError, match=wanted):
        ModelConfig.from_values(change, where="model")


def test_a_training_without_an_end_is_refused() -> None:
    with pytest.raises(RecordError, match="give at least one of max_tokens, max_steps"):
        TrainConfig.from_values({"dataset": "d", "out": "models/a"}, where="config")


@pytest.mark.parametrize("out", ["models/Upper", "models/", "../models/a b"])
def test_the_last_part_of_out_names_the_evidence(out: str) -> None:
    with pytest.raises(RecordError, match="/out"):
        TrainConfig.from_values({"dataset": "d", "out": out, "max_steps": 1}, where="config")
    with pytest.raises(RecordError, match="/out"):
        EvaluateConfig.from_values(
            {"completions": "c", "dataset": "d", "model": "m", "out": out}, where="config"
        )


def test_where_and_how_long_are_no_part_of_the_identity(tiny: JsonObject) -> None:
    one = TrainConfig.from_values(tiny, where="one")
    elsewhere = {"out": "models/b", "device": "auto", "readiness": "r.json"}
    moved = one.replace(**elsewhere, time_budget_minutes=1.0, keep_last=9)
    assert moved.identity() == one.identity()
    assert one.replace(seed=1).identity() != one.identity()
    assert None not in one.shown().values()


def test_matrices_that_write_into_the_stream_start_smaller() -> None:
    config = ModelConfig(layers=2, start_deviation=0.1)
    assert math.isclose(config.end_deviation, 0.05)

from __future__ import annotations

import numpy as np
import pytest

from tracemill_schema.canonical import JsonObject
from tracemill_trainer.batches import Batches, Plan, plan
from tracemill_trainer.config import TrainConfig
from tracemill_trainer.data import TokenText
from tracemill_trainer.errors import BadSetting
from tracemill_trainer.packing import Rows

ROWS = Rows([TokenText(tokens=(1, 7 + i, 2), trained_from=1) for i in range(10)], 2)


def _batches(seed: int = 0) -> Batches:
    return Batches(ROWS, seed=seed, batch_rows=4)


def test_every_epoch_shows_every_row_once_in_another_order() -> None:
    order = np.concatenate([_batches().rows_of(step) for step in range(5)])
    first, second = order[:10].tolist(), order[10:].tolist()
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second


def test_any_batch_is_had_without_the_ones_before_it() -> None:
    walked = _batches()
    for step in range(7):
        walked.rows_of(step)
    fresh = _batches()
    for walked_array, fresh_array in zip(walked[7], fresh[7], strict=True):
        np.testing.assert_array_equal(walked_array, fresh_array)


def test_the_seed_decides_the_order() -> None:
    assert _batches(0).rows_of(0).tolist() == _batches(0).rows_of(0).tolist()
    assert _batches(0).rows_of(0).tolist() != _batches(1).rows_of(0).tolist()


LIMITS: list[tuple[JsonObject, Plan]] = [
    ({"max_steps": 3}, Plan(steps=3, stopped_by="max_steps")),
    ({"max_tokens": 24}, Plan(steps=3, stopped_by="max_tokens")),
    ({"max_tokens": 31}, Plan(steps=3, stopped_by="max_tokens")),
    ({"max_tokens": 80}, Plan(steps=10, stopped_by="max_tokens")),
    ({"max_examples": 9}, Plan(steps=2, stopped_by="max_examples")),
    ({"max_tokens": 80, "max_steps": 5}, Plan(steps=5, stopped_by="max_steps")),
    ({"time_budget_minutes": 1.0}, Plan(steps=None, stopped_by="time_budget")),
]


@pytest.mark.parametrize(("limits", "wanted"), LIMITS)
def test_a_plan_stays_within_every_limit(limits: JsonObject, wanted: Plan) -> None:
    values = {"dataset": "d", "out": "models/m", **limits}
    assert plan(_batches(), TrainConfig.from_values(values, where="config")) == wanted


def test_a_limit_below_one_batch_is_refused() -> None:
    values: JsonObject = {"dataset": "d", "out": "models/m", "max_tokens": 7}
    message = "max_tokens is less than one batch, which has 8 tokens of 4 examples; raise it"
    with pytest.raises(BadSetting, match=message):
        plan(_batches(), TrainConfig.from_values(values, where="config"))

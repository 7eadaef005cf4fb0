from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_schema.canonical import JsonObject
from tracemill_schema.dataset import Dataset
from tracemill_schema.training import Training
from tracemill_trainer.config import TrainConfig
from tracemill_trainer.data import Corpus, corpus, open_dataset
from tracemill_trainer.errors import BadSetting, LossNotFinite, TooLong
from tracemill_trainer.home import Home
from tracemill_trainer.loop import _finite, train

pytestmark = pytest.mark.train


class Hands:
    """A clock that moves one second each time it is looked at."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        self.at += 1.0
        return self.at


@pytest.fixture
def learned(tmp_path: Path, write_dataset: Callable[[Path, int, int], Dataset]) -> Corpus:
    write_dataset(tmp_path / "data", 60, 2)
    return corpus(open_dataset(tmp_path / "data"), "trace", ())


def _train(
    config: TrainConfig, learned: Corpus, folder: Path, said: list[str] | None = None
) -> Training:
    say = (said if said is not None else []).append
    home = Home(folder=folder)
    return train(config, learned, home, clock=Hands(), now=lambda: "2026-01-01T00:00:00Z", say=say)


def test_a_budget_stops_with_a_checkpoint_and_the_rest_is_what_it_would_have_been(
    tmp_path: Path, learned: Corpus, tiny: JsonObject
) -> None:
    config = TrainConfig.from_values(tiny, where="config")
    whole = _train(config, learned, tmp_path / "whole")
    assert (whole.steps, whole.stopped_by, len(whole.losses)) == (12, "max_steps", 12)
    assert [c.step for c in whole.checkpoints] == [0, 9, 12]
    assert whole.losses[-1].tokens == whole.tokens

    short = config.replace(time_budget_minutes=0.75)
    stopped = _train(short, learned, tmp_path / "part")
    assert stopped.stopped_by == "time_budget"
    assert 1 < stopped.steps < 12
    assert stopped.checkpoints[-1].step == stopped.steps
    assert stopped.wall_seconds <= 45

    said: list[str] = []
    resumed = _train(config, learned, tmp_path / "part", said)
    assert said == [f"resuming after step {stopped.steps}"]
    measured = {"wall_seconds", "checkpoints", "model"}
    assert resumed.model_dump(exclude=measured) == whole.model_dump(exclude=measured)
    assert resumed.checkpoints[-1].sha256 == whole.checkpoints[-1].sha256


def test_settings_that_cannot_be_met_are_refused_before_anything_is_written(
    tmp_path: Path, learned: Corpus, tiny: JsonObject
) -> None:
    config = TrainConfig.from_values(tiny, where="config")
    cases = [
        (config.replace(row_tokens=8), TooLong, "20 of 20 examples are longer than a row"),
        (config.replace(max_tokens=3), BadSetting, "max_tokens is less than one batch"),
        (config.replace(device="tpu"), BadSetting, "wanted a device of kind tpu"),
    ]
    for bad, kind, message in cases:
        with pytest.raises(kind, match=message):
            _train(bad, learned, tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_loss_that_is_not_finite_stops_the_training() -> None:
    assert _finite(1.0, 0) == 1.0
    for loss in (float("nan"), float("inf")):
        with pytest.raises(LossNotFinite, match="the loss of step 4 is .*; lower the learning"):
            _finite(loss, 3)

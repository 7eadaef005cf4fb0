from __future__ import annotations

from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

from tracemill_trainer.checkpoint import (
    Checkpoints,
    Reached,
    path_of,
    read_saved,
    read_weights,
    refuse_other_model,
    steps_in,
)
from tracemill_trainer.config import ModelConfig
from tracemill_trainer.errors import CheckpointBroken
from tracemill_trainer.home import folder_digest
from tracemill_trainer.packing import Counts
from tracemill_trainer.update import TrainState

MODEL = ModelConfig(layers=1)


def _state(value: float) -> TrainState:
    weights = {"a": {"kernel": jnp.full((4, 3), value)}, "b": jnp.arange(5.0) * value}
    return TrainState(weights=weights, moments=(jnp.int32(value), {"mu": jnp.full((2,), value)}))


def _reached(step: int) -> Reached:
    counts = Counts(tokens=10 * step, trained_tokens=5 * step, examples=step)
    return Reached(step=step, counts=counts, state=_state(step + 0.5))


@pytest.fixture
def checkpoints(tmp_path: Path) -> Checkpoints:
    return Checkpoints(folder=tmp_path / "checkpoints", model=MODEL, keep_last=2)


def _fail(sentence: str) -> None:
    raise AssertionError(sentence)


def test_what_is_saved_is_read_back_bit_for_bit(checkpoints: Checkpoints) -> None:
    checkpoints.save(_reached(7))
    read = checkpoints.last(_state(0), _fail)
    assert read is not None
    assert (read.step, read.counts) == (7, _reached(7).counts)
    wanted = _state(7.5)
    np.testing.assert_array_equal(read.state.weights["a"]["kernel"], wanted.weights["a"]["kernel"])
    np.testing.assert_array_equal(read.state.weights["b"], wanted.weights["b"])
    assert read.state.moments[0].dtype == jnp.int32
    assert int(read.state.moments[0]) == 7


def test_the_same_state_gives_the_same_bytes(checkpoints: Checkpoints, tmp_path: Path) -> None:
    other = Checkpoints(folder=tmp_path / "other", model=MODEL, keep_last=2)
    checkpoints.save(_reached(3))
    other.save(_reached(3))
    assert folder_digest(path_of(checkpoints.folder, 3)) == folder_digest(path_of(other.folder, 3))


def test_the_start_and_the_last_ones_are_kept(checkpoints: Checkpoints) -> None:
    for step in (0, 5, 10, 15, 20):
        checkpoints.save(_reached(step))
    assert steps_in(checkpoints.folder) == [0, 15, 20]


def test_without_checkpoints_there_is_nothing_to_resume(checkpoints: Checkpoints) -> None:
    assert checkpoints.last(_state(0), _fail) is None


def test_a_checkpoint_that_was_being_written_does_not_exist(checkpoints: Checkpoints) -> None:
    checkpoints.save(_reached(5))
    path_of(checkpoints.folder, 5).rename(checkpoints.folder / ".writing-000005")
    assert checkpoints.last(_state(0), _fail) is None
    checkpoints.save(_reached(5))
    assert steps_in(checkpoints.folder) == [5]


def _cut(place: Path) -> None:
    array = max((p for p in place.rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)
    array.write_bytes(array.read_bytes()[:-1])


def _without_array(place: Path) -> None:
    next(path for path in sorted(place.glob("weights/**/c/*")) if path.is_file()).unlink()


def _without_note(place: Path) -> None:
    (place / "checkpoint.json").unlink()


@pytest.mark.parametrize("harm", [_cut, _without_array, _without_note])
def test_a_broken_checkpoint_is_passed_over_and_told(
    checkpoints: Checkpoints, harm: object
) -> None:
    checkpoints.save(_reached(5))
    checkpoints.save(_reached(10))
    assert callable(harm)
    harm(path_of(checkpoints.folder, 10))
    told: list[str] = []
    read = checkpoints.last(_state(0), told.append)
    assert read is not None
    assert read.step == 5
    (sentence,) = told
    assert sentence.startswith("checkpoint 10 is broken, falling back to the one before it: ")
    assert (checkpoints.folder / "000010.broken").is_dir()
    checkpoints.save(_reached(10))
    assert steps_in(checkpoints.folder) == [5, 10]


def test_if_none_is_whole_it_says_so(checkpoints: Checkpoints) -> None:
    checkpoints.save(_reached(5))
    _cut(path_of(checkpoints.folder, 5))
    with pytest.raises(CheckpointBroken, match="wanted one whole checkpoint in .*, got 1 broken"):
        checkpoints.last(_state(0), lambda _: None)


def test_a_step_that_is_asked_for_must_be_whole(checkpoints: Checkpoints) -> None:
    checkpoints.save(_reached(5))
    place = path_of(checkpoints.folder, 5)
    assert checkpoints.at(5, _state(0)).step == 5
    weights = read_weights(place, _state(0).weights)
    np.testing.assert_array_equal(weights["b"], _state(5.5).weights["b"])
    _without_array(place)
    with pytest.raises(CheckpointBroken, match="000005: the checkpoint is broken"):
        checkpoints.at(5, _state(0))
    with pytest.raises(CheckpointBroken, match="000005: the checkpoint is broken"):
        read_weights(place, _state(0).weights)


def test_a_checkpoint_of_another_model_names_what_differs(checkpoints: Checkpoints) -> None:
    checkpoints.save(_reached(5))
    place = path_of(checkpoints.folder, 5)
    message = r"of another model: wanted width = 64, got 128; layers = 2, got 1; use the settings"
    with pytest.raises(CheckpointBroken, match=message):
        refuse_other_model(read_saved(place), ModelConfig(width=64, layers=2), place)
    wider = Checkpoints(folder=checkpoints.folder, model=ModelConfig(layers=2), keep_last=2)
    with pytest.raises(CheckpointBroken, match="wanted layers = 2, got 1"):
        wider.last(_state(0), _fail)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "checkpoints").write_bytes(b"a file where the folder should be")
    checkpoints = Checkpoints(folder=tmp_path / "checkpoints", model=MODEL, keep_last=2)
    from tracemill_schema.jsonl import CannotWrite

    with pytest.raises(CannotWrite, match="could not be written"):
        checkpoints.save(_reached(1))

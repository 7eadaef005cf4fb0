from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_schema.canonical import JsonObject
from tracemill_schema.jsonl import write_record
from tracemill_schema.training import Checkpoint, Device, Loss, Training
from tracemill_trainer.config import TrainConfig
from tracemill_trainer.errors import BadSetting, ModelAbsent, OtherTraining
from tracemill_trainer.home import (
    Home,
    choose_checkpoint,
    claim_home,
    folder_digest,
    form_of,
    is_finished,
)

DATASET = "d" * 64


@pytest.fixture
def config(tiny: JsonObject) -> TrainConfig:
    return TrainConfig.from_values(tiny, where="config")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(folder=tmp_path / "models" / "tiny")


def _finish(home: Home, config: TrainConfig, *, stopped_by: str = "max_steps") -> Training:
    place = home.checkpoints / "000012"
    place.mkdir(parents=True)
    (place / "array").write_bytes(b"1")
    training = Training(
        model="tiny",
        objective="traces",
        parameters=1,
        base_weights="random:0",
        dataset_id=DATASET,
        dataset_key="tiny-v1",
        config=config.shown(),
        seed=0,
        device=Device(kind="cpu", count=1),
        steps=12,
        tokens=1,
        trained_tokens=1,
        wall_seconds=1.0,
        stopped_by=stopped_by,
        losses=(Loss(step=1, loss=1.0, tokens=1),),
        checkpoints=(Checkpoint(step=12, path="checkpoints/000012", sha256=folder_digest(place)),),
        versions={},
        finished_at="2026-01-01T00:00:00Z",
    )
    write_record(home.manifest, training)
    return training


def test_a_model_is_asked_in_the_form_that_it_learned(home: Home, config: TrainConfig) -> None:
    training = _finish(home, config)
    assert form_of(training) == "trace"
    assert form_of(training.replace(objective="answers")) == "answer"
    with pytest.raises(BadSetting, match="one of traces, answers, tiny learned preferences"):
        form_of(training.replace(objective="preferences"))


def test_a_folder_belongs_to_the_first_training_and_to_the_same_again(
    home: Home, config: TrainConfig
) -> None:
    assert claim_home(home, config, DATASET) is None
    assert claim_home(home, config.replace(time_budget_minutes=3.0), DATASET) is None


def test_another_training_is_refused_and_says_what_differs(home: Home, config: TrainConfig) -> None:
    claim_home(home, config, DATASET)
    wider = config.replace(model=config.model.replace(width=32), seed=5)
    with pytest.raises(
        OtherTraining, match=r"with model\.width = 16, wanted 32; seed = 0, wanted 5"
    ):
        claim_home(home, wider, DATASET)
    with pytest.raises(OtherTraining, match="dataset dddddddddddddddd, wanted eeeeeeeeeeeeeeee"):
        claim_home(home, config, "e" * 64)


def test_a_training_by_other_code_is_another_training(
    home: Home, config: TrainConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim_home(home, config, DATASET)
    monkeypatch.setattr("tracemill_trainer.home.code_digest", lambda: "c" * 64)
    with pytest.raises(OtherTraining, match=r"with code [0-9a-f]{16}, wanted c{16}"):
        claim_home(home, config, DATASET)


def test_another_training_is_set_aside_if_that_is_asked_for(
    home: Home, config: TrainConfig
) -> None:
    claim_home(home, config, DATASET)
    home.losses.write_bytes(b"")
    said = claim_home(home, config.replace(seed=5, on_other="set_aside"), DATASET)
    assert said == "the training in tiny had seed = 0, wanted 5; it now is tiny.before-1"
    assert home.folder.with_name("tiny.before-1").joinpath("losses.jsonl").is_file()
    assert not home.losses.exists()
    claim_home(home, config.replace(on_other="set_aside"), DATASET)
    assert home.folder.with_name("tiny.before-2").is_dir()


def test_finished_means_the_same_training_with_all_its_checkpoints(
    home: Home, config: TrainConfig
) -> None:
    assert not is_finished(home, config, DATASET)
    claim_home(home, config, DATASET)
    assert not is_finished(home, config, DATASET)
    _finish(home, config)
    assert is_finished(home, config, DATASET)
    assert is_finished(home, config.replace(time_budget_minutes=9.0), DATASET)
    assert not is_finished(home, config.replace(seed=1), DATASET)
    assert not is_finished(home, config, "e" * 64)
    (home.checkpoints / "000012" / "array").write_bytes(b"2")
    assert not is_finished(home, config, DATASET)


def test_a_training_that_the_budget_stopped_goes_on_with_another_budget(
    home: Home, config: TrainConfig
) -> None:
    short = config.replace(time_budget_minutes=1.0)
    claim_home(home, short, DATASET)
    _finish(home, short, stopped_by="time_budget")
    assert is_finished(home, short, DATASET)
    assert not is_finished(home, short.replace(time_budget_minutes=2.0), DATASET)


def test_a_checkpoint_is_chosen_by_step(home: Home, config: TrainConfig) -> None:
    training = _finish(home, config)
    assert choose_checkpoint(training, None) is choose_checkpoint(training, 12)
    with pytest.raises(BadSetting, match="wanted the checkpoint of step 3 of tiny, kept are 12;"):
        choose_checkpoint(training, 3)


def test_without_a_manifest_there_is_no_model(home: Home) -> None:
    with pytest.raises(ModelAbsent, match=r"wanted a finished training with .*run_manifest\.json"):
        home.finished()

"""A long training begins only on a dataset and with a trainer that somebody has looked at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_schema.canonical import JsonObject, file_digest
from tracemill_schema.dataset import Dataset
from tracemill_schema.evidence import Digest, Predicate, Subject, statement
from tracemill_schema.jsonl import write_records
from tracemill_schema.readiness import SHOWN, ReadinessFault, faults_path
from tracemill_schema.seal import seal_path, write_sealed
from tracemill_trainer import stage
from tracemill_trainer.config import TrainConfig
from tracemill_trainer.errors import NotJudged, NotReady
from tracemill_trainer.readiness import SMOKE_TOKENS, most_tokens, require_ready
from tracemill_trainer.versions import sources, versions

DATASET, OTHER = "d" * 64, "f" * 64
HERE = sources() | versions()
THEN = "2026-01-02T03:04:05Z"
JUDGE = (
    "tracemill gate readiness datasets/demo-v1 --smoke evidence/train-smoke.json "
    "--evidence evidence/readiness.json (and --episodes, if its traces are about tables)"
)
HEAD = "a training of up to 500,000 tokens (a smoke has 100,000) needs green evidence in "
FAULT = ReadinessFault(
    kind="replay",
    offender="c" * 64,
    file="traces/train.jsonl",
    line=4,
    pointer="/steps/1",
    reason="add gives 7, not 8",
)


def config(**changes: object) -> TrainConfig:
    values = {
        "dataset": "datasets/demo-v1",
        "out": "models/m",
        "max_tokens": 500_000,
        "device": "cpu",
        **changes,
    }
    return TrainConfig.from_values(values, where="test")


def write_smoke(
    folder: Path, *, device: str = "cpu", versions: dict[str, str] = HERE, failed: int = 0
) -> Path:
    predicate = Predicate(
        gate="train-smoke",
        passed=3 - failed,
        failed=failed,
        skipped=0,
        checked=3,
        device=device,
        versions=versions,
        started=THEN,
        finished=THEN,
    )
    subject = Subject(name="model", digest=Digest(sha256=OTHER))
    path = folder / "evidence/train-smoke.json"
    write_sealed(path, statement(subjects=(subject,), predicate=predicate))
    return path


def write_evidence(
    folder: Path,
    *,
    dataset: str = DATASET,
    gate: str = "readiness",
    failed: int = 0,
    skipped: int = 0,
    checked: int = 35,
    passed: int | None = None,
    smoke: Path | None = None,
) -> Path:
    """Write what the gate leaves: evidence about a dataset and the smoke evidence, sealed."""
    predicate = Predicate(
        gate=gate,
        passed=checked - failed - skipped if passed is None else passed,
        failed=failed,
        skipped=skipped,
        checked=checked,
        device="cpu",
        versions={},
        started=THEN,
        finished=THEN,
    )
    judged = file_digest(smoke or write_smoke(folder))
    subjects = (
        Subject(name="dataset", digest=Digest(sha256=dataset)),
        Subject(name="config", digest=Digest(sha256=judged)),
    )
    path = folder / "evidence/readiness.json"
    write_sealed(path, statement(subjects=subjects, predicate=predicate))
    return path


@pytest.mark.parametrize(
    ("limits", "most"),
    [
        ({"max_tokens": 7}, 7),
        ({"max_tokens": None, "max_steps": 10}, 10 * 16 * 128),
        ({"max_tokens": None, "max_steps": 10, "batch_rows": 2, "row_tokens": 64}, 1280),
        ({"max_tokens": None, "max_examples": 5}, 5 * 128),
        ({"max_tokens": 900, "max_examples": 5}, 640),
        ({"max_tokens": None, "time_budget_minutes": 0.1}, None),
    ],
)
def test_the_settings_bound_the_tokens(limits: dict[str, object], most: int | None) -> None:
    assert most_tokens(config(**limits)) == most


@pytest.mark.parametrize("limits", [{"max_tokens": SMOKE_TOKENS}, {"max_steps": 48}])
def test_a_training_as_short_as_a_smoke_needs_no_evidence(
    tmp_path: Path, limits: dict[str, object]
) -> None:
    require_ready(config(**limits), DATASET, tmp_path)


@pytest.mark.parametrize(
    ("limits", "length"),
    [
        ({"max_tokens": SMOKE_TOKENS + 1}, "of up to 100,001 tokens (a smoke has 100,000)"),
        ({"max_tokens": None, "time_budget_minutes": 0.1}, "whose settings bound no tokens"),
    ],
)
def test_without_evidence_a_longer_one_is_not_judged(
    tmp_path: Path, limits: dict[str, object], length: str
) -> None:
    path = tmp_path / "evidence/readiness.json"
    with pytest.raises(NotJudged) as caught:
        require_ready(config(**limits), DATASET, tmp_path)
    assert caught.value.exit_code == 3
    assert str(caught.value) == (
        f"a training {length} needs green evidence in {path}, got: (document): "
        f"wanted a readable file, got No such file or directory; run in {tmp_path}: "
        f"{JUDGE}"
    )


def test_green_evidence_about_this_dataset_and_this_trainer_is_enough(tmp_path: Path) -> None:
    path = write_evidence(tmp_path)
    require_ready(config(), DATASET, tmp_path)
    (tmp_path / "elsewhere").mkdir()
    path.rename(tmp_path / "elsewhere/readiness.json")
    seal_path(path).rename(tmp_path / "elsewhere/readiness.json.sha256")
    (tmp_path / "evidence/train-smoke.json").rename(tmp_path / "elsewhere/smoke.json")
    places = {"readiness": "elsewhere/readiness.json", "smoke": "elsewhere/smoke.json"}
    require_ready(config(**places), DATASET, tmp_path)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"dataset": OTHER}, f"it is about dataset {OTHER[:16]}, not {DATASET[:16]}; run in "),
        ({"dataset": OTHER, "failed": 1}, f"it is about dataset {OTHER[:16]}, not "),
        ({"gate": "dataset"}, "it is about the gate 'dataset'; run in "),
        ({"passed": 34}, "its counts (35 checked, 34 passed, 0 failed, 0 skipped) do not add up"),
    ],
)
def test_evidence_about_something_else_is_none(
    tmp_path: Path, changes: dict[str, object], reason: str
) -> None:
    path = write_evidence(tmp_path, **changes)  # type: ignore[arg-type]  # a table of keywords
    with pytest.raises(NotJudged) as caught:
        require_ready(config(), DATASET, tmp_path)
    assert str(caught.value).startswith(f"{HEAD}{path}; {reason}")
    assert str(caught.value).endswith(f"; run in {tmp_path}: {JUDGE}")


def test_evidence_that_was_edited_is_none(tmp_path: Path) -> None:
    """Where ``failed`` was brought to 0, ``passed`` can be brought up, too."""
    path = write_evidence(tmp_path, failed=1)
    for old, new in ((b'"failed":1', b'"failed":0'), (b'"passed":34', b'"passed":35')):
        path.write_bytes(path.read_bytes().replace(old, new))
    with pytest.raises(NotJudged) as caught:
        require_ready(config(), DATASET, tmp_path)
    reason = "it was changed: its digest is not the one in readiness.json.sha256"
    assert str(caught.value) == f"{HEAD}{path}; {reason}; run in {tmp_path}: {JUDGE}"


@pytest.mark.parametrize("change", ["red", "gone", "another green one"])
def test_a_smoke_that_changed_since_it_was_judged_by_is_none(tmp_path: Path, change: str) -> None:
    path = write_evidence(tmp_path)
    smoke = tmp_path / "evidence/train-smoke.json"
    if change == "gone":
        smoke.unlink()
    else:
        write_smoke(tmp_path, failed=int(change == "red"), versions={**HERE, "more": "1"})
    with pytest.raises(NotJudged) as caught:
        require_ready(config(), DATASET, tmp_path)
    reason = f"{smoke} is not the smoke evidence that was judged"
    assert str(caught.value) == f"{HEAD}{path}; {reason}; run in {tmp_path}: {JUDGE}"


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in HERE.items() if key != name}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"versions": {}}, "its smoke ran with trainer_source none, installed is "),
        (
            {"versions": {**HERE, "trainer_source": OTHER, "schema_source": OTHER}},
            f"its smoke ran with trainer_source {OTHER[:16]}, installed is ",
        ),
        (
            {"versions": {**HERE, "schema_source": OTHER}},
            f"its smoke ran with schema_source {OTHER[:16]}, installed is ",
        ),
        (
            {"versions": {**HERE, "jax": "0.0.1"}},
            f"its smoke ran with jax 0.0.1, installed is {HERE['jax']}; ",
        ),
        *(
            ({"versions": without(name)}, f"its smoke ran with {name} none, installed is ")
            for name in ("jax", "flax", "optax", "orbax-checkpoint", "grain", "numpy", "python")
        ),
        (
            {"device": "TPU v5 lite x 1"},
            "its smoke ran on TPU v5 lite x 1, this would run on cpu; ",
        ),
    ],
)
def test_a_smoke_of_other_code_or_on_another_device_is_none(
    tmp_path: Path, changes: dict[str, object], reason: str
) -> None:
    smoke = write_smoke(tmp_path, **changes)  # type: ignore[arg-type]  # a table of keywords
    path = write_evidence(tmp_path, smoke=smoke)
    with pytest.raises(NotJudged) as caught:
        require_ready(config(), DATASET, tmp_path)
    assert str(caught.value).startswith(f"{HEAD}{path}; {reason}")
    again = "tracemill train smoke --device cpu --evidence evidence/train-smoke.json"
    assert str(caught.value).endswith(f"; run in {tmp_path}: {again}, then {JUDGE}")


@pytest.mark.parametrize(
    ("failed", "told"),
    [(1, [f"  {FAULT}"]), (SHOWN + 4, [f"  {FAULT}"] * SHOWN + ["  and 4 more in {}"])],
)
def test_red_evidence_names_every_fault_that_blocks(
    tmp_path: Path, failed: int, told: list[str]
) -> None:
    path = write_evidence(tmp_path, failed=failed, smoke=write_smoke(tmp_path, versions={}))
    write_records(faults_path(path), [FAULT] * failed)
    with pytest.raises(NotReady) as caught:
        require_ready(config(), DATASET, tmp_path)
    assert caught.value.exit_code == 1
    head, *faults = str(caught.value).splitlines()
    counts = f"35 checked, {35 - failed} passed, {failed} failed, 0 skipped"
    assert head.startswith(f"{HEAD}{path}, got {counts}; run in ")
    assert faults == [line.format(faults_path(path)) for line in told]


def test_red_evidence_without_its_faults_and_evidence_of_nothing_are_red_too(
    tmp_path: Path,
) -> None:
    path = write_evidence(tmp_path, failed=1)
    with pytest.raises(NotReady, match="the faults cannot be read; the command above tells them"):
        require_ready(config(), DATASET, tmp_path)
    write_evidence(tmp_path, checked=0)
    write_records(faults_path(path), [FAULT])
    with pytest.raises(NotReady, match="got 0 checked, 0 passed, 0 failed, 0 skipped"):
        require_ready(config(), DATASET, tmp_path)
    faults_path(path).unlink()
    write_evidence(tmp_path, skipped=1)
    with pytest.raises(NotReady, match="got 35 checked, 34 passed, 0 failed, 1 skipped"):
        require_ready(config(), DATASET, tmp_path)


def test_faults_that_lie_beside_green_evidence_block(tmp_path: Path) -> None:
    path = write_evidence(tmp_path)
    write_records(faults_path(path), [FAULT])
    with pytest.raises(NotReady) as caught:
        require_ready(config(), DATASET, tmp_path)
    head, fault = str(caught.value).splitlines()
    got = "got 35 checked, 35 passed, 0 failed, 0 skipped, and faults beside it"
    assert head.startswith(f"{HEAD}{path}, {got}; run in ")
    assert fault == f"  {FAULT}"


@pytest.fixture
def workspace(tmp_path: Path, write_dataset: Callable[[Path, int, int], Dataset]) -> Path:
    dataset = write_dataset(tmp_path / "datasets/tiny-v1", 60, 2)
    write_evidence(tmp_path, dataset=dataset.id)
    return tmp_path


@pytest.mark.train
def test_the_stage_asks_each_time_that_it_trains_and_never_for_what_is_there(
    workspace: Path, tiny: JsonObject
) -> None:
    """A budget of no time makes one step and then goes on where it stopped."""
    evidence = workspace / "evidence/readiness.json"
    green = evidence.read_bytes()
    config: JsonObject = {**tiny, "max_steps": None, "time_budget_minutes": 1e-9}
    evidence.unlink()
    with pytest.raises(NotJudged, match="whose settings bound no tokens"):
        stage.train(config, workspace)
    assert not (workspace / "models").exists()

    evidence.write_bytes(green)
    assert stage.train(config, workspace)["steps"] == 1
    evidence.unlink()
    assert stage.train(config, workspace)["reused"] is True
    with pytest.raises(NotJudged):
        stage.train({**config, "time_budget_minutes": 2e-9}, workspace)
    evidence.write_bytes(green)
    assert stage.train({**config, "time_budget_minutes": 2e-9}, workspace)["steps"] == 2

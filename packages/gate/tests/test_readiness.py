"""No dataset is ready by default: what was not looked at, or not with this trainer, is red."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import EntryPoint, version
from pathlib import Path

import pytest

from tracemill_gate import readiness
from tracemill_gate.errors import CannotJudge
from tracemill_gate.readiness import (
    Check,
    Files,
    Readiness,
    installed_checks,
    installed_versions,
    judge_readiness,
    load_checks,
)
from tracemill_schema.canonical import file_digest
from tracemill_schema.dataset import Dataset
from tracemill_schema.errors import TracemillError
from tracemill_schema.evidence import Evidence
from tracemill_schema.jsonl import read_record, read_records
from tracemill_schema.readiness import (
    READINESS_GROUP,
    SOURCE_GROUP,
    Examined,
    ReadinessFault,
    Tick,
    faults_path,
)
from tracemill_schema.seal import is_sealed, seal_path

THEN = "2026-01-02T03:04:05Z"
TRAINER, SCHEMA, OTHER = "a" * 64, "b" * 64, "f" * 64
INSTALLED = {"trainer_source": TRAINER, "schema_source": SCHEMA, "jax": "0.10"}
FAULT = ReadinessFault(
    kind="replay",
    offender="c" * 64,
    file="traces/train.jsonl",
    line=4,
    pointer="/steps/1",
    reason="add gives 7, not 8",
)

Judge = Callable[..., Readiness]


def sound(dataset: Path, episodes: Path | None, tick: Tick) -> Examined:
    tick(1, 1)
    return Examined(checked=34, faults=())


def faulty(dataset: Path, episodes: Path | None, tick: Tick) -> Examined:
    return Examined(checked=34, faults=(FAULT,))


def idle(dataset: Path, episodes: Path | None, tick: Tick) -> Examined:
    return Examined(checked=0, faults=())


def blind(dataset: Path, episodes: Path | None, tick: Tick) -> Examined:
    raise TracemillError("wanted the episodes, got none")


@pytest.fixture
def files(trainable: Path) -> Files:
    """A dataset and green smoke evidence of the trainer that is installed."""
    return Files(
        dataset=trainable / "datasets/demo-v1",
        episodes=None,
        smoke=trainable / "evidence/train-smoke.json",
        evidence=trainable / "evidence/readiness.json",
    )


@pytest.fixture
def judge(files: Files) -> Judge:
    """``judge(examine, ...)`` judges the dataset with these checks."""

    def run(*examine: Callable[[Path, Path | None, Tick], Examined]) -> Readiness:
        checks = tuple(
            Check(name=f"data{i}", made_by="maker 1.0", examine=each)
            for i, each in enumerate(examine)
        )
        return judge_readiness(
            files, checks, installed=INSTALLED, clock=lambda: THEN, tick=lambda *_: None
        )

    return run


def test_a_sound_dataset_is_ready(judge: Judge, files: Files) -> None:
    found = judge(sound)
    assert found.green
    evidence = read_record(files.evidence, Evidence)
    assert evidence == found.evidence
    manifest = read_record(files.dataset / "manifest.json", Dataset)
    assert [(s.name, s.digest.sha256) for s in evidence.subject] == [
        ("dataset", manifest.id),
        ("config", file_digest(files.smoke)),
    ]
    told = evidence.predicate
    assert (told.gate, told.passed, told.failed, told.checked) == ("readiness", 35, 0, 35)
    assert told.versions["check-data0"] == "maker 1.0"
    assert {name: told.versions[name] for name in INSTALLED} == INSTALLED
    assert is_sealed(files.evidence)
    assert not faults_path(files.evidence).exists()


def test_every_fault_of_every_check_blocks_and_lies_beside_the_evidence(
    judge: Judge, files: Files
) -> None:
    files.smoke.unlink()
    found = judge(faulty, sound, faulty)
    assert not found.green
    assert [fault.kind for fault in found.faults] == ["smoke", "replay", "replay"]
    assert tuple(read_records(faults_path(files.evidence), ReadinessFault)) == found.faults
    told = read_record(files.evidence, Evidence)
    assert [subject.name for subject in told.subject] == ["dataset"]
    assert (told.predicate.passed, told.predicate.failed) == (100, 3)


def test_faults_that_were_mended_do_not_stay(judge: Judge, files: Files) -> None:
    judge(faulty)
    assert faults_path(files.evidence).exists()
    assert judge(sound).green
    assert not faults_path(files.evidence).exists()


MEND = "mend the trainer;"
SMOKES = [
    ({"failed": 1}, TRAINER, f"is not green (4 checked, 1 failed, 0 skipped); {MEND}"),
    ({"skipped": 1}, TRAINER, f"is not green (4 checked, 0 failed, 1 skipped); {MEND}"),
    ({"passed": 0}, TRAINER, f"is not green (0 checked, 0 failed, 0 skipped); {MEND}"),
    ({"checked": 4}, TRAINER, "has counts that do not add up (4 checked, 0 failed, 0 skipped);"),
    ({"gate": "dataset"}, TRAINER, "is about the gate 'dataset';"),
    ({"versions": {}}, "", "names no trainer_source;"),
    (
        {"versions": {**INSTALLED, "trainer_source": OTHER}},
        OTHER,
        f"ran with trainer_source {OTHER[:16]}, installed is {TRAINER[:16]};",
    ),
    (
        {"versions": {"trainer_source": TRAINER}},
        TRAINER,
        f"ran with schema_source none, installed is {SCHEMA[:16]};",
    ),
    (
        {"versions": {**INSTALLED, "jax": "0.0.1"}},
        TRAINER,
        "ran with jax 0.0.1, installed is 0.10;",
    ),
    (
        {"versions": {"trainer_source": TRAINER, "schema_source": SCHEMA}},
        TRAINER,
        "ran with jax none, installed is 0.10;",
    ),
]


@pytest.mark.parametrize("case", SMOKES)
def test_smoke_evidence_must_be_green_and_about_the_installed_trainer(
    judge: Judge,
    files: Files,
    write_smoke: Callable[..., None],
    case: tuple[dict[str, object], str, str],
) -> None:
    changes, offender, reason = case
    write_smoke(files.smoke, **{"versions": INSTALLED, **changes})
    (fault,) = judge(sound).faults
    assert (fault.kind, fault.offender) == ("smoke", offender)
    assert fault.reason == f"{reason} run: tracemill train smoke"


def test_smoke_evidence_that_was_edited_is_a_fault(judge: Judge, files: Files) -> None:
    files.smoke.write_bytes(files.smoke.read_bytes().replace(b'"device":"cpu"', b'"device":"TPU"'))
    (fault,) = judge(sound).faults
    assert fault.reason == (
        "was changed: its digest is not the one in train-smoke.json.sha256; "
        "run: tracemill train smoke"
    )


@pytest.mark.parametrize(
    ("data", "got"),
    [
        (None, "(document): wanted a readable file, got No such file or directory"),
        (b"{", "(document): wanted UTF-8 JSON, got EOF while parsing an object at line 1 column 1"),
    ],
)
def test_smoke_evidence_that_cannot_be_read_is_a_fault(
    judge: Judge, files: Files, data: bytes | None, got: str
) -> None:
    files.smoke.unlink()
    if data is not None:
        files.smoke.write_bytes(data)
    (fault,) = judge(sound).faults
    assert fault.reason == f"wanted its evidence, got: {got}; run: tracemill train smoke"


def test_a_check_that_looked_at_nothing_is_red(judge: Judge) -> None:
    (fault,) = judge(sound, idle).faults
    assert str(fault) == (
        "unchecked at manifest.json: the check data1 of maker 1.0 looked at nothing"
    )


def test_a_dataset_without_a_manifest_has_no_evidence(judge: Judge, files: Files) -> None:
    judge(sound)
    (files.dataset / "manifest.json").write_bytes(b"[]")
    found = judge(sound)
    assert not found.green
    assert [fault.kind for fault in found.faults] == ["manifest"]
    assert not files.evidence.exists()
    assert not seal_path(files.evidence).exists()
    assert faults_path(files.evidence).is_file()


def test_a_check_that_cannot_look_leaves_no_evidence(judge: Judge, files: Files) -> None:
    judge(sound)
    with pytest.raises(TracemillError, match="wanted the episodes, got none"):
        judge(blind)
    assert not files.evidence.exists()


def test_without_checks_nothing_is_judged() -> None:
    with pytest.raises(CannotJudge) as caught:
        load_checks([])
    assert str(caught.value) == (
        "wanted readiness checks (entry points tracemill.readiness_checks), got none; "
        "install the package that makes the data, here: tracemill-datagen"
    )


def test_a_check_that_cannot_be_imported_is_named() -> None:
    point = EntryPoint("data", "no_such_module:x", READINESS_GROUP)
    with pytest.raises(CannotJudge) as caught:
        load_checks([point])
    assert str(caught.value) == (
        "data of tracemill.readiness_checks (no_such_module:x) could not be imported: "
        "No module named 'no_such_module'; install its package again"
    )


def test_checks_and_sources_are_found_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "maker-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: maker\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        f"[{READINESS_GROUP}]\nmade = made_here:check\n[{SOURCE_GROUP}]\nmade = made_here:source\n"
    )
    (tmp_path / "made_here.py").write_text(
        "def check(dataset, episodes, tick): ...\ndef source(): return 'd' * 64\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    (check,) = [check for check in installed_checks() if check.name == "made"]
    assert check.made_by == "maker 1.0"
    found = installed_versions()
    assert found["made"] == "d" * 64
    assert found["python"] == platform.python_version()
    assert found["tracemill-schema"] == version("tracemill-schema")


def test_a_library_that_is_not_installed_is_left_to_the_trainer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readiness, "LIBRARIES", ("tracemill-schema", "no-such-library"))
    assert "no-such-library" not in installed_versions()

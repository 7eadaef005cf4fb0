"""The stage ``readiness`` as the worker calls it."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tracemill_gate import stage
from tracemill_gate.errors import GateRed
from tracemill_gate.readiness import Check
from tracemill_schema.errors import RecordError
from tracemill_schema.readiness import SHOWN, Examined, ReadinessFault, Tick

FAULT = ReadinessFault(
    kind="overlap",
    offender="c" * 64,
    file="traces/test.jsonl",
    line=4,
    pointer="",
    reason="belongs to group 'g', which stands in train too",
)


@pytest.fixture(autouse=True)
def _a_check_and_no_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is installed differs between environments; this check finds what lies in a file."""

    def examine(dataset: Path, episodes: Path | None, tick: Tick) -> Examined:
        tick(1, 1)
        count = int((dataset / "faults").read_text()) if (dataset / "faults").is_file() else 0
        return Examined(checked=34, faults=(FAULT,) * count)

    checks = (Check(name="data", made_by="maker 1.0", examine=examine),)
    monkeypatch.setattr(stage, "installed_checks", lambda: checks)
    monkeypatch.setattr(stage, "installed_versions", dict)


def test_a_ready_dataset_is_told_with_its_progress(
    trainable: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = stage.run({"dataset": "datasets/demo-v1"}, trainable)
    assert told == {"checked": 35, "evidence": "evidence/readiness.json"}
    assert (trainable / "evidence/readiness.json").is_file()
    assert '"label":"readiness"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("count", "head", "last"),
    [
        (1, "1 critical fault", f"  {FAULT}"),
        (SHOWN + 2, "22 critical faults", "  and 2 more in {}/evidence/readiness.faults.jsonl"),
    ],
)
def test_a_red_one_is_refused_with_its_faults(
    trainable: Path, count: int, head: str, last: str
) -> None:
    (trainable / "datasets/demo-v1/faults").write_text(str(count))
    with pytest.raises(GateRed) as caught:
        stage.run({"dataset": "datasets/demo-v1"}, trainable)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"datasets/demo-v1 is not ready to be trained on: {head}"
    assert lines[1] == f"  {FAULT}"
    assert lines[-1] == last.format(trainable)


def test_an_unknown_setting_is_refused(trainable: Path) -> None:
    with pytest.raises(RecordError, match="config of the stage readiness .*\n.*/force: wanted no"):
        stage.run({"dataset": "datasets/demo-v1", "force": True}, trainable)


def test_the_worker_finds_the_stage_by_its_kind() -> None:
    (entry,) = entry_points(group="tracemill.run_handlers", name="readiness")
    assert entry.load() is stage.run

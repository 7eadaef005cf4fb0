from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill.errors import StageFailed
from tracemill.pipeline import run_pipeline, stages
from tracemill.settings import QuestionSettings, Settings
from tracemill.stage import Stage
from tracemill.stamp import Stamp
from tracemill.standing import standing_of
from tracemill_schema.canonical import JsonObject

DEFAULT = Settings()


class Recorder:
    """A watcher that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[tuple[str, str]] = []

    def skipped(self, stage: Stage, stamp: Stamp) -> None:
        self.events.append(("skipped", stage.name))

    def started(self, stage: Stage, reason: str) -> None:
        self.events.append((reason, stage.name))

    def line(self, line: str) -> None:
        self.events.append(("line", line))

    def finished(self, stage: Stage, result: JsonObject, seconds: float) -> None:
        self.events.append(("finished", stage.name))


class Maker:
    """Executes a stage by writing one file wherever it is said to leave something."""

    def __init__(self, workspace: Path, *, fails_at: str | None = None) -> None:
        self.workspace = workspace
        self.fails_at = fails_at
        self.ran: list[str] = []

    def __call__(self, stage: Stage, key: str, on_line: Callable[[str], None]) -> JsonObject:
        if stage.name == self.fails_at:
            raise KeyboardInterrupt
        self.ran.append(stage.name)
        for path in stage.leaves:
            target = self.workspace / path
            target = target if target.suffix else target / "file"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(key)
        return {"n": len(self.ran)}


def _run(
    workspace: Path,
    settings: Settings = DEFAULT,
    *,
    fails_at: str | None = None,
    until: str | None = None,
) -> tuple[list[str], Recorder]:
    maker, watcher = Maker(workspace, fails_at=fails_at), Recorder()
    run_pipeline(settings, workspace, execute=maker, watcher=watcher, until=until)
    return maker.ran, watcher


NAMES = [stage.name for stage in stages(DEFAULT)]


def test_the_flow_is_the_one_of_the_design() -> None:
    assert NAMES[:10] == [
        *("tables", "questions", "tasks", "episodes", "traces", "dataset"),
        *("smoke", "readiness", "train-traces", "train-answers"),
    ]
    assert NAMES[-1] == "bundle"
    assert len(set(NAMES)) == len(NAMES)


def test_a_stage_reads_only_what_an_earlier_one_left() -> None:
    left: set[str] = set()
    for stage in stages(DEFAULT):
        for path in stage.reads:
            assert any(made == path or made.startswith(f"{path}/") for made in left), path
        left.update(stage.leaves)


def test_a_second_run_skips_everything(tmp_path: Path) -> None:
    assert _run(tmp_path)[0] == NAMES
    ran, watcher = _run(tmp_path)
    assert ran == []
    assert watcher.events == [("skipped", name) for name in NAMES]


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _run(tmp_path, fails_at="episodes")
    assert _run(tmp_path)[0] == NAMES[NAMES.index("episodes") :]


def test_a_changed_setting_runs_its_stage_and_what_depends_on_it(tmp_path: Path) -> None:
    _run(tmp_path)
    changed = DEFAULT.model_copy(update={"questions": QuestionSettings(template_per_table=1)})
    ran, _ = _run(tmp_path, changed)
    assert ran[:3] == ["questions", "episodes", "traces"]
    assert "tables" not in ran
    assert "tasks" not in ran


def test_a_damaged_output_is_made_again(tmp_path: Path) -> None:
    _run(tmp_path)
    (tmp_path / "tasks" / "file").write_text("damaged")
    ran, watcher = _run(tmp_path)
    assert ran == ["tasks"]
    assert ("its files changed since", "tasks") in watcher.events


def test_until_stops_after_a_stage(tmp_path: Path) -> None:
    assert _run(tmp_path, until="tasks")[0] == ["tables", "questions", "tasks"]
    waiting = [s.name for s in stages(DEFAULT) if standing_of(s, tmp_path).stale is not None]
    assert waiting == NAMES[3:]


def test_a_stage_that_left_nothing_is_not_called_done(tmp_path: Path) -> None:
    def idle(stage: Stage, key: str, on_line: Callable[[str], None]) -> JsonObject:
        return {}

    with pytest.raises(StageFailed, match="stage tables ended without tables in "):
        run_pipeline(DEFAULT, tmp_path, execute=idle, watcher=Recorder())
    assert not (tmp_path / ".stages").exists()

from __future__ import annotations

import io

import orjson
import pytest

from tracemill.stage import Stage
from tracemill.stamp import Stamp
from tracemill.watch import ConsoleWatcher, JsonWatcher, brief

STAGE = Stage(name="tasks", kind="tasks", says="make", config={}, reads=(), leaves=(), code=())
STAMP = Stamp(stage="tasks", key="a" * 64, outputs={}, result={"traces": 5}, seconds=1.0)


def test_brief_shows_plain_figures_only() -> None:
    result = {"traces": 12000, "ok": True, "rejected": {"a": 1}, "loss": 0.12345, "key": "x" * 40}
    assert brief(result) == f"traces 12,000, loss 0.123, key {'x' * 16}"


def test_a_line_a_stage_and_no_bar_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    errors = io.StringIO()
    watcher = ConsoleWatcher(total=3, errors=errors)
    with watcher.showing():
        watcher.started(STAGE, "not finished before")
        watcher.line('::progress {"label":"tasks","done":1,"total":2,"note":""}')
        watcher.line("anything else")
        watcher.finished(STAGE, {"traces": 5}, 1.25)
        watcher.skipped(STAGE, STAMP)
        watcher.waiting(STAGE, "its files changed since")
    assert capsys.readouterr().out.splitlines() == [
        "[ 1/3] tasks                        1.2 s  traces 5",
        "[ 2/3] tasks                    unchanged  traces 5",
        "[ 3/3] tasks                       to run  its files changed since",
    ]
    assert errors.getvalue() == ""


def test_machines_get_a_json_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    watcher = JsonWatcher()
    with watcher.showing():
        watcher.started(STAGE, "why")
        watcher.line("not shown")
        watcher.line('::progress {"label":"tasks","done":1,"total":2,"note":""}')
        watcher.finished(STAGE, {"traces": 5}, 1.0)
        watcher.skipped(STAGE, STAMP)
        watcher.waiting(STAGE, "why")
    events = [orjson.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == [
        *("started", "progress", "finished", "skipped", "waiting")
    ]
    assert events[1]["done"] == 1
    assert events[2] == {
        "event": "finished",
        "stage": "tasks",
        "result": {"traces": 5},
        "seconds": 1.0,
    }

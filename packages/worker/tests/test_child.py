from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tracemill_worker.child import HandlerBroken, load, perform
from tracemill_worker.errors import UnknownKind
from tracemill_worker.process import started_mark

DATA = Path(__file__).with_name("data")
NOT_JSON = (
    "the handler of not_json runs: its result is not JSON: "
    "Object of type PosixPath is not JSON serializable"
)
NOT_THERE = (
    "the handler of missing runs (probe_handlers:missing) could not be imported: "
    "AttributeError: module 'probe_handlers' has no attribute 'missing'"
)


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DATA))


def performed(folder: Path, name: str, config: object = None) -> dict[str, Any]:
    request = {"kind": name, "config": config or {}, "workspace": str(folder)}
    request["target"] = f"probe_handlers:{name}"
    (folder / "request.json").write_text(json.dumps(request))
    perform(folder / "request.json", folder / "outcome.json")
    found: dict[str, Any] = json.loads((folder / "outcome.json").read_text())
    return found


def test_a_result_is_written(tmp_path: Path) -> None:
    outcome = performed(tmp_path, "echo", {"a": 1})
    assert outcome == {
        "result": {"config": {"a": 1}, "folder": str(tmp_path)},
        "failure": None,
    }


@pytest.mark.parametrize(
    ("name", "kind", "message", "code"),
    [
        ("user_error", "user_error", "tables/a.csv: wanted a header, got nothing; add one", 3),
        ("usage_fault", "user_error", "unknown family 'sums'; did you mean 'sum'?", 2),
        ("crash", "crash", "ZeroDivisionError: division by zero", None),
        ("leave", "crash", "the handler called exit(7) instead of returning a result", 7),
        ("out_of_memory", "memory", "the handler ran out of memory", None),
        (
            "not_an_object",
            "crash",
            "the handler of not_an_object runs: wanted a JSON object as result, got list",
            None,
        ),
        (
            "not_json",
            "crash",
            NOT_JSON,
            None,
        ),
        (
            "CONSTANT",
            "crash",
            "the handler of CONSTANT runs (probe_handlers:CONSTANT) is not a function",
            None,
        ),
        (
            "missing",
            "crash",
            NOT_THERE,
            None,
        ),
    ],
)
def test_a_failure_is_data(
    tmp_path: Path, name: str, kind: str, message: str, code: int | None
) -> None:
    failure = performed(tmp_path, name)["failure"]
    assert failure == {"kind": kind, "message": message, "exit_code": code}


def test_a_result_with_nan_is_refused(tmp_path: Path) -> None:
    failure = performed(tmp_path, "not_finite")["failure"]
    assert failure["message"].startswith("the handler of not_finite runs: its result is not JSON: ")


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"kind": "x", "target": null}'])
def test_a_missing_or_empty_config_is_a_failure(tmp_path: Path, text: str | None) -> None:
    request = tmp_path / "request.json"
    if text is not None:
        request.write_text(text)
    perform(request, tmp_path / "outcome.json")
    failure = json.loads((tmp_path / "outcome.json").read_text())["failure"]
    assert failure["kind"] == "crash"
    assert failure["message"].startswith(f"{request}: the request can't be read: ")


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(UnknownKind) as caught:
        load("no_such_kind", None)
    message = str(caught.value)
    assert message.startswith(
        "run kind 'no_such_kind': wanted a handler in the entry-point group "
        "tracemill.run_handlers, got none; known kinds: "
    )


def test_a_module_that_can_not_be_imported_is_named() -> None:
    with pytest.raises(HandlerBroken, match=r"\(nowhere:run\) could not be imported: ModuleNot"):
        load("echo", "nowhere:run")


def started(
    folder: Path, name: str, config: object, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    request = {"kind": name, "config": config, "workspace": str(folder)}
    request["target"] = f"probe_handlers:{name}"
    (folder / "request.json").write_text(json.dumps(request))
    command = [sys.executable, "-P", "-m", "tracemill_worker.child"]
    return subprocess.Popen(
        [*command, str(folder / "request.json"), str(folder / "outcome.json")],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=dict(environment),
        start_new_session=True,
    )


def noted_pids(folder: Path) -> tuple[int, ...]:
    deadline = time.monotonic() + 20
    while not (folder / "pids").is_file():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return tuple(int(word) for word in (folder / "pids").read_text().split())


def all_gone(pids: tuple[int, ...]) -> bool:
    deadline = time.monotonic() + 10
    while any(started_mark(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_when_the_supervisor_is_gone_the_whole_group_ends(
    tmp_path: Path, child_environment: Mapping[str, str]
) -> None:
    with started(tmp_path, "sleep", {}, child_environment) as child:
        pids = noted_pids(tmp_path)
        assert pids[2] == child.pid, "the handler's parent is the guardian"
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(10) == -signal.SIGKILL
        assert all_gone(pids)


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_when_the_guardian_is_killed_the_handler_ends(
    tmp_path: Path, child_environment: Mapping[str, str]
) -> None:
    with started(tmp_path, "sleep", {}, child_environment) as child:
        handler, grandchild, _ = noted_pids(tmp_path)
        child.kill()
        assert all_gone((handler,))
        os.kill(grandchild, signal.SIGKILL)

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tracemill_sandbox.errors import WorkerLost
from tracemill_sandbox.request import RunRequest
from tracemill_sandbox.tier import run_user
from tracemill_sandbox.worker import Worker

pytestmark = pytest.mark.sandbox


def test_a_worker_that_did_not_start_runs_nothing_and_stops_cleanly(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    folder.mkdir()
    worker = Worker(worker_id="w0", folder=folder, uid=os.getuid(), libraries=())
    with pytest.raises(WorkerLost, match="worker w0 is stopped"):
        worker.run(RunRequest(code=""), queue_seconds=0, attempts=1)
    assert worker.pid is None
    assert worker.stop(grace=0) is None
    assert not folder.exists()


def test_a_missing_library_is_no_fault_and_a_missing_folder_is_one(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    worker = Worker(worker_id="w1", folder=folder, uid=run_user(), libraries=("no_such_library",))
    worker.launch()
    greeting = worker.await_ready()
    assert greeting.libraries == {}
    assert worker.stop(grace=1) is None
    with pytest.raises(WorkerLost, match="worker w2 did not start"):
        Worker(worker_id="w2", folder=tmp_path / "no" / "way", uid=0, libraries=()).launch()


def test_a_server_that_does_not_become_ready_is_told_with_its_log(tmp_path: Path) -> None:
    worker = Worker(worker_id="w3", folder=tmp_path / "w", uid=run_user(), libraries=(".",))
    worker.launch()
    with pytest.raises(WorkerLost, match=r"(?s)worker w3 did not become ready: .*Error: "):
        worker.await_ready()
    assert worker.pid is None

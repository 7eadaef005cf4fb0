from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.embedded.backend import EmbeddedBackend
from tracemill_sandbox.embedded.sweep import MARK, PREFIX, YOUNG_SECONDS, mark, sweep
from tracemill_sandbox.inside import folder as run_folder
from tracemill_sandbox.request import Limits, RunRequest
from tracemill_sandbox.sync import SyncSandboxPool

HOST = """
import signal, sys
from pathlib import Path
from tracemill_sandbox.embedded.sweep import mark
held = mark(Path(sys.argv[1]))
print("held", flush=True)
signal.pause()
"""


def left(place: Path, name: str) -> Path:
    """Return the folder of a pool that is gone, old enough."""
    folder = place / f"{PREFIX}{name}"
    folder.mkdir(parents=True)
    os.close(mark(folder))
    (folder / "w0").mkdir()
    (folder / "w0" / "secret").write_bytes(b"1")
    age(folder)
    return folder


def age(folder: Path, seconds: float = 2 * YOUNG_SECONDS) -> None:
    then = time.time() - seconds
    os.utime(folder / MARK, (then, then), follow_symlinks=False)


def test_what_a_pool_left_is_removed(tmp_path: Path) -> None:
    folders = [left(tmp_path, name) for name in ("a", "b")]
    sweep(tmp_path)
    assert [folder.exists() for folder in folders] == [False, False]


def test_a_pool_that_lives_keeps_its_folder_until_its_host_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / f"{PREFIX}a"
    folder.mkdir()
    words = (sys.executable, "-c", HOST, str(folder))
    with subprocess.Popen(words, stdout=subprocess.PIPE) as host:
        assert host.stdout is not None
        assert host.stdout.readline() == b"held\n"
        age(folder)
        sweep(tmp_path)
        assert folder.exists()
        host.send_signal(signal.SIGKILL)
        host.wait(20)
    sweep(tmp_path)
    assert not folder.exists()


def test_what_is_young_or_not_ours_or_not_a_pools_stays(tmp_path: Path) -> None:
    inner = tmp_path / "pools"
    young = left(inner, "young")
    age(young, YOUNG_SECONDS / 2)
    other_start = left(inner, "other-machine")
    (other_start / MARK).write_bytes(b"00000000-0000-0000-0000-000000000000\n")
    age(other_start)
    unmarked = left(inner, "unmarked")
    (unmarked / MARK).unlink()
    renamed = left(inner, "x").rename(inner / "something-else")
    target = left(tmp_path / "elsewhere", "t")
    (inner / f"{PREFIX}link").symlink_to(target)
    linked = left(inner, "linked-mark")
    (linked / MARK).rename(tmp_path / "mark")
    (linked / MARK).symlink_to(tmp_path / "mark")
    pipe = left(inner, "pipe")
    (pipe / MARK).unlink()
    os.mkfifo(pipe / MARK)
    (inner / f"{PREFIX}file").write_bytes(b"1")
    sweep(inner)
    for folder in (young, other_start, unmarked, renamed, target, linked, pipe):
        assert (folder / "w0" / "secret").exists()


@pytest.mark.needs("root")
@pytest.mark.parametrize("what", ["", MARK])
def test_another_users_folder_or_mark_stays(tmp_path: Path, what: str) -> None:
    folder = left(tmp_path, "a")
    os.chown(folder / what, 12345, 12345)
    sweep(tmp_path)
    assert folder.exists()


def test_a_sweep_that_does_not_come_to_its_end_leaves_the_rest_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = left(tmp_path, "a")
    really = os.unlink

    def ends_here(name: str, **place: int) -> None:
        if name == "secret":
            raise OSError(5, "Input/output error")
        really(name, **place)

    monkeypatch.setattr(os, "unlink", ends_here)
    sweep(tmp_path)
    assert (folder / MARK).exists()
    monkeypatch.undo()
    sweep(tmp_path)
    assert not folder.exists()


def test_where_others_may_rename_nothing_is_removed(tmp_path: Path) -> None:
    folder = left(tmp_path, "a")
    tmp_path.chmod(0o777)
    sweep(tmp_path)
    assert folder.exists()
    tmp_path.chmod(0o1777)
    sweep(tmp_path)
    assert not folder.exists()


def test_what_refuses_is_logged_and_the_rest_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = left(tmp_path, "a"), left(tmp_path, "b")
    really = run_folder.remove

    def refuse(folder: Path, **how: Any) -> None:
        if folder == first:
            raise PermissionError(13, "Permission denied")
        really(folder, **how)

    monkeypatch.setattr(run_folder, "remove", refuse)
    sweep(tmp_path)
    assert (first.exists(), second.exists()) == (True, False)
    assert [(each.levelno, each.message) for each in caplog.records] == [
        (
            logging.WARNING,
            f"{first}, left by a pool that is gone, stays: [Errno 13] Permission denied",
        )
    ]


def test_a_place_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    sweep(tmp_path / "nowhere")


def test_a_backend_marks_its_folder_and_sweeps_what_others_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old = left(tmp_path, "a")

    async def go() -> None:
        backend = EmbeddedBackend(libraries=())
        folder = backend.folder
        age(folder)
        async with asyncio.timeout(20):
            while old.exists():
                await asyncio.sleep(0.01)
        for thread in threading.enumerate():
            if thread.name == "tracemill-sweep":
                thread.join()  # it may still have the folder's own folder open
        sweep(tmp_path)
        assert folder.exists()
        before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - is fast
        assert await backend.close(0) == ()
        assert not folder.exists()
        assert len(os.listdir("/proc/self/fd")) == before - 1  # noqa: PTH208 - is fast

    asyncio.run(go())


FLOOD = """
import os
for outer in range(3):
    for inner in range(400):
        os.makedirs(f"{outer}/{inner}")
        open(f"{outer}/{inner}/f", "w").close()
"""


@pytest.mark.sandbox
def test_a_pool_stops_in_time_whatever_its_runs_left_and_a_later_one_removes_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    really = os.rmdir

    def slowly(name: str, **place: int) -> None:
        time.sleep(0.005)
        really(name, **place)

    with SyncSandboxPool(libraries=()) as pool:
        monkeypatch.setattr(os, "rmdir", slowly)
        assert pool.run(RunRequest(code=FLOOD, limits=Limits(disk_bytes=1 << 30))).ok
        began = time.monotonic()
        report = pool.stop(0)
        assert time.monotonic() - began < 2.0
    (folder,) = tmp_path.iterdir()
    (failure,) = report.failures
    assert (failure.phase, failure.error) == ("remove", "TimeoutError")
    assert failure.text.endswith("the next pool of this user removes the rest")
    monkeypatch.undo()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    age(folder)
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []

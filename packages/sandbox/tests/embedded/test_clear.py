from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tracemill_sandbox.embedded.clear import MOST_WAITING, PATIENCE_SECONDS, Bin, remains, removal
from tracemill_sandbox.inside import folder as run_folder
from tracemill_sandbox.inside.folder import Deadline
from tracemill_sandbox.worker import StopFailure


def test_a_folder_goes_and_a_missing_one_is_no_fault(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    (folder / "deep").mkdir(parents=True)
    assert asyncio.run(removal(folder, "w0", deadline=Deadline())) == ()
    assert not folder.exists()
    assert asyncio.run(removal(folder, "w0", deadline=Deadline())) == ()


def test_what_can_not_be_removed_is_told() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_folder, "remove", _refuse)
        failures = asyncio.run(removal(Path("/proc/self"), "w0", deadline=Deadline()))
    assert [(f.subject, f.phase) for f in failures] == [("w0", "remove")]


def _refuse(folder: Path, **how: Any) -> None:
    raise PermissionError(13, "Permission denied", str(folder))


def test_what_remains_is_told_as_such() -> None:
    wanted = StopFailure(subject="w0", phase="kill", error="Remains", text="process 1")
    assert remains("w0", "kill", "process 1") == wanted


def test_a_folder_in_the_bin_is_gone_when_it_goes_quickly(tmp_path: Path) -> None:
    async def go() -> None:
        folder, yard = tmp_path / "7", tmp_path / "yard"
        folder.mkdir()
        yard.mkdir()
        await Bin("w0", pytest.fail).take(folder, yard)
        assert list(tmp_path.glob("**/*")) == [yard]

    asyncio.run(go())


def test_a_slow_removal_holds_up_only_the_next_but_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()
    really = run_folder.remove

    def slow(folder: Path, **how: Any) -> None:
        held.wait(30)
        really(folder, **how)

    async def go() -> None:
        monkeypatch.setattr(run_folder, "remove", slow)
        waste, yard = Bin("w0", pytest.fail), tmp_path / "yard"
        yard.mkdir()
        for number in range(MOST_WAITING):
            async with asyncio.timeout(20):
                await waste.room()
            (tmp_path / str(number)).mkdir()
            await waste.take(tmp_path / str(number), yard)
        assert list(tmp_path.iterdir()) == [yard]  # nothing is in sight
        assert [len(path.name) for path in yard.iterdir()] == [32] * MOST_WAITING
        room = asyncio.ensure_future(waste.room())
        assert (await waste.take_all((), PATIENCE_SECONDS), waste.is_empty) == ((), False)
        assert not room.done()
        held.set()
        await room
        assert await waste.take_all((), 20) == ()
        assert list(yard.iterdir()) == []

    asyncio.run(go())


def test_a_folder_that_stays_in_the_bin_is_logged_and_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(run_folder, "remove", _refuse)
    told: list[str] = []
    asyncio.run(Bin("w0", told.append).take(Path("/pool/w0/7"), Path("/pool/w0-gone")))
    said = (
        "/pool/w0/7 was not removed: PermissionError: [Errno 13] Permission denied: '/pool/w0/7'"
        "; it was not put away: FileNotFoundError: [Errno 2] No such file or directory: '/pool/w0'"
    )
    assert told == [said]
    assert [(each.levelno, each.message) for each in caplog.records] == [
        (logging.ERROR, f"worker w0: {said}")
    ]


def test_a_folder_that_can_not_be_put_away_holds_up_the_next_run_until_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()
    really = run_folder.remove

    def slow(folder: Path, **how: Any) -> None:
        held.wait(30)
        really(folder, **how)

    async def go() -> None:
        monkeypatch.setattr(run_folder, "remove", slow)
        waste, folder = Bin("w0", pytest.fail), tmp_path / "7"
        folder.mkdir()
        await waste.take(folder, tmp_path / "no-yard")
        room = asyncio.ensure_future(waste.room())
        await asyncio.wait({room}, timeout=PATIENCE_SECONDS)
        assert (room.done(), folder.exists()) == (False, True)
        held.set()
        await room
        assert not folder.exists()

    asyncio.run(go())


def test_a_removal_that_has_no_more_time_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "w0" / "deep").mkdir(parents=True)
    (tmp_path / "w0" / "mark").write_bytes(b"1")
    over = Deadline(at=time.monotonic())
    folder = tmp_path / "w0"
    (failure,) = asyncio.run(removal(folder, "w0", deadline=over, mark="mark"))
    assert (failure.subject, failure.phase, failure.error) == ("w0", "remove", "TimeoutError")
    assert failure.text == (
        f"there was no more time to remove all of {folder}: "
        "the next pool of this user removes the rest"
    )
    assert (folder / "mark").exists()
    assert asyncio.run(removal(folder, "w0", deadline=Deadline(), mark="mark")) == ()
    assert not folder.exists()


def flood(folder: Path, count: int) -> None:
    for number in range(count):
        (folder / str(number)).mkdir(parents=True)
        (folder / str(number) / "f").write_bytes(b"")


def test_what_a_bin_has_no_time_for_goes_on_until_it_is_called_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    steps = threading.Semaphore(0)
    really = os.rmdir

    def slowly(name: str, **place: int) -> None:
        steps.acquire(timeout=30)
        really(name, **place)

    async def go() -> None:
        monkeypatch.setattr(os, "rmdir", slowly)
        waste, folders = Bin("w0", pytest.fail), [tmp_path / "w0", tmp_path / "yard"]
        yard = folders[1]
        yard.mkdir()
        for number in range(2):
            flood(folders[0] / str(number), 50)
            await waste.take(folders[0] / str(number), yard)
        assert await waste.take_all(folders, 0.05) == ()
        assert [waste.is_empty] == [False]
        closing = asyncio.ensure_future(waste.call_off(20))
        await asyncio.sleep(0.05)
        steps.release(20)  # each removal is in one step, and takes no other
        await closing
        assert waste.is_empty
        left = len(list(yard.glob("*/**")))
        await asyncio.sleep(0.05)
        assert left == len(list(yard.glob("*/**"))) > 50

    asyncio.run(go())
    assert caplog.records == []


def test_what_fails_after_a_worker_has_stopped_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    held = threading.Event()

    def refuse_late(folder: Path, **how: Any) -> None:
        held.wait(30)
        raise PermissionError(13, "Permission denied", str(folder))

    async def go() -> None:
        monkeypatch.setattr(run_folder, "remove", refuse_late)
        waste = Bin("w0", pytest.fail)
        assert await waste.take_all([Path("/pool/w0")], 0.01) == ()
        held.set()
        while not waste.is_empty:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0)

    asyncio.run(go())
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.message.startswith("w0: remove failed: PermissionError: ")

from __future__ import annotations

import asyncio
import logging
import threading
from pathlib import Path

import pytest

from tracemill_sandbox.embedded.clear import MOST_WAITING, PATIENCE_SECONDS, Bin, remains, removal
from tracemill_sandbox.inside import folder as run_folder
from tracemill_sandbox.worker import StopFailure


def test_a_folder_goes_and_a_missing_one_is_no_fault(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    (folder / "deep").mkdir(parents=True)
    assert asyncio.run(removal(folder, "w0")) == ()
    assert not folder.exists()
    assert asyncio.run(removal(folder, "w0")) == ()


def test_what_can_not_be_removed_is_told() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_folder, "remove", _refuse)
        failures = asyncio.run(removal(Path("/proc/self"), "w0"))
    assert [(f.subject, f.phase) for f in failures] == [("w0", "remove")]


def _refuse(folder: Path) -> None:
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

    def slow(folder: Path) -> None:
        held.wait(30)
        really(folder)

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
        await waste.settle(PATIENCE_SECONDS)
        assert not room.done()
        held.set()
        await room
        await waste.settle(20)
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

    def slow(folder: Path) -> None:
        held.wait(30)
        really(folder)

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

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tracemill_sandbox.embedded.clear import remains, removal
from tracemill_sandbox.worker import StopFailure


def test_a_folder_goes_and_a_missing_one_is_no_fault(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    (folder / "deep").mkdir(parents=True)
    assert asyncio.run(removal(folder, "w0")) == ()
    assert not folder.exists()
    assert asyncio.run(removal(folder, "w0")) == ()


def test_what_can_not_be_removed_is_told() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shutil.rmtree", _refuse)
        failures = asyncio.run(removal(Path("/proc/self"), "w0"))
    assert [(f.subject, f.phase) for f in failures] == [("w0", "remove")]


def _refuse(folder: Path) -> None:
    raise PermissionError(13, "Permission denied", str(folder))


def test_what_remains_is_told_as_such() -> None:
    wanted = StopFailure(subject="w0", phase="kill", error="Remains", text="process 1")
    assert remains("w0", "kill", "process 1") == wanted

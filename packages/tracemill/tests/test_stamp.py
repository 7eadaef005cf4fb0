from __future__ import annotations

from pathlib import Path

import pytest

from tracemill.stage import Stage
from tracemill.stamp import read_stamp, stamp_path, why_stale, write_stamp

STAGE = Stage(name="s", kind="k", says="does", config={}, reads=(), leaves=("out",), code=())
KEY = "a" * 64


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "file").write_text("made")
    write_stamp(tmp_path, STAGE, key=KEY, result={"made": 1}, seconds=0.5)
    return tmp_path


def test_a_finished_stage_is_not_stale(workspace: Path) -> None:
    stamp = read_stamp(workspace, STAGE)
    assert stamp is not None
    assert stamp.result == {"made": 1}
    assert why_stale(workspace, stamp, STAGE, KEY) is None


def test_what_makes_it_stale_is_named(workspace: Path) -> None:
    stamp = read_stamp(workspace, STAGE)
    assert why_stale(workspace, None, STAGE, KEY) == "not finished before"
    assert why_stale(workspace, stamp, STAGE, "b" * 64) == "its inputs, settings or code changed"
    (workspace / "out" / "file").write_text("touched")
    assert why_stale(workspace, stamp, STAGE, KEY) == "its files changed since"


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00"])
def test_a_damaged_stamp_is_no_stamp(workspace: Path, content: bytes) -> None:
    stamp_path(workspace, STAGE).write_bytes(content)
    assert read_stamp(workspace, STAGE) is None

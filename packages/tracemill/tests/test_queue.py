"""The queue on the real embedded server, with real handlers in child processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill.errors import StageFailed
from tracemill.queue import Queue, state_folder
from tracemill.stage import Stage

pytestmark = pytest.mark.postgres


def _stage(table: str) -> Stage:
    return Stage(
        name="tables",
        kind="tables",
        says="read",
        config={"tables": [table], "out": "tables"},
        reads=(),
        leaves=("tables",),
        code=(),
    )


def test_a_stage_runs_in_a_child_and_a_users_mistake_keeps_its_message_and_code(
    tmp_path: Path,
) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("team,points\na,1\nb,2\nc,4\n")
    bad.write_bytes(b"\x00\x01\x02")
    lines: list[str] = []
    with Queue(tmp_path, state=state_folder(tmp_path)) as queue:
        result = queue.execute(_stage(str(good)), "0" * 64, lines.append)
        with pytest.raises(
            StageFailed, match=r"stage tables failed \(run \d+\): .*bad.csv"
        ) as told:
            queue.execute(_stage(str(bad)), "1" * 64, lines.append)
    assert result["tables"] == 1
    assert (tmp_path / "tables" / "good.table.json").is_file()
    assert told.value.exit_code in {1, 2}


def test_an_unknown_kind_is_told(tmp_path: Path) -> None:
    stage = Stage(name="x", kind="conjure", says="", config={}, reads=(), leaves=(), code=())
    with (
        Queue(tmp_path, state=state_folder(tmp_path)) as queue,
        pytest.raises(StageFailed, match="conjure"),
    ):
        queue.execute(stage, "0" * 64, lambda _: None)

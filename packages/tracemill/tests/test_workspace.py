from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tracemill.errors import CannotRun
from tracemill.workspace import fresh, locked, newest


def test_fresh_is_a_new_folder_and_newest_goes_on_in_it(tmp_path: Path) -> None:
    assert newest(tmp_path, "demo") == fresh(tmp_path, "demo") == tmp_path / "tracemill-demo"
    (tmp_path / "tracemill-demo").mkdir()
    assert newest(tmp_path, "demo") == tmp_path / "tracemill-demo"
    assert fresh(tmp_path, "demo") == tmp_path / "tracemill-demo-2"
    (tmp_path / "tracemill-demo-2").mkdir()
    (tmp_path / "tracemill-demo-x").mkdir()
    (tmp_path / "tracemill-demonstration").mkdir()
    assert newest(tmp_path, "demo") == tmp_path / "tracemill-demo-2"
    assert fresh(tmp_path, "demo") == tmp_path / "tracemill-demo-3"


def test_a_second_run_in_the_same_workspace_is_told_who_works_there(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tracemill.workspace import locked\n"
        "with locked(Path(sys.argv[1])): print('in', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"in\n"
        with (
            pytest.raises(CannotRun, match=f"process {other.pid} is working in it"),
            locked(tmp_path),
        ):
            pass
        other.kill()
    with locked(tmp_path):
        assert (tmp_path / ".lock").read_text().strip().isdigit()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(CannotRun, match="wanted a folder to write to"),
        locked(tmp_path / "file" / "sub"),
    ):
        pass

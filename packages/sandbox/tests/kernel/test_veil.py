from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tracemill_sandbox.veil import closed_folder


def test_the_outermost_closed_folder_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    found = closed_folder(str(inner))
    assert found is not None
    assert inner.is_relative_to(found)
    assert closed_folder("/usr") is None


@pytest.mark.skipif(os.getuid() != 0, reason="only root needs and may do it")
def test_needed_paths_are_opened_and_the_rest_is_hidden(tmp_path: Path) -> None:
    needed = tmp_path / "closed" / "needed"
    needed.mkdir(parents=True)
    (needed / "file").write_text("seen")
    (tmp_path / "closed" / "other").write_text("hidden")
    (tmp_path / "closed").chmod(0o700)
    script = (
        "import os, pathlib, sys\nfrom tracemill_sandbox import kernel, veil\n"
        f"veil.open_up(({str(needed)!r},))\nkernel.become(65534, 65534)\n"
        f"print(pathlib.Path({str(needed)!r}, 'file').read_text())\n"
        f"print(os.listdir({str(tmp_path / 'closed')!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    if "Operation not permitted" in done.stderr:
        pytest.skip("this container refuses mounts")
    assert done.stdout == "seen\n['needed']\n", done.stderr
    assert (tmp_path / "closed" / "other").read_text() == "hidden"

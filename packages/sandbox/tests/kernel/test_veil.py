from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tracemill_sandbox.kernel.veil import closed_folder

pytestmark = pytest.mark.sandbox


def test_the_outermost_closed_folder_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    found = closed_folder(str(inner))
    assert found is not None
    assert inner.is_relative_to(found)
    assert closed_folder("/usr") is None


@pytest.mark.needs("root", "mounts")
def test_needed_paths_are_opened_and_the_rest_is_hidden(tmp_path: Path) -> None:
    needed = tmp_path / "closed" / "needed"
    needed.mkdir(parents=True)
    (needed / "file").write_text("seen")
    (tmp_path / "closed" / "other").write_text("hidden")
    (tmp_path / "closed").chmod(0o700)
    script = (
        "import os, pathlib, sys\nfrom tracemill_sandbox.kernel import call, veil\n"
        f"veil.open_up(({str(needed)!r},))\ncall.become(65534, 65534)\n"
        f"print(pathlib.Path({str(needed)!r}, 'file').read_text())\n"
        f"print(os.listdir({str(tmp_path / 'closed')!r}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stdout == "seen\n['needed']\n", done.stderr
    assert (tmp_path / "closed" / "other").read_text() == "hidden"


@pytest.mark.needs("root", "mounts")
def test_parts_in_several_closed_folders_and_one_in_another_are_all_opened(tmp_path: Path) -> None:
    parts = [tmp_path / "a" / "prefix", tmp_path / "a" / "prefix" / "site", tmp_path / "b" / "base"]
    for part in parts:
        part.mkdir(parents=True)
        (part / "file").write_text(part.name)
    link = tmp_path / "a" / "prefix" / "link"
    link.symlink_to(parts[2])
    for closed in ("a", "b"):
        (tmp_path / closed).chmod(0o700)
    for inner_first in (parts, parts[::-1]):
        script = (
            "import pathlib\nfrom tracemill_sandbox.kernel import call, veil\n"
            f"veil.open_up({tuple(map(str, inner_first))!r})\ncall.become(65534, 65534)\n"
            f"for path in {[str(part / 'file') for part in (*parts, link)]!r}:\n"
            "    print(pathlib.Path(path).read_text())\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=False
        )
        assert done.stdout.split() == ["prefix", "site", "base", "base"], done.stderr

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tracemill_sandbox.folder import lay_out, measure, remove

pytestmark = pytest.mark.sandbox


def test_files_are_laid_out_and_measured_without_following_links(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    lay_out(folder, {"a/b/c.txt": b"abc", "d": b""}, uid=os.getuid())
    (folder / "link").symlink_to("/usr")
    usage = measure(folder)
    assert usage.entries == 5
    assert usage.files["a/b/c.txt"] == 3
    assert set(usage.files) == {"a/b/c.txt", "d", "link"}


def test_a_folder_is_removed_even_without_rights_or_very_deep(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    lay_out(folder, {"shut/x": b"1"}, uid=os.getuid())
    (folder / "shut").chmod(0)
    handle = os.open(folder, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=handle)
        inner = os.open("d", os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)
    remove(folder)
    assert not folder.exists()
    remove(folder)  # a second time is no fault

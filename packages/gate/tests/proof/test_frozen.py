"""Which files stand as at HEAD on both sides."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tracemill_gate.proof.frozen import changed, digests, frozen_for

PATHS = ("conftest.py", "a/conftest.py", "b/conftest.py", "a/tests/conftest.py", "a/src/x.py")


@pytest.mark.parametrize(
    ("test_file", "roots", "files"),
    [
        (
            "a/tests/deep/test_x.py",
            ("a/tests",),
            ("a/conftest.py", "a/tests/conftest.py", "conftest.py"),
        ),
        ("a/src/test_x.py", (), ("a/conftest.py", "a/src/test_x.py", "conftest.py")),
        ("test_x.py", (), ("conftest.py", "test_x.py")),
        ("test/test_x.py", ("test",), ("conftest.py",)),
    ],
)
def test_what_is_frozen(test_file: str, roots: tuple[str, ...], files: tuple[str, ...]) -> None:
    found = frozen_for([test_file], PATHS)
    assert (found.roots, found.files) == (roots, files)
    assert test_file in found
    assert "a/src/x.py" not in found
    assert "a/testsuite.py" not in found


def test_digests_of_files_links_and_what_is_gone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to("nowhere")
    before = digests(tmp_path, ["a", "link", "gone"])
    assert before == {
        "a": hashlib.sha256(b"x").hexdigest(),
        "link": hashlib.sha256(b"nowhere").hexdigest(),
    }
    (tmp_path / "a").write_bytes(b"y")
    (tmp_path / "link").unlink()
    assert changed(before, digests(tmp_path, ["a", "link"])) == ("a", "link")
    assert changed(before, before) == ()

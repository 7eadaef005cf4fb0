"""Files by their path in the bundle."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tracemill_bundle.errors import CannotBundle
from tracemill_bundle.shelf import BLOCK, StagedShelf, Stamp


def test_files_and_texts_are_read_alike(tmp_path: Path) -> None:
    data = b"x" * (BLOCK + 1)
    (tmp_path / "file").write_bytes(data)
    shelf = StagedShelf({"b": tmp_path / "file"}).with_texts({"a": "text"})
    assert shelf.names() == ("a", "b")
    assert [len(block) for block in shelf.chunks("b")] == [BLOCK, 1]
    assert shelf.stamp("b") == Stamp(sha256=hashlib.sha256(data).hexdigest(), size=BLOCK + 1)
    assert shelf.stamp("a").size == 4


def test_a_file_that_vanished_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotBundle, match="gone: could not be read .No such file") as caught:
        StagedShelf({"a": tmp_path / "gone"}).stamp("a")
    assert caught.value.exit_code == 3

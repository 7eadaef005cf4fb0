"""An output file stands whole or not at all, and knows its digest, rows and bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tracemill_datagen.output import OutputFile
from tracemill_schema.jsonl import CannotWrite


def test_rows_bytes_and_digest_are_those_of_the_file(tmp_path: Path) -> None:
    with OutputFile(tmp_path / "deep" / "x.jsonl") as file:
        file.write(b"{}")
        file.write(b"[1]")
        assert not (tmp_path / "deep" / "x.jsonl").exists()
    data = (tmp_path / "deep" / "x.jsonl").read_bytes()
    assert data == b"{}\n[1]\n"
    assert (file.rows, file.bytes) == (2, len(data))
    assert file.sha256 == hashlib.sha256(data).hexdigest()


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"old\n")

    def fail() -> None:
        with OutputFile(path) as file:
            file.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_bytes() == b"old\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CannotWrite, match=r"file/x.jsonl: could not be written \(File exists\)"):
        OutputFile(tmp_path / "file" / "x.jsonl").__enter__()


def test_a_full_disk_is_told_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tracemill_datagen.output.os.fsync", full)
    with (
        pytest.raises(CannotWrite, match="No space left on device"),
        OutputFile(tmp_path / "x.jsonl") as file,
    ):
        file.write(b"{}")
    assert list(tmp_path.iterdir()) == []

"""From a path to bytes."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from tracemill_datagen.errors import NotATable
from tracemill_datagen.table import source_file
from tracemill_datagen.table.source_file import contents, stem

CSV = b"x,y\n1,2\n"
WANTED = "wanted a readable CSV or Parquet file, got "


def refusal(path: Path) -> str:
    with pytest.raises(NotATable) as caught:
        contents(path)
    assert f"({caught.value.reason})" in str(caught.value)
    return str(caught.value).removeprefix(f"{path} is not a table ")


def test_plain_and_packed_files_hold_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(CSV)
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(CSV[:4]) + gzip.compress(CSV[4:]))
    assert contents(tmp_path / "a.csv") == contents(tmp_path / "b.csv.gz") == CSV


@pytest.mark.parametrize(
    ("name", "called"),
    [("sales.csv", "sales"), ("sales.csv.gz", "sales"), ("a.b.CSV.GZ", "a.b"), ("sales", "sales")],
)
def test_stem_leaves_both_endings_out(name: str, called: str) -> None:
    assert stem(Path("folder") / name) == called


def test_what_is_no_file_is_refused_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path) == f"(folder): {WANTED}a folder; name the files in it"
    assert refusal(tmp_path / "pipe") == (
        f"(not_a_file): {WANTED}a pipe, socket or device; write its data to a file and name that"
    )
    assert refusal(tmp_path / "none") == (
        f"(missing): {WANTED}No such file or directory; check the path"
    )
    (tmp_path / "a.csv").write_bytes(CSV)
    assert refusal(tmp_path / "a.csv" / "b.csv") == (
        f"(unreadable): {WANTED}Not a directory; check the path and who may read the file"
    )


def test_a_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret.csv"
    path.write_bytes(CSV)

    def denied(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)  # root may read everything
    assert refusal(path) == (
        f"(unreadable): {WANTED}Permission denied; check the path and who may read the file"
    )


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_a_file_beyond_the_limit_is_refused_before_it_is_whole_in_memory(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_file, "MAX_BYTES", 2**20)
    data = b"x\n" + b"1\n" * 2**20
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    assert refusal(tmp_path / name) == (
        f"(too_large): {WANTED}more than 1 MiB; take a sample of its rows"
    )


@pytest.mark.parametrize(
    ("data", "got"),
    [
        (gzip.compress(CSV, mtime=0)[:-4], "Compressed file ended before the end-of-stream marker"),
        (b"\x1f\x8b\x08\x00", "Compressed file ended before the end-of-stream marker"),
        (gzip.compress(CSV, mtime=0)[:-8] + b"\0" * 8, "CRC check failed"),
    ],
)
def test_a_broken_gzip_file_is_refused(tmp_path: Path, data: bytes, got: str) -> None:
    (tmp_path / "a.csv.gz").write_bytes(data)
    assert refusal(tmp_path / "a.csv.gz").startswith(f"(broken_gzip): {WANTED}{got}")

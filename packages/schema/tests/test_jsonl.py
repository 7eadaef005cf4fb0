from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tracemill_schema.canonical import file_digest
from tracemill_schema.errors import RecordError
from tracemill_schema.jsonl import (
    CannotWrite,
    RecordAppender,
    read_record,
    read_records,
    record_digest,
    write_bytes,
    write_chunks,
    write_record,
    write_records,
)
from tracemill_schema.trace import Trace


def test_what_is_written_is_read_back(tmp_path: Path, trace: Trace) -> None:
    path = tmp_path / "deep" / "traces.jsonl"
    assert write_records(path, [trace, trace]) == 2
    assert list(read_records(path, Trace)) == [trace, trace]
    write_record(tmp_path / "one.json", trace)
    assert read_record(tmp_path / "one.json", Trace) == trace
    assert record_digest(trace) == file_digest(tmp_path / "one.json")


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_bytes(path, b"old")

    def broken() -> Iterator[bytes]:
        yield b"new"
        raise OSError(28, "No space left on device")

    with pytest.raises(CannotWrite, match=r"could not be written \(No space left on device\)"):
        write_chunks(path, broken())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@contextmanager
def _full_disk() -> Iterator[None]:
    """No file may grow beyond 1,000 bytes: the kernel refuses the write, as a full disk would.

    Held no longer than the write itself: the limit is the process's, and pytest writes files too.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_with_what_to_do_and_nothing_whole_is_lost(
    tmp_path: Path, trace: Trace
) -> None:
    path = tmp_path / "growing.jsonl"
    message = "free some space, then run the same command again"
    with pytest.raises(CannotWrite, match=message), _full_disk():
        _append_two(path, trace)
    with RecordAppender(path) as appender:
        assert appender.count == 1
    assert list(read_records(path, Trace)) == [trace]


def _append_two(path: Path, trace: Trace) -> None:
    with RecordAppender(path) as appender:
        appender.append(trace)
        appender.append(trace)


def test_a_torn_last_line_is_cut_off_and_the_rest_stands(tmp_path: Path, trace: Trace) -> None:
    path = tmp_path / "growing.jsonl"
    path.write_bytes(trace.to_bytes() + b"\n" + trace.to_bytes()[:50])
    with RecordAppender(path) as appender:
        assert appender.count == 1
        appender.append(trace)
        assert appender.count == 2
    assert list(read_records(path, Trace)) == [trace, trace]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"a": 1}', "line 1 is not a valid trace.v1:\n  .*without an end"),
        (b"\n", "line 1 .*wanted UTF-8 JSON"),
        (b'{"a":\x00}\n', "line 1 .*wanted UTF-8 JSON"),
        (b"\xff\xfe\n", "line 1 .*wanted UTF-8 JSON"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_bytes(content)
    with pytest.raises(RecordError, match=f"(?s){message}"):
        list(read_records(path, Trace))


def test_a_changed_record_is_refused_by_its_id(tmp_path: Path, trace: Trace) -> None:
    path = tmp_path / "changed.jsonl"
    path.write_bytes(
        trace.to_bytes().replace(b'"final_answer":"20"', b'"final_answer":"21"') + b"\n"
    )
    with pytest.raises(RecordError, match="/id: wanted"):
        list(read_records(path, Trace))


def test_a_missing_file_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="wanted a readable file, got No such file"):
        list(read_records(tmp_path / "none.jsonl", Trace))
    with pytest.raises(RecordError, match="wanted a readable file, got No such file"):
        read_record(tmp_path / "none.json", Trace)

"""Reading to the end: good lines come, bad lines are faults, and none is skipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.dataset.errors import LineFault
from tracemill_datagen.dataset.line import id_of, raw_lines, read_lines
from tracemill_schema.trace import Trace


def test_good_lines_come_between_bad_ones(made: Path, tmp_path: Path) -> None:
    good = (made / "tasks/percent.traces.jsonl").read_bytes().splitlines()[0]
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"\n".join([b"", good, b"{}", b"\xff", good]))
    found = list(read_lines(path, Trace, name="x"))
    assert [f.line if isinstance(f, LineFault) else f[0] for f in found][:2] == [1, 2]
    assert [str(f) for f in found if isinstance(f, LineFault)][-1] == (
        f"x line 5: wanted a whole line of at most 67108864 bytes, got {len(good)} bytes "
        "without an end"
    )
    assert {f.line for f in found if isinstance(f, LineFault)} == {1, 3, 4, 5}


def test_a_line_that_is_too_long_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracemill_datagen.dataset.line.MAX_LINE_BYTES", 8)
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"a" * 30 + b"\n" + b"b\n")
    fault, line = raw_lines(path, name="x")
    assert isinstance(fault, LineFault)
    assert fault.line == 1
    assert line == (2, b"b\n")


@pytest.mark.parametrize(
    ("line", "found"),
    [(b'{"id":"a","x":', ""), (b"\xff", ""), (b"[1]", ""), (b'{"id":3}', ""), (b'{"id":"a"}', "a")],
)
def test_the_id_of_a_line_is_what_it_says_if_it_says_one(line: bytes, found: str) -> None:
    assert id_of(line) == found


def test_a_missing_file_is_one_fault(tmp_path: Path) -> None:
    (fault,) = raw_lines(tmp_path / "none", name="none")
    assert str(fault) == "none: wanted a readable file, got No such file or directory"

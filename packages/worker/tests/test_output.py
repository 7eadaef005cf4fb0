from __future__ import annotations

import pytest

from tracemill_worker.output import LINE_LIMIT, TAIL_LIMIT, LineSplitter, LogBuffer


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        ([b"a\nb\n"], ["a", "b"]),
        ([b"a", b"b\n", b"c"], ["ab", "c"]),
        ([b"a\r\nb\n"], ["a", "b"]),
        ([b"10%\r20%\r30%\n"], ["30%"]),
        ([b"10%\r20%\r"], ["20%"]),
        ([b"\n\n"], ["", ""]),
        ([b"caf\xe9\n"], ["caf\ufffd"]),
        ([b"\xe2\x82", b"\xac\n"], ["\u20ac"]),
        ([b"\xe2\x82"], ["\ufffd"]),
        ([b"x" * (LINE_LIMIT + 1) + b"\n"], ["x" * LINE_LIMIT, "x"]),
        ([], []),
    ],
)
def test_bytes_become_lines(pieces: list[bytes], lines: list[str]) -> None:
    splitter = LineSplitter()
    found = [line for piece in pieces for line in splitter.feed(piece)]
    assert found + splitter.end() == lines


def test_a_line_without_end_does_not_grow_for_ever() -> None:
    splitter = LineSplitter()
    found = [line for _ in range(10) for line in splitter.feed(b"x" * LINE_LIMIT)]
    assert len(found) >= 9


def test_lines_within_the_budget_are_all_kept() -> None:
    buffer = LogBuffer(budget=100)
    assert buffer.add("one")
    assert buffer.take() == "one\n"
    assert buffer.add("two")
    assert not buffer.full
    assert buffer.end() == "two\n"


def test_over_the_budget_the_beginning_and_the_end_are_kept() -> None:
    buffer = LogBuffer(budget=1000)
    kept = [buffer.add(f"line {i:06d} " + "x" * 87) for i in range(5000)]
    assert sum(kept) == 10
    start, end = buffer.take().splitlines(), buffer.end().splitlines()
    assert [line[:11] for line in start] == [f"line {i:06d}" for i in range(10)]
    left_out = 5000 - 10 - (len(end) - 1)
    assert end[0] == f"... {left_out} lines were left out: the log is full ..."
    assert end[-1].startswith("line 004999")
    assert sum(len(line) + 1 for line in end[1:]) <= TAIL_LIMIT

"""How much of a file changed, whatever ends its lines."""

from __future__ import annotations

import pytest

from tracemill_gate.change.size import LONG, differing, is_binary, lines


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (b"", 0),
        (b"a", 1),
        (b"a\n\nb\n", 3),
        (b"a\r\nb\r\n", 2),
        (b"a\rb\rc", 3),
        (b"x" * LONG, 1),
        (b"x" * (LONG + 1), 11),
        (b"a\n" + b"x" * 5 * LONG + b"\nb", 52),
    ],
)
def test_lines_as_people_count_them(content: bytes, count: int) -> None:
    assert len(lines(content)) == count


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        (b"a\nb\n", b"a\nb\n", 0),
        (b"a\nb\n", b"a\nc\n", 2),
        (b"a\nb\n", b"b\na\n", 0),
        (b"a\n", b"a\na\na\n", 2),
        (b"a\rb\rc", b"a\rB\rc", 2),
        (b"x" * 5 * LONG, b"x" * 5 * LONG + b"y", 1),
        (b"x" * 5 * LONG, b"y" * 5 * LONG, 100),
    ],
)
def test_lines_that_one_has_and_the_other_has_not(old: bytes, new: bytes, count: int) -> None:
    assert differing(old, new) == count


def test_a_null_byte_counts_where_git_looks_for_it() -> None:
    assert is_binary(b"x" * 7999 + b"\0")
    assert not is_binary(b"x" * 8000 + b"\0")

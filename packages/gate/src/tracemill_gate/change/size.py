"""How much of a file changed, in lines.

git counts what stands between newlines. But one line may hold a whole program, and carriage returns
end lines too. The count here knows both; ``diff`` takes the higher one of the two.
"""

from __future__ import annotations

from collections import Counter

LONG = 1000
"""Bytes from which a line is no line that a person reads. Then every PIECE bytes count as one."""
PIECE = 100
_SAMPLE = 8000
"""Bytes in which git itself looks for a NUL to tell that a file is binary (xdiff-interface.c)."""


def is_binary(content: bytes) -> bool:
    """Tell whether git takes contents for something without lines."""
    return b"\0" in content[:_SAMPLE]


def lines(content: bytes) -> list[bytes]:
    """Return the lines of a text, whichever way they end; a very long one in pieces."""
    found = []
    for line in content.splitlines():
        step = PIECE if len(line) > LONG else LONG
        found += [line[i : i + step] for i in range(0, len(line), step)] or [line]
    return found


def differing(old: bytes, new: bytes) -> int:
    """Return how many lines one of two texts has and the other has not, wherever they stand."""
    before, after = Counter(lines(old)), Counter(lines(new))
    return (before - after).total() + (after - before).total()

"""Markers of unfinished work: none stands in the files but those that current.md lists.

current.md has a line for each, with reason, issue and date (see tracemill_gate.planning.marker).
A line whose marker is gone is a fault too: the list says what is unfinished, not what was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tracemill_gate.fault import FileFault
from tracemill_gate.hygiene.source import Source
from tracemill_gate.planning.current import CURRENT
from tracemill_gate.planning.marker import WORDS, Marker

NEVER = "XXX"
"""A marker that says nothing, not even what kind of work is missing: it can't be listed."""

_WORD = re.compile(rf"\b({'|'.join((*WORDS, NEVER))})\b")


def faults(files: Sequence[Source], listed: Sequence[Marker]) -> Iterator[FileFault]:
    """Yield each marker that is not listed, and each line of the list without its marker."""
    unused = Counter((one.path, one.word) for one in listed)
    for file in files:
        for line, word in _markers(file):
            if unused[file.path, word] > 0:
                unused[file.path, word] -= 1
                continue
            yield FileFault(where=f"{file.path}:{line}", message=_told(word))
    for one in listed:
        if unused[one.path, one.word] > 0:
            unused[one.path, one.word] -= 1
            message = f"lists {one.word} in {one.path}, where none is left; remove the line"
            yield FileFault(where=f"{CURRENT}:{one.line}", message=message)


def _markers(file: Source) -> Iterator[tuple[int, str]]:
    try:
        for line, comment in file.comments():
            for match in _WORD.finditer(comment):
                yield line, match[1]
    except SyntaxError:
        return  # told as a fault of its own by tracemill_gate.hygiene.check


def _told(word: str) -> str:
    if word == NEVER:
        return f"wanted no {word}, got one; say what is missing, or do it"
    return (
        f"wanted no {word}, got one that is not listed; do it, or list it with reason, issue and "
        f"date under Markers in {CURRENT}"
    )

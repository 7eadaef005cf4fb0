"""The little of Markdown that planning files need: headings outside fenced code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading.

    Attributes:
        level: Number of signs, 1 to 6.
        name: Its text.
        line: Line in the file, counted from 1.
    """

    level: int
    name: str
    line: int


def headings(lines: Sequence[str]) -> tuple[Heading, ...]:
    """Return the headings (``# text``) of a file, without those inside fenced code."""
    found = []
    fence = ""
    for number, line in enumerate(lines, start=1):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        elif match := _HEADING.fullmatch(line):
            found.append(Heading(level=len(match[1]), name=match[2], line=number))
    return tuple(found)


def section_text(lines: Sequence[str], heading: Heading) -> str:
    """Return what stands under a heading, up to the next of its level or above."""
    after = (h.line for h in headings(lines) if h.line > heading.line and h.level <= heading.level)
    end = next(after, len(lines) + 1)
    return "\n".join(lines[heading.line : end - 1]).strip()

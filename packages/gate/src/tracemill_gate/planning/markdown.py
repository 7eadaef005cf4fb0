"""The little of Markdown that planning files need: lines, and headings outside fenced code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*")
_OPENING = re.compile(r" {0,3}(?:(`{3,})[^`]*|(~{3,}).*)")
_CLOSING = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*")


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


def lines_of(text: str) -> list[str]:
    """Return the lines of a text; only ``\\n`` ends one, as in git and in editors."""
    return text.removesuffix("\n").split("\n") if text else []


def heading_of(line: str, *, number: int) -> Heading | None:
    """Return the heading that a line outside of fenced code is, None if it is none."""
    match = _HEADING.fullmatch(line)
    return Heading(level=len(match[1]), name=match[2], line=number) if match else None


def headings(lines: Sequence[str]) -> tuple[Heading, ...]:
    """Return the headings (``# text``) of a file, without those inside fenced code."""
    return _scan(lines)[0]


def open_fence(lines: Sequence[str]) -> int | None:
    """Return the line, counted from 1, of fenced code that is never closed; None if each is."""
    return _scan(lines)[1]


def section_text(lines: Sequence[str], heading: Heading) -> str:
    """Return what stands under a heading, up to the next of its level or above."""
    after = (h.line for h in headings(lines) if h.line > heading.line and h.level <= heading.level)
    end = next(after, len(lines) + 1)
    return trimmed(lines[heading.line : end - 1])


def trimmed(lines: Sequence[str]) -> str:
    """Return lines as one text, without the blank ones before and after it."""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[filled[0] : filled[-1] + 1]) if filled else ""


def _scan(lines: Sequence[str]) -> tuple[tuple[Heading, ...], int | None]:
    """Return the headings, and the line of the fence that is still open at the end."""
    found: list[Heading] = []
    opened, mark = None, ""
    for number, line in enumerate(lines, start=1):
        if opened is not None:
            closing = _CLOSING.fullmatch(line)
            opened = None if closing and closing[1].startswith(mark) else opened
        elif opening := _OPENING.fullmatch(line):
            opened, mark = number, opening[1] or opening[2]
        elif heading := heading_of(line, number=number):
            found.append(heading)
    return tuple(found), opened

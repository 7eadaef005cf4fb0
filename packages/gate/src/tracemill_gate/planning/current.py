"""current.md: what is known, believed, brainstormed and specified.

Exactly four sections at the second level, in this order. Every line of ``Specd`` names one spec:

    - [0007: Leases survive a restart](specs/0007-leases-survive.md)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracemill_gate.fault import FileFault
from tracemill_gate.planning.markdown import headings

SECTIONS = ("Institutional Knowledge", "Beliefs", "Brainstormed", "Specd")
_ENTRY = re.compile(r"- \[(\d{4}): (.+)\]\(specs/(.+\.md)\)")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of Specd.

    Attributes:
        number: Number of the spec.
        title: Its title.
        file: Its file name in ``specs/``.
        line: Line in current.md.
    """

    number: int
    title: str
    file: str
    line: int


def parse(text: str, *, name: str) -> tuple[tuple[Entry, ...], tuple[FileFault, ...]]:
    """Read current.md; return the lines of Specd and every fault with its line."""
    lines = text.splitlines()
    seconds = [heading for heading in headings(lines) if heading.level == 2]
    faults = []
    for heading in seconds:
        if heading.name not in SECTIONS:
            message = f"wanted only the sections {', '.join(SECTIONS)}, got {heading.name!r}"
            faults.append(FileFault(where=f"{name}:{heading.line}", message=message))
    names = tuple(heading.name for heading in seconds if heading.name in SECTIONS)
    if names != SECTIONS:
        message = f"wanted the sections {', '.join(SECTIONS)}, each once in this order"
        message += f", got {', '.join(names) or 'none'}"
        faults.append(FileFault(where=f"{name}:{len(lines) or 1}", message=message))
    entries, wrong = _entries(lines, name)
    return entries, (*faults, *wrong)


def _entries(lines: Sequence[str], name: str) -> tuple[tuple[Entry, ...], list[FileFault]]:
    entries, faults = [], []
    for number, line in _specd_lines(lines):
        if match := _ENTRY.fullmatch(line.rstrip()):
            entry = Entry(number=int(match[1]), title=match[2], file=match[3], line=number)
            entries.append(entry)
        elif line.strip():
            message = f"wanted '- [NNNN: TITLE](specs/NNNN-slug.md)', got {line[:60]!r}"
            faults.append(FileFault(where=f"{name}:{number}", message=message))
    return tuple(entries), faults


def _specd_lines(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    inside = False
    levels = {heading.line: heading for heading in headings(lines)}
    for number, line in enumerate(lines, start=1):
        heading = levels.get(number)
        if heading is not None and heading.level <= 2:
            inside = heading.name == "Specd"
        elif inside:
            yield number, line

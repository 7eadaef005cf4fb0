"""The prose of a spec: its heading, then sections under known headings."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from tracemill_gate.fault import FileFault
from tracemill_gate.planning.markdown import Heading, headings, open_fence, section_text, trimmed

SECTIONS = ("Why", "Decision", "Rejected", "Notes")
REQUIRED = ("Decision", "Rejected")


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of the prose: its heading and its text, without blank lines around it."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Prose:
    """What stands behind the front matter.

    Attributes:
        lines: Its lines.
        start: Number of the line before the first one.
        name: Name of the file.
    """

    lines: Sequence[str]
    start: int
    name: str

    def fault(self, line: int, message: str) -> FileFault:
        """Return a fault at a line of the prose, counted from 1."""
        return FileFault(where=f"{self.name}:{self.start + line}", message=message)

    def headings(self, level: int) -> tuple[Heading, ...]:
        """Return the headings of one level."""
        return tuple(found for found in headings(self.lines) if found.level == level)


def render(title: str, sections: Sequence[Section]) -> str:
    """Return the prose under the heading ``title``."""
    parts = (f"\n## {section.name}\n\n{section.text}\n" for section in sections)
    return f"\n# {title}\n{''.join(parts)}"


def sections_of(prose: Prose) -> tuple[tuple[Section, ...], list[FileFault]]:
    """Return the sections, and each fault of headings, order and text."""
    found = prose.headings(2)
    names = [heading.name for heading in found]
    faults = []
    for position, heading in enumerate(found):
        message = _section_fault(heading, names[:position], section_text(prose.lines, heading))
        faults += [prose.fault(heading.line, message)] if message else []
    for wanted in REQUIRED:
        if wanted not in names:
            message = f"wanted a section ## {wanted}, got none"
            faults.append(prose.fault(len(prose.lines), message))
    sections = (Section(name=h.name, text=section_text(prose.lines, h)) for h in found)
    return tuple(sections), faults + _order_faults(prose, found) + _fence_faults(prose)


def _section_fault(heading: Heading, earlier: Sequence[str], text: str) -> str:
    if heading.name not in SECTIONS:
        return f"wanted one of the headings {', '.join(SECTIONS)}, got {heading.name!r}"
    if heading.name in earlier:
        return f"a second section {heading.name!r}"
    return "" if text else f"the section {heading.name!r} is empty"


def _order_faults(prose: Prose, found: Sequence[Heading]) -> list[FileFault]:
    known = [heading for heading in found if heading.name in SECTIONS]
    for earlier, later in itertools.pairwise(known):
        if SECTIONS.index(earlier.name) > SECTIONS.index(later.name):
            message = f"the section {later.name!r} stands before {earlier.name!r}, not after it"
            return [prose.fault(later.line, message)]
    return []


def _fence_faults(prose: Prose) -> list[FileFault]:
    line = open_fence(prose.lines)
    return [] if line is None else [prose.fault(line, "fenced code that is never closed")]


def title_faults(prose: Prose, title: str) -> list[FileFault]:
    """Return the faults of the heading, and of text that stands outside of sections."""
    tops, sections = prose.headings(1), prose.headings(2)
    first = sections[0].line if sections else len(prose.lines) + 1
    faults = []
    if not tops:
        faults.append(prose.fault(1, f"wanted the heading '# {title}', got none"))
    for position, heading in enumerate(tops):
        got = prose.lines[heading.line - 1]
        if position or heading.line > first or got != f"# {title}":
            message = f"wanted '# {title}' once, before the sections, got {got!r}"
            faults.append(prose.fault(heading.line, message))
    stray = [h.line for h in tops if h.line < first]
    for line, text in enumerate(prose.lines[: first - 1], start=1):
        if text.strip() and line not in stray:
            message = f"wanted text only under ## headings, got {trimmed([text])[:40]!r}"
            return [*faults, prose.fault(line, message)]
    return faults

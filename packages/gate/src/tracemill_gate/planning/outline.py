"""The outline of current.md: which headings it must and may have, and what stands below each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracemill_gate.fault import FileFault
from tracemill_gate.planning.markdown import Heading, headings, open_fence

KNOWLEDGE, BELIEFS, BRAINSTORMED, SPECD = SECTIONS = (
    "Institutional Knowledge",
    "Beliefs",
    "Brainstormed",
    "Specd",
)
MARKERS, EXPERIMENTS = "Markers", "Experiments"
PARTS = {KNOWLEDGE: (MARKERS,), BELIEFS: (EXPERIMENTS,), SPECD: ()}
"""Which headings of the third level a section may have; those of Brainstormed are its items."""

NEVER_EMPTY = (KNOWLEDGE, BELIEFS)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A heading of the first three levels, and the lines below it up to the next such.

    Attributes:
        heading: The heading.
        section: The section that it opens or stands in; empty before the first.
        body: The lines that are not blank, with their numbers.
    """

    heading: Heading
    section: str
    body: tuple[tuple[int, str], ...]


def blocks(lines: Sequence[str]) -> tuple[Block, ...]:
    """Return the blocks of current.md in their order."""
    found = [heading for heading in headings(lines) if heading.level <= 3]
    ends = [*(heading.line for heading in found), len(lines) + 1][1:]
    section = ""
    made = []
    for heading, end in zip(found, ends, strict=True):
        section = heading.name if heading.level == 2 else section
        body = tuple(enumerate(lines[heading.line : end - 1], start=heading.line + 1))
        made.append(Block(heading=heading, section=section, body=body))
    return tuple(made)


def body(found: Sequence[Block], section: str, part: str = "") -> tuple[tuple[int, str], ...]:
    """Return the lines that stand directly under a section, or under a part of it."""
    level, name = (3, part) if part else (2, section)
    return tuple(
        line
        for block in found
        if block.section == section and (block.heading.level, block.heading.name) == (level, name)
        for line in block.body
    )


def faults(found: Sequence[Block], lines: Sequence[str], *, name: str) -> list[FileFault]:
    """Return what is wrong with the headings, and what stands outside of them."""
    fence = open_fence(lines)
    located = [
        *_title_faults(found, lines),
        *_section_faults(found, lines),
        *(fault for block in found if block.heading.level == 3 for fault in _part_faults(block)),
        *_repeated(found),
    ]
    if fence is not None:  # it hides all headings below it
        located = [(fence, "fenced code that is never closed")]
    return [FileFault(where=f"{name}:{line}", message=message) for line, message in located]


_Located = tuple[int, str]


def _title_faults(found: Sequence[Block], lines: Sequence[str]) -> list[_Located]:
    tops = [block for block in found if block.heading.level == 1]
    located = []
    if not tops or tops[0].heading.line != 1 or not tops[0].heading.name:
        got = repr(lines[0][:40]) if lines else "an empty file"
        located.append((1, f"wanted the heading '# TITLE' on the first line, got {got}"))
    for position, block in enumerate(tops):
        repeated = f"a second title {block.heading.name!r}"
        located += [(block.heading.line, repeated)] if position else []
        located += _first_text(block, "wanted text only under ## headings, got {!r}")
    return located


def _section_faults(found: Sequence[Block], lines: Sequence[str]) -> list[_Located]:
    located = []
    seconds = [block for block in found if block.heading.level == 2]
    for block in seconds:
        line, section = block.heading.line, block.section
        if section not in SECTIONS:
            message = f"wanted only the sections {', '.join(SECTIONS)}, got {section!r}"
            located.append((line, message))
        elif section in NEVER_EMPTY and _is_empty(block, found):
            located.append((line, f"the section {section!r} is empty"))
        elif section == BRAINSTORMED:
            located += _first_text(block, "wanted items under headings '### TITLE', got {!r}")
    names = tuple(block.section for block in seconds if block.section in SECTIONS)
    if names != SECTIONS:
        message = f"wanted the sections {', '.join(SECTIONS)}, each once in this order"
        located.append((len(lines) or 1, f"{message}, got {', '.join(names) or 'none'}"))
    return located


def _is_empty(block: Block, found: Sequence[Block]) -> bool:
    parts = (one for one in found if one.section == block.section and one.heading.level == 3)
    return not any(line.strip() for _, line in block.body) and not any(parts)


def _part_faults(block: Block) -> list[_Located]:
    line, name, section = block.heading.line, block.heading.name, block.section
    allowed = PARTS.get(section)
    if not section:
        return [(line, f"wanted text only under ## headings, got {name!r}")]
    if allowed is None:
        return []  # an item, or a part of a section that is a fault itself
    if name not in allowed:
        wanted = f"only the heading ### {allowed[0]}" if allowed else "no heading"
        return [(line, f"wanted {wanted} under {section}, got {name!r}")]
    if not any(text.strip() for _, text in block.body):
        return [(line, f"the part {name!r} is empty")]
    return []


def _repeated(found: Sequence[Block]) -> list[_Located]:
    located: list[_Located] = []
    seen: set[tuple[str, str]] = set()
    for block in found:
        key = (block.section, block.heading.name)
        if block.heading.level == 3 and key in seen:
            located.append((block.heading.line, f"a second heading {block.heading.name!r}"))
        seen |= {key} if block.heading.level == 3 else set()
    return located


def _first_text(block: Block, message: str) -> list[_Located]:
    texts = ((n, line.strip()) for n, line in block.body if line.strip())
    return [(n, message.format(text[:40])) for n, text in texts][:1]

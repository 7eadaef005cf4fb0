"""A spec file: TOML front matter (spec.v1), then prose under known headings.

    +++
    number = 7
    title = "Leases survive a restart"
    kind = "change"
    ...                                     every field of spec.v1; no [approval] means null
    +++

    # 0007: Leases survive a restart        number and title as in the front matter

    ## Why                                  optional
    ## Decision
    ## Rejected
    ## Notes                                optional

The file is ``specs/NNNN-slug.md``. The sections stand in this order, each at most once and with
text in it; headings of three or more signs, and anything in fenced code, are free. Every fault is
reported with its line.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.errors import SpecFaults
from tracemill_gate.fault import FileFault
from tracemill_gate.planning.markdown import Heading, headings, section_text
from tracemill_schema.errors import Fault, RecordError
from tracemill_schema.spec import Spec

FENCE = "+++"
FILE_NAME = re.compile(r"(\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.md")
SECTIONS = ("Why", "Decision", "Rejected", "Notes")
REQUIRED = ("Decision", "Rejected")


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of the prose: its heading and its text, without blank lines around it."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class SpecDocument:
    """A spec file as it was read."""

    spec: Spec
    sections: tuple[Section, ...]


def parse(text: str, *, name: str) -> SpecDocument:
    """Read a spec.

    Args:
        text: The whole file.
        name: File name, ``NNNN-slug.md``.

    Raises:
        SpecFaults: with every fault and its line.
    """
    lines = text.splitlines()
    closing = _closing_fence(lines, name)
    spec, faults = _front_matter(lines[1:closing], name)
    found, prose_faults = _prose(lines, closing + 1, name)
    faults += prose_faults
    if spec is not None:
        faults += _title_faults(spec, lines, closing + 1, name)
    if spec is None or faults:
        raise _faults(faults)
    return SpecDocument(spec=spec, sections=found)


def read(path: Path) -> SpecDocument:
    """Read a spec file; raises like ``parse``."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"wanted readable UTF-8 text, got: {error}"
        raise _faults([FileFault(where=path.name, message=message)]) from error
    return parse(text, name=path.name)


def _closing_fence(lines: Sequence[str], name: str) -> int:
    if not lines or lines[0] != FENCE:
        got = repr(lines[0][:40]) if lines else "an empty file"
        message = f"wanted {FENCE} on the first line, got {got}"
        raise _faults([FileFault(where=f"{name}:1", message=message)])
    for index, line in enumerate(lines[1:], start=1):
        if line == FENCE:
            return index
    message = f"wanted a second line {FENCE} that ends the front matter, got none"
    raise _faults([FileFault(where=f"{name}:{len(lines)}", message=message)])


def _front_matter(lines: Sequence[str], name: str) -> tuple[Spec | None, list[FileFault]]:
    try:
        values = tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"\(at line (\d+)", str(error))
        line = 1 + (int(match[1]) if match else len(lines))
        return None, [FileFault(where=f"{name}:{line}", message=f"not TOML: {error}")]
    try:
        return Spec.from_values({"approval": None, **values}, where=name), []
    except RecordError as error:
        return None, [_located(fault, lines, name) for fault in error.faults]


def _located(fault: Fault, lines: Sequence[str], name: str) -> FileFault:
    return FileFault(where=f"{name}:{line_of(fault.pointer, lines)}", message=str(fault))


def line_of(pointer: str, lines: Sequence[str]) -> int:
    """Return the line of the file on which the value at ``pointer`` starts.

    Args:
        pointer: JSON pointer into the front matter.
        lines: The front matter without its fences; its first line is line 2 of the file.

    Returns:
        The most exact line that can be told: of the key, of its table, or 1 for a missing key.
    """
    parts = pointer.split("/")[1:]
    if not parts:
        return 1
    key, index = parts[0], int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0
    own = re.compile(rf'\s*"?{re.escape(key)}"?\s*=')
    table = re.compile(rf"\s*\[\[?\s*{re.escape(key)}\s*\]\]?")
    tables = [number for number, line in enumerate(lines) if table.match(line)]
    if tables:
        start = tables[min(index, len(tables) - 1)]
        inner = re.compile(rf"\s*{re.escape(parts[-1])}\s*=")
        rest = range(start + 1, len(lines))
        body = (n for n in rest if n not in tables)
        return 2 + next((n for n in body if inner.match(lines[n])), start)
    return 2 + next((n for n, line in enumerate(lines) if own.match(line)), -1)


def _prose(
    lines: Sequence[str], start: int, name: str
) -> tuple[tuple[Section, ...], list[FileFault]]:
    faults, sections = [], []
    found = [h for h in headings(lines) if h.line > start and h.level == 2]
    names = [heading.name for heading in found]
    for position, heading in enumerate(found):
        where = f"{name}:{heading.line}"
        text = section_text(lines, heading)
        if heading.name not in SECTIONS:
            known = ", ".join(SECTIONS)
            message = f"wanted one of the headings {known}, got {heading.name!r}"
            faults.append(FileFault(where=where, message=message))
        elif heading.name in names[:position]:
            faults.append(FileFault(where=where, message=f"a second section {heading.name!r}"))
        elif not text:
            faults.append(FileFault(where=where, message=f"the section {heading.name!r} is empty"))
        sections.append(Section(name=heading.name, text=text))
    for wanted in REQUIRED:
        if wanted not in names:
            message = f"wanted a section ## {wanted}, got none"
            faults.append(FileFault(where=f"{name}:{len(lines)}", message=message))
    return tuple(sections), faults + _order_faults(found, name)


def _order_faults(found: Sequence[Heading], name: str) -> list[FileFault]:
    known = [heading for heading in found if heading.name in SECTIONS]
    for earlier, later in itertools.pairwise(known):
        if SECTIONS.index(earlier.name) > SECTIONS.index(later.name):
            message = f"the section {later.name!r} stands before {earlier.name!r}, not after it"
            return [FileFault(where=f"{name}:{later.line}", message=message)]
    return []


def _title_faults(spec: Spec, lines: Sequence[str], start: int, name: str) -> list[FileFault]:
    faults = []
    match = FILE_NAME.fullmatch(name)
    if match is None:
        message = "wanted a file name NNNN-slug.md in lower case"
        faults.append(FileFault(where=f"{name}:1", message=message))
    elif int(match[1]) != spec.number:
        message = f"wanted number = {int(match[1])} as in the file name, got {spec.number}"
        faults.append(FileFault(where=f"{name}:{line_of('/number', lines[1:])}", message=message))
    wanted = f"{spec.number:04d}: {spec.title}"
    tops = [h for h in headings(lines) if h.line > start and h.level == 1]
    if not tops:
        message = f"wanted the heading '# {wanted}', got none"
        faults.append(FileFault(where=f"{name}:{start + 1}", message=message))
    for position, heading in enumerate(tops):
        if position or heading.name != wanted:
            message = f"wanted '# {wanted}' once, got '# {heading.name}'"
            faults.append(FileFault(where=f"{name}:{heading.line}", message=message))
    return faults


def _faults(faults: Sequence[FileFault]) -> SpecFaults:
    return SpecFaults(tuple(faults))

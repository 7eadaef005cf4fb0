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
reported with its line. ``render`` writes the one canonical form; reading it back gives the same
document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_gate.errors import SpecFaults
from tracemill_gate.fault import FileFault
from tracemill_gate.planning import toml
from tracemill_gate.planning.markdown import lines_of
from tracemill_gate.planning.prose import Prose, Section, sections_of, title_faults
from tracemill_gate.planning.prose import render as render_prose
from tracemill_gate.planning.source import read_text, text_faults
from tracemill_schema.errors import Fault, RecordError
from tracemill_schema.spec import Spec

FENCE = "+++"
SPECS = "specs"
DRAFTS = "specs/draft"
FILE_NAME = re.compile(r"(\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.md")
_TESTS = re.compile(r"/(fail_first_tests|regression_tests)/\d+")
_OF_A_CHANGE = ("files_to_touch", "fail_first_tests")
_EMPTY_CHANGE = f"kind change needs {' and '.join(_OF_A_CHANGE)}"
_BROKEN_RULE = "Value error, "  # how pydantic begins what a rule of the model itself says


@dataclass(frozen=True, kw_only=True)
class SpecDocument:
    """A spec file as it was read."""

    spec: Spec
    sections: tuple[Section, ...]


def parse(text: str, *, name: str) -> SpecDocument:
    """Read a spec.

    Args:
        text: The whole file.
        name: File name, ``NNNN-slug.md``, or a path that ends with it; faults are told by it.

    Raises:
        SpecFaults: with every fault and its line.
    """
    if wrong := text_faults(text, name=name):
        raise SpecFaults(wrong)
    lines = lines_of(text)
    closing = _closing_fence(lines, name)
    front = "\n".join(lines[1:closing])
    spec, faults = _front_matter(front, name)
    prose = Prose(lines=lines[closing + 1 :], start=closing + 1, name=name)
    sections, prose_faults = sections_of(prose)
    faults += prose_faults
    if spec is not None:
        faults += _number_faults(spec, front, name)
        faults += title_faults(prose, heading(spec))
    if spec is None or faults:
        raise SpecFaults(tuple(faults))
    return SpecDocument(spec=spec, sections=sections)


def read(path: Path) -> SpecDocument:
    """Read a spec file; raises like ``parse``."""
    return parse(read_text(path, name=path.name), name=path.name)


def line_in(text: str, pointer: str) -> int:
    """Return the line of a spec on which the value at a JSON pointer of its front matter stands.

    Args:
        text: The whole file; it can be parsed.
        pointer: Where it leads nowhere, what holds it counts.
    """
    lines = lines_of(text)
    return line_of(pointer, "\n".join(lines[1 : lines.index(FENCE, 1)]))


def render(document: SpecDocument) -> str:
    """Return the canonical text of a spec; ``parse`` gives the same document back."""
    front = toml.write(document.spec.to_values(), tables=("approval",))
    return f"{FENCE}\n{front}{FENCE}\n{render_prose(heading(document.spec), document.sections)}"


def heading(spec: Spec) -> str:
    """Return the heading of a spec: its number in four digits and its title."""
    return f"{spec.number:04d}: {spec.title}"


def _closing_fence(lines: Sequence[str], name: str) -> int:
    if not lines or lines[0] != FENCE:
        got = repr(lines[0][:40]) if lines else "an empty file"
        message = f"wanted {FENCE} on the first line, got {got}"
        raise SpecFaults((FileFault(where=f"{name}:1", message=message),))
    for index, line in enumerate(lines[1:], start=1):
        if line == FENCE:
            return index
    message = f"wanted a second line {FENCE} that ends the front matter, got none"
    raise SpecFaults((FileFault(where=f"{name}:{len(lines)}", message=message),))


def _front_matter(text: str, name: str) -> tuple[Spec | None, list[FileFault]]:
    try:
        values = toml.loads(text, where=name, before=1)
    except SpecFaults as error:
        return None, list(error.faults)
    faults = [_comment_fault(comment, name) for comment in toml.comments(text)]
    try:
        return Spec.from_values({"approval": None, **values}, where=name), faults
    except RecordError as error:
        located = [_located(fault, text, name) for fault in error.faults]
        if values.get("kind") == "change" and [] in (values.get(field) for field in _OF_A_CHANGE):
            # The record says so only once every field is right by itself; say it at once.
            where = f"{name}:{line_of('/kind', text)}"
            located.insert(0, FileFault(where=where, message=_EMPTY_CHANGE))
        return None, faults + list(dict.fromkeys(located))


def _comment_fault(comment: toml.Comment, name: str) -> FileFault:
    message = f"no comment is kept here; write it under ## Notes: {comment.text[:40]!r}"
    return FileFault(where=f"{name}:{comment.line + 1}", message=message)


def _located(fault: Fault, text: str, name: str) -> FileFault:
    pointer, message = fault.pointer, str(fault)
    if match := _TESTS.match(pointer):
        pointer = match[0]
        wanted = "a pytest id PATH::NAME"
        wanted += " or a file of tests" if match[1] == "regression_tests" else ""
        message = f"{pointer}: wanted {wanted}, got {fault.got}"
    elif _BROKEN_RULE in fault.wanted:
        message = fault.wanted.removeprefix(_BROKEN_RULE)
        if pointer.count("/") > 1:  # a rule of one value, which does not name its field
            message = f"{pointer}: {message}, got {fault.got}"
        fields = (word for word in re.findall(r"\w+", message) if word in Spec.model_fields)
        pointer = pointer or f"/{next(fields, '')}"
    return FileFault(where=f"{name}:{line_of(pointer, text)}", message=message)


def line_of(pointer: str, front_matter: str) -> int:
    """Return the line of the file on which the value at ``pointer`` starts.

    Args:
        pointer: JSON pointer into the front matter.
        front_matter: The front matter without its fences; its first line is line 2 of the file.

    Returns:
        The most exact line that can be told: of the value, of what holds it, or 1.
    """
    line = toml.line_of(pointer, front_matter)
    return 1 if line is None else 1 + line


def _number_faults(spec: Spec, front: str, name: str) -> list[FileFault]:
    match = FILE_NAME.fullmatch(name.rpartition("/")[2])
    if match is None:
        message = "wanted a file name NNNN-slug.md in lower case"
        return [FileFault(where=f"{name}:1", message=message)]
    if int(match[1]) == spec.number:
        return []
    message = f"wanted number = {int(match[1])} as in the file name, got {spec.number}"
    return [FileFault(where=f"{name}:{line_of('/number', front)}", message=message)]

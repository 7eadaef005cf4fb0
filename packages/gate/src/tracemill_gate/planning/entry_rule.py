"""Rules about current.md against the specs: each spec has its line, and each line is true."""

from __future__ import annotations

from collections.abc import Iterator

from tracemill_gate.fault import FileFault
from tracemill_gate.planning.current import CURRENT
from tracemill_gate.planning.document import SPECS, heading
from tracemill_gate.planning.entry import Entry
from tracemill_gate.planning.plan import Plan, SpecFile
from tracemill_gate.planning.relation import waits_for
from tracemill_gate.planning.status import DONE, IN_PROGRESS, NEEDS_APPROVAL, SPECD, WITHDRAWN
from tracemill_gate.planning.title import folded


def names_its_spec(plan: Plan) -> Iterator[FileFault]:
    """A line of Specd names a file that is there, with its number and title."""
    for entry in plan.current.entries:
        file = plan.files.get(entry.file)
        if entry.file not in plan.names:
            yield _fault(entry.line, f"wanted the file {SPECS}/{entry.file}, got none")
        elif file is not None and entry.heading != heading(file.document.spec):
            wanted = heading(file.document.spec)
            message = f"wanted {wanted!r} as in {SPECS}/{entry.file}, got {entry.heading!r}"
            yield _fault(entry.line, message)


def has_one_line(plan: Plan) -> Iterator[FileFault]:
    """A spec has exactly one line under Specd."""
    if plan.text is None:
        return
    for file in plan.files.values():
        # A line that is at fault itself counts all the same: one mistake, one fault.
        count = plan.lines_about(file.name)
        if count != 1:
            message = f"wanted one line in {CURRENT} under Specd, got {count}"
            yield file.fault("/number", message)


def is_approved(plan: Plan) -> Iterator[FileFault]:
    """What is worked on was approved, and what was approved says so."""
    for item in plan.current.brainstormed:
        if item.status == IN_PROGRESS:
            message = f"{item.title!r} is in progress without an approval; promote it to a spec"
            yield _fault(item.line, f"{message}, then have that approved")
    for entry, file in _pairs(plan):
        approval, number = file.document.spec.approval, f"{entry.number:04d}"
        if approval is None and entry.status in NEEDS_APPROVAL:
            message = f"{number} is {entry.status} without an approval"
            yield _fault(entry.line, f"{message}; run: tracemill spec approve {entry.number}")
        if approval is not None and entry.status == SPECD:
            message = f"{number} has an approval, but its status is {SPECD}"
            yield _fault(entry.line, f"{message}; run again: tracemill spec approve {entry.number}")


def is_left_behind(plan: Plan) -> Iterator[FileFault]:
    """What became a spec is brainstormed about no more."""
    specified = {folded(entry.title): entry for entry in plan.current.entries}
    for item in plan.current.brainstormed:
        for title in dict.fromkeys(item.titles):
            entry = specified.get(folded(title))
            if entry is not None:
                what = "the item" if title == item.title else "the candidate"
                message = f"{what} {title!r} became {entry.number:04d}; take it out of Brainstormed"
                line = item.line if title == item.title else item.line_of(title)
                yield _fault(line, message)


def waits_its_turn(plan: Plan) -> Iterator[FileFault]:
    """Nothing is begun while it is blocked, nor done before what it depends on."""
    for entry, file in _pairs(plan):
        spec = file.document.spec
        begun = entry.status in {IN_PROGRESS, DONE}
        earlier = waits_for(spec) if entry.status == DONE else spec.blocked_by if begun else ()
        for number in earlier:
            status = plan.status.get(number, DONE)
            if status not in {DONE, WITHDRAWN}:
                relation = "is blocked by" if number in spec.blocked_by else "depends on"
                message = f"{entry.number:04d} is {entry.status}, but {relation} {number:04d}"
                yield _fault(entry.line, f"{message}, which is {status}")


def _pairs(plan: Plan) -> Iterator[tuple[Entry, SpecFile]]:
    for entry in plan.current.entries:
        if entry.file in plan.files:
            yield entry, plan.files[entry.file]


def _fault(line: int, message: str) -> FileFault:
    return FileFault(where=f"{CURRENT}:{line}", message=message)

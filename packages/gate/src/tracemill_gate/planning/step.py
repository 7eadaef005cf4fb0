"""One step of the plan: how it is judged before it is taken, and how it is written.

A step is taken only if the plan as it would be says nothing against it. What was wrong elsewhere
before does not stop it; what it would make wrong does.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from datetime import date

from tracemill_gate.errors import SpecFaults
from tracemill_gate.fault import FileFault
from tracemill_gate.planning import document
from tracemill_gate.planning.current import CURRENT, render, scan
from tracemill_gate.planning.document import SPECS
from tracemill_gate.planning.leftover import remove_leftovers
from tracemill_gate.planning.lint import faults_of
from tracemill_gate.planning.plan import Plan, SpecFile
from tracemill_schema.jsonl import write_bytes


@dataclass(frozen=True, kw_only=True)
class Step:
    """A change of the plan by one spec.

    Attributes:
        before: The plan as it is.
        after: The plan as it would be.
        file: The spec that the step is about, as it would be.
    """

    before: Plan
    after: Plan
    file: SpecFile


def faults_of_step(step: Step, day: date) -> tuple[FileFault, ...]:
    """Return what speaks against a step: faults of its spec, and faults that it would make.

    Faults of current.md itself come first and alone: it would be written anew, and what cannot be
    read would be lost.
    """
    own = tuple(f for f in step.before.unreadable if _file(f) == CURRENT)
    if own:
        return own
    after = _with_lines(step.after)
    known = Counter((_file(fault), fault.message) for fault in faults_of(step.before, day))
    entry = next(e.line for e in after.current.entries if e.file == step.file.name)
    places = {step.file.path, f"{CURRENT}:{entry}"}
    found = []
    for fault in faults_of(after, day):
        key = (_file(fault), fault.message)
        known[key] -= 1
        if known[key] < 0 or {_file(fault), fault.where} & places:
            found.append(fault)
    return tuple(found)


def take(step: Step, *, day: date) -> None:
    """Write the spec, then current.md; nothing if something speaks against it.

    Raises:
        SpecFaults: with everything that speaks against it.
        CannotWrite: the disk refused.
    """
    if faults := faults_of_step(step, day):
        raise SpecFaults(faults)
    root = step.after.root
    remove_leftovers(root)
    write_bytes(root / SPECS / step.file.name, document.render(step.file.document).encode())
    write_bytes(root / CURRENT, render(step.after.current).encode())


def _with_lines(plan: Plan) -> Plan:
    """Return the plan with current.md as it would be read again: its lines are new."""
    text = render(plan.current)
    return dataclasses.replace(plan, text=text, current=scan(text, name=CURRENT)[0])


def _file(fault: FileFault) -> str:
    file, _, line = fault.where.rpartition(":")
    return file if line.isdigit() else fault.where

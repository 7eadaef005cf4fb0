"""A spec goes on: from one status to the next, along the transitions of status.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tracemill_gate.errors import GateUsage
from tracemill_gate.planning.approval import command_for
from tracemill_gate.planning.approve import with_status
from tracemill_gate.planning.entry import Entry
from tracemill_gate.planning.plan import read_plan
from tracemill_gate.planning.status import APPROVED, SPECD, next_of
from tracemill_gate.planning.step import Step, take


def set_status(root: Path, number: int, status: str, *, day: date) -> Entry:
    """Write another status of a spec into current.md; return the line as it was.

    Args:
        root: Top folder of the repository.
        number: Number of the spec.
        status: The status that it gets.
        day: The day on which its approval must hold.

    Raises:
        UnknownSpec: there is no promoted spec with the number.
        GateUsage: the status cannot follow the present one.
        SpecFaults: planning files would be at fault; nothing was changed.
    """
    plan = read_plan(root)
    file, entry = plan.find(number)
    if status == APPROVED:
        raise GateUsage(f"a spec is {APPROVED} by: {command_for(number)}")
    following = [name for name in next_of(entry.status) if name != APPROVED]
    if status not in following:
        raise GateUsage(f"{number:04d} is {entry.status}{_wanted(entry, following)}; got {status}")
    current = with_status(plan.current, number, status)
    take(Step(before=plan, after=plan.replaced(current), file=file), day=day)
    return entry


def _wanted(entry: Entry, following: Sequence[str]) -> str:
    if not following:
        return ", which is where it ends"
    first = f", or first: {command_for(entry.number)}" if entry.status == SPECD else ""
    return f"; wanted {' or '.join(following)}{first}"

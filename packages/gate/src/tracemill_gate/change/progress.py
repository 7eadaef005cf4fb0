"""The rule that specs go forward: what was done or withdrawn lends its scope to nothing more."""

from __future__ import annotations

from tracemill_gate.change.change import Change
from tracemill_gate.fault import FileFault, Report
from tracemill_gate.planning.current import CURRENT
from tracemill_gate.planning.status import next_of


def specs_go_forward(change: Change) -> Report:
    """Every spec of the change that stood at the base went on from there as ``TRANSITIONS`` has it.

    Steps may be skipped between two commits; none may be taken back.
    """
    stood = [planned for planned in change.specs if planned.before is not None]
    faults = tuple(
        FileFault(
            where=CURRENT,
            message=f"wanted {planned} to go forward from {planned.before}, as at the base, got "
            f"{planned.status}; write a new spec for new work",
        )
        for planned in stood
        if planned.status not in _reachable(str(planned.before))
    )
    return Report(checked=len(stood), faults=faults)


def _reachable(status: str) -> frozenset[str]:
    return frozenset({status}).union(*(_reachable(after) for after in next_of(status)))

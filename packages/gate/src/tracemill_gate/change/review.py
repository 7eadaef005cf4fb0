"""What people must judge: it is told beside the faults, and is none itself."""

from __future__ import annotations

from collections.abc import Iterator

from tracemill_gate.change.change import Change
from tracemill_gate.change.scope import PlannedChange
from tracemill_gate.errors import SpecFaults
from tracemill_gate.planning.document import SPECS, parse
from tracemill_schema.spec import Approval


def for_reviewer(change: Change) -> tuple[str, ...]:
    """Return, spec by spec: an approval that is new here, what is not to be done, what to review.

    An approval that came with the change was given by the same hand as the work, as far as git can
    tell; whether it was given at all is for the reviewer to know.
    """
    return tuple(
        f"{planned}: {text}" for planned in change.specs for text in _texts(change, planned)
    )


def _texts(change: Change, planned: PlannedChange) -> Iterator[str]:
    approval = planned.spec.approval
    if approval is not None and approval != _approval_at_base(change, planned):
        yield f"this approval is new in this change: by {approval.by} on {approval.on}"
    yield from (f"not done: {goal.text}" for goal in planned.spec.non_goals if goal.kind == "prose")
    yield from (f"to review: {text}" for text in planned.spec.review_checks)


def _approval_at_base(change: Change, planned: PlannedChange) -> Approval | None:
    """Return the approval that a spec had at the base, whatever its file was called."""
    prefix = f"{SPECS}/{planned.spec.number:04d}-"
    for path in sorted(path for path in change.paths if path.startswith(prefix)):
        data = change.repository.show(change.base, path) or b""
        try:
            return parse(data.decode(), name=path).spec.approval
        except (UnicodeDecodeError, SpecFaults):
            continue
    return None

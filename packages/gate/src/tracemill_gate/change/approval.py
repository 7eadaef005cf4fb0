"""Rules about approvals that need the history: it goes on from them, and nothing moved under them.

That each spec has an approval, for exactly its text, and that those in progress hold today, is the
linter's to say (``tracemill_gate.planning``).
"""

from __future__ import annotations

from collections.abc import Iterator

from tracemill_gate.change.change import Change
from tracemill_gate.change.scope import PlannedChange
from tracemill_gate.config import matches
from tracemill_gate.errors import UnknownRevision
from tracemill_gate.fault import FileFault, Report
from tracemill_gate.git import Repository, shown
from tracemill_gate.planning.approval import out_of_date
from tracemill_gate.planning.status import DONE


def approvals_hold(change: Change) -> Report:
    """Approvals start from a commit in the history, and a done spec's held when it was done.

    A spec in progress is judged by the day of today, a done one by the latest day of the commits
    from the base on: what was finished in time stays finished, and one early date among them does
    not make a late one early.
    """
    faults = tuple(
        FileFault(where=planned.path, message=message)
        for planned in change.specs
        for message in _approval_faults(change, planned)
    )
    return Report(checked=len(change.specs), faults=faults)


def _approval_faults(change: Change, planned: PlannedChange) -> Iterator[str]:
    approval = planned.spec.approval
    if approval is None:
        return
    if planned.status == DONE:
        late = out_of_date(planned.spec, change.repository.day(change.head, change.base))
        yield from [f"on the day of the last commit: {late}"] if late else []
    if not _is_in_history(change.repository, approval.base_commit, change.head):
        yield (
            f"wanted an approval that starts from a commit in the history of HEAD, got "
            f"{approval.base_commit[:12]}, which is not in it; have it approved again (--base)"
        )


def _is_in_history(repository: Repository, commit: str, head: str) -> bool:
    try:
        return repository.is_ancestor(commit, head)
    except UnknownRevision:
        return False


def watched_files_are_unchanged(change: Change) -> Report:
    """No file of invalidation_watch changed since the commit that the approval starts from."""
    checked, faults = 0, []
    for planned in change.specs:
        watched, approval = planned.spec.invalidation_watch, planned.spec.approval
        if not watched or approval is None:
            continue
        if not _is_in_history(change.repository, approval.base_commit, change.head):
            continue  # that is its own fault
        checked += len(watched)
        words = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--ignore-submodules=none")
        changed = change.repository.lines(*words, approval.base_commit, change.head)
        faults += [
            FileFault(
                where=planned.path,
                message=f"wanted {shown(path)} as it was when the spec was approved "
                f"({approval.base_commit[:12]}), got another; "
                "have it approved again (--base HEAD)",
            )
            for path in changed
            if any(matches(pattern, path) for pattern in watched)
        ]
    return Report(checked=checked, faults=tuple(faults))

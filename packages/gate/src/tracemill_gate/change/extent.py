"""Rules about files: which ones changed, how, and by how much."""

from __future__ import annotations

from tracemill_gate.change.change import Change, is_paperwork
from tracemill_gate.change.diff import FileDiff
from tracemill_gate.fault import FileFault, Report
from tracemill_gate.git import listed, shown
from tracemill_gate.planning.current import CURRENT
from tracemill_gate.planning.document import SPECS


def files_are_declared(change: Change) -> Report:
    """Every changed file is in files_to_touch of a spec, with what happened to it."""
    checked = len(change.files)
    work = [file for file in change.files if not is_paperwork(file.path)]
    if work and not change.specs:
        message = (
            f"wanted a spec that is in progress, or done since {change.base[:12]}, for "
            f"{len(work)} changed files ({listed([file.path for file in work])}), got none"
        )
        fault = FileFault(where=CURRENT, message=message)
        return Report(checked=checked, faults=(fault,))
    faults = (_undeclared(change, file) for file in work)
    return Report(checked=checked, faults=tuple(fault for fault in faults if fault))


def _undeclared(change: Change, file: FileDiff) -> FileFault | None:
    kinds = change.declared(file.path)
    if file.kind in kinds:
        return None
    specs = ", ".join(map(str, change.specs))
    wanted = f"wanted to {' or '.join(dict.fromkeys(kinds))} it, as declared"
    outside = f"wanted only files of files_to_touch ({specs})"
    message = f"{wanted if kinds else outside}, got: {file.kind}"
    return FileFault(where=shown(file.path), message=message)


def added_files_are_new(change: Change) -> Report:
    """What a spec adds does not exist at the base."""
    declared = [
        (planned, file.path)
        for planned in change.specs
        for file in planned.spec.files_to_touch
        if file.kind == "add" and not file.path.endswith("/")
    ]
    faults = tuple(
        FileFault(
            where=planned.path,
            message=f"wanted to add {path}, got: it exists at the base {change.base[:12]}; "
            "declare modify",
        )
        for planned, path in declared
        if path in change.paths
    )
    return Report(checked=len(declared), faults=faults)


def size_is_as_expected(change: Change) -> Report:
    """The changed lines are within the sum of the diff shapes.

    Generated files count no lines, nor do planning files that no spec declares.
    """
    if not change.specs:
        return Report(checked=0, faults=())
    counted = [file for file in change.files if _has_size(change, file)]
    lines = sum(file.lines for file in counted)
    low = sum(planned.spec.diff_shape.lines_min for planned in change.specs)
    high = sum(planned.spec.diff_shape.lines_max for planned in change.specs)
    if low <= lines <= high:
        return Report(checked=1, faults=())
    specs = ", ".join(map(str, change.specs))
    message = f"wanted {low} to {high} changed lines ({specs}), got {lines}"
    if lines < low:
        message += "; is the work complete?"
    else:
        largest = sorted(counted, key=lambda file: -file.lines)[:3]
        told = ", ".join(f"{shown(file.path)}: {file.lines}" for file in largest)
        message += f" ({told}); change less, or have another diff_shape approved"
    where = change.specs[0].path if len(change.specs) == 1 else SPECS
    return Report(checked=1, faults=(FileFault(where=where, message=message),))


def _has_size(change: Change, file: FileDiff) -> bool:
    undeclared_paperwork = is_paperwork(file.path) and not change.declared(file.path)
    return not change.config.is_generated(file.path) and not undeclared_paperwork

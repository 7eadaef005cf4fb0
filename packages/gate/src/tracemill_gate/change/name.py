"""Rules about names: which functions and classes are new, and where the change was to be made."""

from __future__ import annotations

from collections.abc import Iterator

from tracemill_gate.change.change import Change, covers
from tracemill_gate.change.scope import PlannedChange
from tracemill_gate.change.source import Source
from tracemill_gate.fault import FileFault, Report
from tracemill_gate.git import shown
from tracemill_schema.spec import NEW, TouchPoint


def new_names_are_declared(change: Change) -> Report:
    """Every public name outside tests that is newly defined is a touch point ``new:NAME``."""
    if not change.specs:
        return Report(checked=0, faults=())
    checked, faults = 0, []
    for path, after in change.after.items():
        if change.is_test(path):
            continue
        new = [name for name in after.public if after.newly_defines(name, change.before[path])]
        undeclared = [name for name in new if not _is_declared(change, path, name)]
        checked += len(new)
        if undeclared:
            message = _undeclared(undeclared, was_broken=path in change.unreadable)
            faults.append(FileFault(where=shown(path), message=message))
    return Report(checked=checked, faults=tuple(faults))


def _is_declared(change: Change, path: str, name: str) -> bool:
    """Tell whether a touch point announces a new name, or the class that it belongs to."""
    parts = name.split(".")
    wanted = {f"{NEW}*", *(NEW + ".".join(parts[: i + 1]) for i in range(len(parts)))}
    return any(
        point.name in wanted and covers(point.path, path)
        for planned in change.specs
        for point in planned.spec.touch_points
    )


def _undeclared(names: list[str], *, was_broken: bool) -> str:
    outer = [name for name in names if name.rpartition(".")[0] not in names]  # not their members
    why = " (the file could not be parsed at the base)" if was_broken else ""
    points = ", ".join(f"{NEW}{name}" for name in outer)
    return (
        f"wanted only new names that a spec declares, got {', '.join(outer)}{why}; declare the "
        f"touch points {points} (or {NEW}*), or begin the names with an underscore"
    )


def touch_points_are_touched(change: Change) -> Report:
    """Every touch point was changed, removed or, with ``new:``, added.

    A touch point says where the change is made. One that was not touched is a false statement, so
    it is a fault; a name that is removed was touched.
    """
    checked, faults = 0, []
    for planned in change.specs:
        checked += len(planned.spec.touch_points)
        faults += list(_untouched(change, planned))
    return Report(checked=checked, faults=tuple(faults))


def _untouched(change: Change, planned: PlannedChange) -> Iterator[FileFault]:
    for point in planned.spec.touch_points:
        got = _wrong(change, point)
        if got:
            message = f"wanted the touch point {point.name} of {point.path} {got}"
            yield FileFault(where=planned.path, message=message)


def _wrong(change: Change, point: TouchPoint) -> str | None:
    """Return what is wrong with a touch point, as ``wanted ..., got ...`` goes on."""
    files = [file for file in change.files if covers(point.path, file.path)]
    if not files:
        return "changed, got no change of that path"
    name = point.name.removeprefix(NEW)
    if point.name.startswith(NEW) and all(file.new is None for file in files):
        return "added, got deletions only"
    paths = [file.path for file in files if file.path in change.after]
    if name == "*" or not paths or change.unreadable.intersection(paths):
        return None  # in another language, or in broken Python, no name can be told
    sources = [(change.before[path], change.after[path]) for path in paths]
    judge = _wrong_addition if point.name.startswith(NEW) else _wrong_change
    return judge(name, sources)


def _wrong_addition(name: str, sources: list[tuple[Source, Source]]) -> str | None:
    there = [(before, after) for before, after in sources if name in after.names]
    if not there:
        return "added, got no such name at HEAD"
    # What was imported, or was a value, may still be newly defined.
    known = [(before, after) for before, after in there if name in before.names]
    if any(not after.newly_defines(name, before) for before, after in known):
        return "added, got it at the base already; declare it without new:"
    return None


def _wrong_change(name: str, sources: list[tuple[Source, Source]]) -> str | None:
    old = {before.names.get(name) for before, _ in sources} - {None}
    new = {after.names.get(name) for _, after in sources} - {None}
    if not old:
        return "changed, got a new one; declare it with new:" if new else "changed, got none"
    return "changed, got it as it was" if old == new else None

"""Rules about non-goals: what a spec says the change does not do, where a machine can tell.

path     no file that the pattern means changed
symbol   the function, class or value is as it was: PATH.py::NAME, or as Python imports it
import   no changed Python file imports the module, or part of it, that did not before
prose    for the reviewer

A file that another spec of the change declares is not held against this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tracemill_gate.change.change import Change, is_paperwork
from tracemill_gate.change.imported import module_parts
from tracemill_gate.change.scope import PlannedChange
from tracemill_gate.change.source import read_source
from tracemill_gate.config import Config, matches
from tracemill_gate.errors import BrokenSource, SpecNamesNothing
from tracemill_gate.fault import FileFault, Report
from tracemill_gate.git import shown

_Rule = Callable[[Change, PlannedChange, str], Iterator[FileFault]]


def non_goals_are_untouched(change: Change) -> Report:
    """Nothing was done that a spec says is not done.

    Raises:
        SpecNamesNothing: a symbol is not there at the base.
        BrokenSource: the file of a symbol could not be parsed at the base.
    """
    checked, faults = 0, []
    for planned in change.specs:
        typed = [goal for goal in planned.spec.non_goals if goal.kind in RULES]
        checked += len(typed)
        for goal in typed:
            faults += list(RULES[goal.kind](change, planned, goal.text))
    return Report(checked=checked, faults=tuple(faults))


def _paths(change: Change, planned: PlannedChange, pattern: str) -> Iterator[FileFault]:
    for file in change.files:
        is_meant = matches(pattern, file.path) and not is_paperwork(file.path)
        if is_meant and not change.is_of_another(planned, file.path):
            message = f"wanted it untouched (non-goal path {pattern} of {planned}), got {file.kind}"
            yield FileFault(where=shown(file.path), message=message)


def _imports(change: Change, planned: PlannedChange, module: str) -> Iterator[FileFault]:
    for path, after in change.after.items():
        if change.is_of_another(planned, path):
            continue
        added = sorted(after.imports - change.before[path].imports)
        found = next((n for n in added if n == module or n.startswith(f"{module}.")), None)
        if found:
            message = f"wanted no new import of {module} (non-goal of {planned}), got {found}"
            yield FileFault(where=shown(path), message=message)


def _symbols(change: Change, planned: PlannedChange, text: str) -> Iterator[FileFault]:
    path, name = _located(change, planned, text)
    changed = {file.path: file for file in change.files}
    if path not in changed:
        return
    if path in change.unreadable:
        raise BrokenSource(
            f"{planned.path}: wanted to compare {text} (a non-goal) with the base, got a file that "
            "cannot be parsed there; name a base with --base where it can"
        )
    got = change.after[path].names.get(name)
    if got != change.before[path].names[name] and not change.is_of_another(planned, path):
        what = "none" if got is None else "another"
        message = f"wanted {name} as it was (non-goal symbol {text} of {planned}), got {what}"
        yield FileFault(where=shown(path), message=message)


def _located(change: Change, planned: PlannedChange, text: str) -> tuple[str, str]:
    """Return the file and the qualified name that a symbol means at the base."""
    for path, name in _candidates(change, text):
        if path in change.unreadable:
            return path, name
        data = change.repository.show(change.base, path)
        if data is None:
            continue
        source = read_source(data, path=path, roots=change.config.source_roots)
        if name in source.names:
            return path, name
    raise SpecNamesNothing(
        f"{planned.path}: wanted the symbol {text} (a non-goal) at the base {change.base[:12]}, "
        "got none; name it as PATH.py::NAME or as it is imported, and have the spec approved again"
    )


def _candidates(change: Change, text: str) -> Iterator[tuple[str, str]]:
    """Yield where a symbol may be defined: longer module names first, as Python does it."""
    path, separator, name = text.partition("::")
    if separator:
        yield path, name.replace("::", ".")
        return
    modules = {_module(p, change.config): p for p in sorted(change.paths)}
    parts = text.split(".")
    for length in range(len(parts) - 1, 0, -1):
        found = modules.get(".".join(parts[:length]))
        if found is not None:
            yield found, ".".join(parts[length:])


def _module(path: str, config: Config) -> str:
    """Return the dotted name by which Python imports a file, empty for other files."""
    if not path.endswith(".py"):
        return ""
    parts = module_parts(path, config.source_roots)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


RULES: Mapping[str, _Rule] = {"path": _paths, "symbol": _symbols, "import": _imports}
"""Kind of a typed non-goal -> its rule; prose has none."""

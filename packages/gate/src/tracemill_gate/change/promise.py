"""Rules about tests: those that a spec names exist.

A regression test may be a whole file: then the tests that it had at the base are still there.
Whether tests fail before the change and pass after it is proved by running them (``spec prove``).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tracemill_gate.change.binding import DEFINITION, bindings
from tracemill_gate.change.change import Change
from tracemill_gate.change.scope import PlannedChange
from tracemill_gate.change.source import parse_source
from tracemill_gate.errors import BrokenSource
from tracemill_gate.fault import FileFault, Report
from tracemill_gate.git import listed
from tracemill_gate.planning.status import IN_PROGRESS

_Names = Mapping[str, ast.AST]


def named_tests_exist(change: Change) -> Report:
    """Every test of fail_first_tests and regression_tests is at HEAD, by its syntax.

    Of a whole file these are all functions and classes in it that pytest takes for tests.

    Parameters of a test (what stands in brackets) are known only to pytest, and so are methods
    that a class of tests inherits.

    Raises:
        BrokenSource: a file of named tests cannot be parsed.
    """
    promised = [
        (planned, test)
        for planned in change.specs
        for test in (*planned.spec.fail_first_tests, *planned.spec.regression_tests)
    ]
    paths = {_path(test) for _, test in promised}
    files = {path: _names(change, path, change.head) for path in paths}
    faults = tuple(
        FileFault(where=planned.path, message=f"wanted the test {test}, got {wrong}")
        for planned, test in promised
        if (wrong := _wrong(planned, test, files[_path(test)]) or _lost(change, test, files))
    )
    return Report(checked=len(promised), faults=faults)


def _path(test: str) -> str:
    return test.partition("::")[0]


def _names(change: Change, path: str, commit: str) -> _Names | None:
    data = change.repository.show(commit, path)
    if data is None:
        return None
    last = dict(bindings(parse_source(data, path=path)))
    return {name: node for name, node in last.items() if not isinstance(node, ast.Delete)}


def _wrong(planned: PlannedChange, test: str, names: _Names | None) -> str | None:
    """Return what is there instead of a named test, None if it is there."""
    if names is None:
        told_by_linter = planned.status == IN_PROGRESS and test in planned.spec.regression_tests
        return None if told_by_linter else "no such file at HEAD"
    parts = test.partition("[")[0].split("::")[1:]
    return "no such function or class at HEAD" if parts and not _is_there(names, parts) else None


def _lost(change: Change, test: str, files: Mapping[str, _Names | None]) -> str | None:
    """Return which tests of a whole file were there at the base alone, None if none were."""
    after = files[_path(test)]
    if after is None or "::" in test or all(file.path != test for file in change.files):
        return None
    try:
        before = _names(change, test, change.base) or {}
    except BrokenSource:
        return None  # no test of it could be told from another
    tests = (name for name, node in before.items() if _is_test(name, node))
    lost = [name for name in tests if name not in after]
    return f"none of {listed(lost)}, which the base has in it" if lost else None


def _is_test(name: str, node: ast.AST) -> bool:
    """Tell whether pytest, without settings, takes a definition for a test."""
    return isinstance(node, DEFINITION) and all(
        part.startswith(("test", "Test")) for part in name.split(".")
    )


def _is_there(names: _Names, parts: list[str]) -> bool:
    if ".".join(parts) in names:
        return True
    holder = names.get(".".join(parts[:-1]))
    return isinstance(holder, ast.ClassDef) and bool(holder.bases)

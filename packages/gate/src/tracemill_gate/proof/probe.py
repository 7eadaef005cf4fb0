"""A plugin of pytest that writes down what happened to each test, for the proof to judge.

It is copied into a scratch folder and loaded by name in the processes of both sides, where the
package it comes from may be missing or be another version: it imports nothing of ours. What to
select and where to write stands in the JSON file that the variable ``TRACEMILL_PROOF`` names:

    {"events": FILE, "tree": FOLDER, "wanted": [id, ...], "own": [module, ...], "reverse": bool}

Events are JSON objects, one a line, each written at once, so that a crash loses only what had not
happened yet.

    {"event": "collected", "known": [id, ...]}                    ids before selection, no [param]
    {"event": "unusable", "id": id of a file, class or folder; empty: nothing can be run,
                          "how": "failed" or "skipped", "why": text, "faults": [...]}
    {"event": "start", "id": id}
    {"event": "report", "id": id, "when": "setup", "call" or "teardown",
                        "how": "passed", "failed", "skipped", "xfailed" or "xpassed",
                        "why": text, "faults": [...]}
    {"event": "end", "id": id}
    {"event": "module", "name": dotted, "file": path}             one of ``own`` was loaded
    {"event": "finished", "code": exit status of pytest}

A fault is {"types": names of the exception's classes, "text": its first line, "file", "line": where
it left the tree's own code, "inside": whether that file lies in the tree, "around": whether it came
from what a test asked to be done before or after it, "name": the name that was missing or null,
"owner": the module that it was missing in or null}.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from pluggy import Result

    Fault = dict[str, object]

VARIABLE: Final = "TRACEMILL_PROOF"
TEXT: Final = 300
"""Characters of a message that are kept."""

AROUND: Final = frozenset({"_callSetUp", "_callTearDown", "_callCleanup", "getfixturevalue"})
"""Functions of unittest and pytest that do within a test what belongs before or after it."""


class Probe:
    """The plugin: one object a process.

    Args:
        events: File that the lines are added to.
        tree: Top folder of the tree whose tests run, without links in it.
        wanted: Ids to select: of a test, of all cases of a test, of a class, or of a file.
        own: Names of the modules of which it is told where they were loaded from.
        reverse: Run the last test first.
    """

    def __init__(
        self,
        *,
        events: Path,
        tree: Path,
        wanted: Sequence[str],
        own: Sequence[str],
        reverse: bool = False,
    ) -> None:
        self._events = events
        self._top = f"{tree}{os.sep}"
        self._wanted = tuple(wanted)
        self._own = frozenset(own)
        self._reverse = reverse
        self._told: set[str] = set()

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_load_initial_conftests(
        self, early_config: pytest.Config
    ) -> Generator[None, Result[None], None]:
        """Measure no coverage; tell why a conftest.py could not be imported."""
        if hasattr(early_config.known_args_namespace, "no_cov"):  # of pytest-cov
            early_config.known_args_namespace.no_cov = True
        outcome = yield
        if outcome.excinfo is not None:
            error = outcome.excinfo[1]
            cause = getattr(error, "cause", None) or error.__cause__ or error
            why, faults = _text(cause), self.faults(cause)
            self._write(event="unusable", id="", how="failed", why=why, faults=faults)

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> None:
        """Run the tests in this process, where their exceptions can be seen."""
        if hasattr(config.option, "numprocesses"):  # of pytest-xdist
            config.option.numprocesses, config.option.dist, config.option.tx = 0, "no", []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Tell of a file that was skipped whole."""
        if report.skipped:
            why = _why(report)
            self._write(event="unusable", id=report.nodeid, how="skipped", why=why, faults=[])

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep the wanted tests; a misspelt id then costs no other test its run."""
        known = dict.fromkeys(item.nodeid.partition("[")[0] for item in items)
        self._write(event="collected", known=list(known))
        kept = [item for item in items if any(is_meant(w, item.nodeid) for w in self._wanted)]
        left = [item for item in items if item not in kept]
        items[:] = kept[::-1] if self._reverse else kept
        if left:
            config.hook.pytest_deselected(items=left)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Tell which test is about to run: if the process dies, it was this one."""
        self._write(event="start", id=nodeid)

    def pytest_exception_interact(
        self,
        node: pytest.Item | pytest.Collector,
        call: pytest.CallInfo[object],
        report: pytest.CollectReport | pytest.TestReport,
    ) -> None:
        """Tell the exception of a test that failed or of a file that could not be collected."""
        if call.excinfo is None:
            return
        error = call.excinfo.value
        if isinstance(report, pytest.TestReport):
            self._report(report, self.faults(error))
        else:
            # pytest wraps an ImportError of a test file in an error of its own.
            cause = error.__cause__ if isinstance(node, pytest.Collector) else None
            self._write(
                event="unusable",
                id=report.nodeid,
                how="failed",
                why=_text(cause or error),
                faults=self.faults(cause or error),
            )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell how a phase of a test ended."""
        self._report(report, [])

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """Tell that a test is over, and which modules it has loaded."""
        self._write(event="end", id=nodeid)
        self._tell_modules()

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Tell that the process ended by its own will."""
        self._tell_modules()
        self._write(event="finished", code=int(exitstatus))

    def faults(self, error: BaseException) -> list[Fault]:
        """Describe an exception, or each of those that a group holds."""
        return [self._fault(leaf) for leaf in _leaves(error)]

    def _report(self, report: pytest.TestReport, faults: list[Fault]) -> None:
        self._write(
            event="report",
            id=report.nodeid,
            when=report.when,
            how=_how(report),
            why=_why(report),
            faults=faults,
        )

    def _fault(self, error: BaseException) -> Fault:
        trace = error.__traceback__
        frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(trace)]
        inside = [frame for frame in frames if frame[0].startswith(self._top)]
        file, line = (inside or frames or [("", 0)])[-1]
        return {
            "types": [kind.__name__ for kind in type(error).__mro__],
            "text": _text(error),
            "file": file.removeprefix(self._top),
            "line": line,
            "inside": bool(inside),
            "around": any(f.f_code.co_name in AROUND for f, _ in traceback.walk_tb(trace)),
            "name": _string(getattr(error, "name", None)),
            "owner": _owner(error),
        }

    def _tell_modules(self) -> None:
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if name in self._own and name not in self._told and isinstance(file, str):
                self._told.add(name)
                self._write(event="module", name=name, file=file)

    def _write(self, **event: object) -> None:
        line = json.dumps(event).encode() + b"\n"
        handle = os.open(self._events, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line)
        finally:
            os.close(handle)


def is_meant(wanted: str, case: str) -> bool:
    """Tell whether an id of a spec means a case: itself, or the file, class or test it is of."""
    return case == wanted or case.startswith((f"{wanted}[", f"{wanted}::"))


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the probe: of all hooks only this one runs before a conftest.py is imported."""
    request = json.loads(Path(os.environ[VARIABLE]).read_bytes())
    pluginmanager.register(
        Probe(
            events=Path(request["events"]),
            tree=Path(request["tree"]),
            wanted=request["wanted"],
            own=request["own"],
            reverse=request["reverse"],
        )
    )


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from _leaves(inner)
    else:
        yield error


def _how(report: pytest.TestReport) -> str:
    if hasattr(report, "wasxfail"):
        return "xpassed" if report.outcome == "passed" else "xfailed"
    if report.outcome == "failed" and str(report.longrepr).startswith("[XPASS(strict)]"):
        return "xpassed"
    return str(report.outcome)


def _why(report: pytest.TestReport | pytest.CollectReport) -> str:
    if isinstance(report.longrepr, tuple):  # of a skip: file, line, reason
        return str(report.longrepr[2]).removeprefix("Skipped: ")[:TEXT]
    return str(getattr(report, "wasxfail", ""))[:TEXT]


def _text(error: BaseException) -> str:
    """Return class and first line of the message; a SyntaxError has indented lines before it."""
    lines = "".join(traceback.format_exception_only(error)).splitlines()
    return next((line for line in lines if line[:1].strip()), type(error).__name__)[:TEXT]


def _owner(error: BaseException) -> str | None:
    """Return the module that an attribute was looked up in, or that defines its class."""
    if not isinstance(error, AttributeError):
        return None
    owner = getattr(error, "obj", None)
    if isinstance(owner, ModuleType):
        return owner.__name__
    kind = owner if isinstance(owner, type) else type(owner)
    return None if owner is None else _string(getattr(kind, "__module__", None))


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None

"""What the probe wrote of one process, read back: a state for each test, and why none has one.

passed, failed           of the test itself
error                    of a fixture, before or after the test
skipped, xfailed, xpassed
unfinished               the process ended in this test, or before it
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

State = Literal[
    "passed", "failed", "error", "skipped", "xfailed", "xpassed", "unfinished", "uncollected",
    "missing",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Fault:
    """An exception of a test.

    Attributes:
        types: Names of its classes, its own first.
        text: Class and first line of the message.
        file: Where it left the tree's own code (relative to the tree), or any code if it was
            never in it.
        line: Line there.
        inside: Whether that file lies in the tree.
        name: The name that was missing, if the exception knows it.
        owner: The module that it was missing in, or that defines the class it was missing in.
        around: Whether it came from what a test asked to be done before or after it (setUp).
    """

    types: tuple[str, ...]
    text: str
    file: str
    line: int
    inside: bool
    name: str | None
    owner: str | None
    around: bool = False

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True)
class Case:
    """How one test ended in one run.

    Attributes:
        state: See the module.
        why: The reason of a skip, or what ended the process; else empty.
        faults: Exceptions of the phase that decided.
    """

    state: State
    why: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def told(self) -> str:
        """Its first exception and where it came from, or why; empty if there is nothing to say."""
        return f"{self.faults[0].text} ({self.faults[0].place})" if self.faults else self.why


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of one test file.

    Attributes:
        file: The test file, relative to the top folder.
        side: ``base`` or ``head``.
        repeat: 1 or 2.
        seconds: From the start of the process to its end; other files may have run in it too.
        ended: Why the process did not end by its own will (time limit, signal, exit code); else
            empty.
        cases: Id -> how it ended, of all tests that were selected.
        unusable: How the whole file ended if it could not be collected.
        known: Ids in the file, without parameters.
        modules: Own module that the process loaded -> its file, relative to the tree; a whole path
            if it lies outside.
        changed: Test files that were not as at HEAD when the process ended.
        tail: End of what pytest printed, if it did not end by its own will.
    """

    file: str
    side: Literal["base", "head"]
    repeat: int
    seconds: float
    ended: str = ""
    cases: Mapping[str, Case] = field(default_factory=dict)
    unusable: Case | None = None
    known: tuple[str, ...] = ()
    modules: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    tail: str = ""

    @property
    def leaked(self) -> tuple[str, ...]:
        """The own modules that came from outside the tree."""
        return tuple(name for name, file in self.modules.items() if Path(file).is_absolute())

    def case(self, test: str) -> Case:
        """Return how a test ended, also one that never ran."""
        if test in self.cases:
            return self.cases[test]
        if self.unusable is not None:
            return self.unusable
        if self.ended:
            return Case(state="unfinished", why=self.ended)
        return Case(state="missing")


@dataclass(kw_only=True)
class Observed:
    """What the events of one process say; filled while they are read.

    Attributes:
        cases: Id -> how it ended.
        unusable: What could not be collected and how that ended: id of a file or folder, or empty
            for a conftest.py without which nothing is run.
        known: Ids without parameters.
        modules: Own module -> its file.
        finished: Whether pytest came to its end.
    """

    cases: dict[str, Case] = field(default_factory=dict)
    unusable: list[tuple[str, Case]] = field(default_factory=list)
    known: tuple[str, ...] = ()
    modules: dict[str, str] = field(default_factory=dict)
    finished: bool = False

    @property
    def never_began(self) -> bool:
        """Whether a conftest.py kept pytest from the start."""
        return any(not where for where, _ in self.unusable)

    def cases_in(self, file: str) -> dict[str, Case]:
        """Return how the tests of a file ended."""
        return {test: case for test, case in self.cases.items() if _file_of(test) == file}

    def known_in(self, file: str) -> tuple[str, ...]:
        """Return the ids in a file."""
        return tuple(test for test in self.known if _file_of(test) == file)

    def unusable_in(self, file: str, files: Collection[str]) -> Case | None:
        """Return how a file ended that could not be collected.

        Args:
            file: The file.
            files: All files of the process; what belongs to none of them counts for each.
        """
        places = ((_file_of(where), case) for where, case in self.unusable)
        return next((case for at, case in places if at == file or at not in files), None)


def observe(events: Path, *, ended: str) -> Observed:
    """Read the events of a process.

    Args:
        events: File that the probe wrote; it need not be there.
        ended: What ended the process, if it was not its own will.
    """
    seen = Observed()
    reports: dict[str, list[Mapping[str, object]]] = {}
    over = set()
    for event in _events(events):
        kind, test = event["event"], str(event.get("id"))
        if kind == "start":
            reports[test] = []
        elif kind == "report":
            reports.setdefault(test, []).append(event)
        elif kind == "end":
            over.add(test)
        elif kind == "module":
            seen.modules[str(event["name"])] = str(event["file"])
        elif kind == "collected":
            seen.known = _texts(event["known"])
        elif kind == "finished":
            seen.finished = True
        else:
            seen.unusable.append((test, _unusable(event)))
    why = ended or "the process ended early"
    unfinished = Case(state="unfinished", why=f"{why} in this test")
    seen.cases = {t: _case(r) if t in over else unfinished for t, r in reports.items()}
    return seen


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def _events(path: Path) -> Iterator[Mapping[str, object]]:
    if not path.is_file():
        return
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):  # the last one may be torn
            event: Mapping[str, object] = json.loads(line)
            yield event


def _unusable(event: Mapping[str, object]) -> Case:
    state: State = "skipped" if event["how"] == "skipped" else "uncollected"
    return Case(state=state, why=str(event["why"]), faults=_faults([event]))


def _case(reports: Sequence[Mapping[str, object]]) -> Case:
    """Decide from the reports of all phases; what is worse in the order below stands."""
    for phases, how, state in _DECISIONS:
        found = [r for r in reports if r["when"] in phases and r["how"] == how]
        if found:
            why = next((str(r["why"]) for r in found if r["why"]), "")
            return Case(state=state, why=why, faults=_faults(found))
    return Case(state="unfinished", why="it was reported in no way that is known here")


_AROUND, _CALL, _ANY = ("setup", "teardown"), ("call",), ("setup", "call", "teardown")
_DECISIONS: tuple[tuple[tuple[str, ...], str, State], ...] = (
    (_AROUND, "failed", "error"),
    (_ANY, "xfailed", "xfailed"),
    (_ANY, "xpassed", "xpassed"),
    (_CALL, "failed", "failed"),
    (_ANY, "skipped", "skipped"),
    (_CALL, "passed", "passed"),
)
"""Phases, how one of them ended, and the state that follows; the first that fits."""


def _faults(events: Sequence[Mapping[str, object]]) -> tuple[Fault, ...]:
    found = []
    for event in events:
        faults = event["faults"]
        if isinstance(faults, list):
            found += [Fault(**{**fault, "types": tuple(fault["types"])}) for fault in faults]
    return tuple(found)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()

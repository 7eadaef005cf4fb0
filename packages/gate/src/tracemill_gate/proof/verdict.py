"""What two runs at the base and two at HEAD say of a test.

A test that fails first:

    RED             an assertion of the test fails at the base, and the test passes at HEAD
    RED-WEAK        at the base a name or module is missing, or the code under test raises; it
                    holds only if the spec announces that name or module, or touches that code
    ALREADY-GREEN   it passes at the base
    NOT-GREEN       it fails at HEAD
    INVALID         skip, xfail, no such test, no collection, a fixture's error, time limit, crash,
                    two runs that differ, a test file that changed
    ENVIRONMENT     a third-party module is missing: nothing can be said

A test that must stay green: GREEN, NEW (not at the base; told, no fault), NOT-GREEN (at either
side), INVALID, ENVIRONMENT.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tracemill_gate.proof.declaration import (
    Declaration,
    foreign_module,
    is_declared,
    missing_of,
)
from tracemill_gate.proof.frozen import FrozenFiles
from tracemill_gate.proof.observation import Case, Fault, Run
from tracemill_gate.proof.selection import Duty, NamedTest, cases_of

Kind = Literal[
    "RED", "RED-WEAK", "ALREADY-GREEN", "NOT-GREEN", "INVALID", "ENVIRONMENT", "GREEN", "NEW"
]
_ORDER: tuple[tuple[Kind, bool], ...] = (
    ("NOT-GREEN", False),
    ("INVALID", False),
    ("ENVIRONMENT", False),
    ("RED-WEAK", False),
    ("RED", True),
    ("RED-WEAK", True),
    ("ALREADY-GREEN", False),
    ("GREEN", True),
    ("NEW", True),
)
"""Which case of a test with several speaks for it: the first of these kinds that one of them is.
Cases that pass already do no harm beside one that is red: it is the test that failed."""

_WHY = {
    "skipped": "skipped",
    "xfailed": "marked xfail",
    "xpassed": "marked xfail, though it passes",
    "error": "an error around the test, which is not red",
    "unfinished": "it did not end",
    "uncollected": "its file cannot be collected",
    "missing": "no such test",
}
"""State -> why nothing can be concluded from it."""


@dataclass(frozen=True, kw_only=True)
class CaseVerdict:
    """The verdict on one case.

    Attributes:
        id: Id of the case.
        kind: See the module.
        holds: Whether it is as the spec says.
        reason: One line: what was seen where.
    """

    id: str
    kind: Kind
    holds: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The verdict on a test that specs name.

    Attributes:
        id: As in the specs.
        duty: What the specs say of it.
        specs: Numbers of the specs.
        kind: See the module.
        holds: Whether it is as the specs say.
        reason: One line: what was seen where.
        cases: The verdict on each of its cases.
    """

    id: str
    duty: Duty
    specs: tuple[int, ...]
    kind: Kind
    holds: bool
    reason: str
    cases: tuple[CaseVerdict, ...]

    @property
    def path(self) -> str:
        """The file of the test, relative to the top folder."""
        return self.id.partition("::")[0]


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What the verdicts of a proof have in common.

    Attributes:
        tests: All tests that are proved.
        told: What the specs on trial announce together.
        frozen: The test files.
        own: Every name by which a file of either commit may be imported, dotted name -> file.
        modules: Own modules at HEAD that are no test files, likewise.
        at_base: Test file -> ids in it at the base, without parameters.
        edited: Test files that are not the same at both commits.
    """

    tests: Sequence[NamedTest]
    told: Declaration
    frozen: FrozenFiles
    own: Mapping[str, str]
    modules: Mapping[str, str]
    at_base: Mapping[str, frozenset[str]]
    edited: frozenset[str]


def judge(test: NamedTest, runs: Sequence[Run], around: Circumstances) -> Verdict:
    """Judge one test by the runs of its file.

    Args:
        test: The test.
        runs: Runs of its file at both sides; none if HEAD has no such file.
        around: What all verdicts have in common.
    """
    seen = {case for run in runs for case in run.cases}
    ids = cases_of(test, seen, around.tests) or (test.id,)
    judged = [_case(test, case, runs, around) for case in ids]
    only_head = [case for case in judged if case.reason == ONLY_HEAD]
    told = [case for case in judged if case not in only_head] or judged
    speaker = min(told, key=lambda case: _ORDER.index((case.kind, case.holds)))
    alike = sum((case.kind, case.holds) == (speaker.kind, speaker.holds) for case in judged)
    count = f" ({alike} of {len(judged)} cases)" if len(judged) > 1 else ""
    return Verdict(
        id=test.id,
        duty=test.duty,
        specs=tuple(spec.number for spec in test.specs),
        kind=speaker.kind,
        holds=speaker.holds,
        reason=speaker.reason + count,
        cases=tuple(judged),
    )


def is_flake(verdict: Verdict) -> bool:
    """Tell whether two runs at one side did not agree on a case of a test."""
    return any(case.reason.startswith(FLAKE) for case in verdict.cases)


FLAKE = "a flake at "
ONLY_HEAD = "invalid at the base: no such test there"


def _case(test: NamedTest, case: str, runs: Sequence[Run], around: Circumstances) -> CaseVerdict:
    kind, holds, reason = _judged(test, case, runs, around)
    return CaseVerdict(id=case, kind=kind, holds=holds, reason=reason)


_Judged = tuple[Kind, bool, str]


def _judged(test: NamedTest, case: str, runs: Sequence[Run], around: Circumstances) -> _Judged:
    if not runs:
        return "INVALID", False, f"HEAD has no file {test.path}"
    for run in runs:
        if run.changed:
            where = "HEAD" if run.side == "head" else "the base"
            return "INVALID", False, f"test files changed at {where}: {run.changed[0]}"
    head = [run for run in runs if run.side == "head"]
    at_head = [_head(run.case(case), runs, case, around) for run in head]
    if fault := _unsteady("HEAD", at_head) or at_head[0] or _cut_short("HEAD", head):
        return fault
    base = [run for run in runs if run.side == "base"]
    judged = [_base(run.case(case), around) for run in base]
    cut = _cut_short("the base", base) if judged[0][0] not in {"INVALID", "ENVIRONMENT"} else None
    if fault := _unsteady("the base", judged) or cut:
        return fault
    return judged[0] if test.duty == "fail-first" else _kept(case, judged[0], test, around)


def _unsteady(where: str, judged: Sequence[_Judged | None]) -> _Judged | None:
    """Return the verdict on a flake: two runs that do not even agree in kind."""
    kinds = [verdict[:2] if verdict else "passed" for verdict in judged]
    if len(set(kinds)) < 2:
        return None
    words = [verdict[2] if verdict else "passed" for verdict in judged]
    return "INVALID", False, f"{FLAKE}{where}: {words[0]}, then {words[1]}"


def _cut_short(where: str, runs: Sequence[Run]) -> _Judged | None:
    """Return the verdict if the file did not run twice to its end: what crashes proves nothing."""
    for run in runs:
        if run.ended:
            return "INVALID", False, f"invalid at {where}: its process crashed: {run.ended}"
    if len({run.repeat for run in runs}) < 2:
        return "INVALID", False, f"invalid at {where}: it was run only once"
    return None


def _head(seen: Case, runs: Sequence[Run], case: str, around: Circumstances) -> _Judged | None:
    """Return what is wrong at HEAD, None if the test passes."""
    if seen.state == "passed":
        return None
    if missing := _foreign(seen.faults, around):
        return "ENVIRONMENT", False, f"at HEAD the third-party module {missing} is missing"
    if seen.state == "failed":
        return "NOT-GREEN", False, f"fails at HEAD: {seen.told or 'no reason'}"
    near = _nearest(case, runs) if seen.state == "missing" else ""
    return "INVALID", False, f"invalid at HEAD: {_WHY[seen.state]}{_detail(seen)}{near}"


def _base(seen: Case, around: Circumstances) -> _Judged:
    if seen.state == "passed":
        return "ALREADY-GREEN", False, "passes at the base"
    if missing := _foreign(seen.faults, around):
        return "ENVIRONMENT", False, f"at the base the third-party module {missing} is missing"
    if seen.state == "failed" and seen.faults:
        return _failed(seen, around)
    if seen.state == "uncollected" and seen.faults and missing_of(seen.faults[0]) is not None:
        return _weak(seen.faults[0], around)
    if seen.state == "missing":
        return "INVALID", False, ONLY_HEAD
    why = _WHY.get(seen.state, "it failed without an exception")
    return "INVALID", False, f"invalid at the base: {why}{_detail(seen)}"


def _failed(seen: Case, around: Circumstances) -> _Judged:
    for fault in seen.faults:
        if not _is_assertion(fault, around.frozen):
            return _weak(fault, around)
    return "RED", True, seen.told


def _weak(fault: Fault, around: Circumstances) -> _Judged:
    missing = missing_of(fault)
    if missing is not None and is_declared(missing, around.told, around.modules):
        return "RED-WEAK", True, f"the base lacks the {missing.what}, as announced"
    under_test = fault.inside and fault.file not in around.frozen
    if under_test and around.told.touches(fault.file):
        return "RED-WEAK", True, f"the code under test raises at the base: {fault.text}"
    if missing is not None:
        return "RED-WEAK", False, f"the base lacks the {missing.what}, which no spec announces"
    return "RED-WEAK", False, f"not an assertion of the test at {fault.place}: {fault.text}"


def _kept(case: str, at_base: _Judged, test: NamedTest, around: Circumstances) -> _Judged:
    """Judge a test that must stay green and does pass at HEAD."""
    kind, holds, reason = at_base
    if kind == "ALREADY-GREEN":
        return "GREEN", True, "passes at both sides"
    if case.partition("[")[0] not in around.at_base.get(test.path, frozenset()):
        return "NEW", True, "passes at HEAD, is not there at the base"
    if kind == "RED-WEAK" and holds and test.path in around.edited:
        return "NEW", True, f"passes at HEAD; cannot run at the base: {reason}"
    if kind in {"RED", "RED-WEAK"}:
        return "NOT-GREEN", False, f"fails at the base: {reason}"
    return at_base


def _is_assertion(fault: Fault, frozen: FrozenFiles) -> bool:
    """Tell whether the test itself said no: an assert or ``pytest.fail`` in a test file.

    What counts is the last code of the tree on the way to the exception: an assertion helper of a
    third party counts as the test's, an assert in the code under test does not.
    """
    stated = "AssertionError" in fault.types or fault.types[:1] == ("Failed",)
    return stated and fault.inside and fault.file in frozen and not fault.around


def _foreign(faults: Sequence[Fault], around: Circumstances) -> str | None:
    return next((m for fault in faults if (m := foreign_module(fault, around.own))), None)


def _detail(seen: Case) -> str:
    return f": {seen.told}" if seen.told else ""


def _nearest(case: str, runs: Sequence[Run]) -> str:
    known = [test for run in runs if run.side == "head" for test in run.known]
    close = difflib.get_close_matches(case.partition("[")[0], known, n=1)
    return f"; the nearest is {close[0]}" if close else ""

"""The tree of errors gives the exit codes."""

from __future__ import annotations

import pytest

from tracemill_gate.errors import (
    CannotJudge,
    GateRed,
    GateUsage,
    GitFailed,
    NoGit,
    NotARepository,
    SpecFaults,
    TreeMoved,
)
from tracemill_gate.fault import FileFault
from tracemill_schema.errors import TracemillError


@pytest.mark.parametrize("kind", [CannotJudge, NoGit, NotARepository, GitFailed, TreeMoved])
def test_what_could_not_be_judged_ends_with_3(kind: type[TracemillError]) -> None:
    assert kind("x").exit_code == 3
    assert issubclass(kind, CannotJudge)


def test_faults_end_with_1_and_misuse_with_2() -> None:
    assert GateRed("x").exit_code == 1
    assert SpecFaults((FileFault(where="a", message="b"),)).exit_code == 1
    assert GateUsage("x").exit_code == 2

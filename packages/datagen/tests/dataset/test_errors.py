"""Messages: the first twenty faults are shown, all are kept, and exit codes are right."""

from __future__ import annotations

from tracemill_datagen.dataset.errors import FaultyLines, LineFault, NothingToWrite, VersionExists


def test_faults_are_counted_and_the_first_twenty_shown() -> None:
    faults = tuple(LineFault(file="a.jsonl", line=i, reason="no") for i in range(1, 24))
    error = FaultyLines(where="demo", faults=faults, remedy="mend them")
    lines = str(error).splitlines()
    assert lines[0] == "demo: 23 faults; mend them"
    assert lines[1] == "  a.jsonl line 1: no"
    assert lines[-1] == "  and 3 more"
    assert len(lines) == 22
    assert error.faults == faults


def test_exit_codes_are_those_of_the_tree() -> None:
    one = FaultyLines(where="d", faults=(LineFault(file="f", line=0, reason="r"),), remedy="m")
    assert str(one) == "d: 1 fault; m\n  f: r"
    exists = VersionExists(key="k-v1", folder="f", existing="a" * 64, built="b" * 64)
    assert (one.exit_code, exists.exit_code, NothingToWrite("x").exit_code) == (1, 1, 2)

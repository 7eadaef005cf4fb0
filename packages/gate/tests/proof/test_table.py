"""A proof as lines."""

from __future__ import annotations

from tracemill_gate.proof.observation import Run
from tracemill_gate.proof.prove import Proof, Seconds
from tracemill_gate.proof.survival import Mutant
from tracemill_gate.proof.table import lines
from tracemill_gate.proof.verdict import Verdict


def verdict(name: str, kind: str, *, holds: bool) -> Verdict:
    return Verdict(
        id=name, duty="fail-first", specs=(1,), kind=kind, holds=holds, reason="why", cases=()
    )


def mutant(fate: str, by: str) -> Mutant:
    lines = "-    a < b\n+    a > b"
    return Mutant(path="a.py", line=2, operator="core/X", fate=fate, by=by, difference=lines)


def test_lines() -> None:
    proof = Proof(
        base="b" * 40,
        head="c" * 40,
        specs=(3, 12),
        verdicts=(
            verdict("a.py::t", "RED", holds=True),
            verdict("a.py::u", "ALREADY-GREEN", holds=False),
        ),
        runs=(
            Run(file="a.py", side="base", repeat=1, seconds=1.0, modules={"x": "src/x.py"}),
            Run(file="a.py", side="head", repeat=1, seconds=1.0),
        ),
        processes=4,
        digests={},
        frozen="0",
        mutants=(mutant("killed", "a.py::t"), mutant("survived", "")),
        seconds=Seconds(total=2.5, tests=2.0, overhead=0.5),
    )
    assert list(lines(proof)) == [
        "specs 0003, 0012: base bbbbbbbbbbbb, HEAD cccccccccccc",
        "  RED           a.py::t",
        "    why",
        "! ALREADY-GREEN a.py::u",
        "    why",
        "1 own modules were loaded at the base, all from its tree",
        "0 own modules were loaded at the head, all from its tree",
        "  killed      a.py:2 core/X by a.py::t",
        "  survived    a.py:2 core/X",
        "      -    a < b",
        "      +    a > b",
        "2 planted faults: 1 killed, 1 survived, 0 incompetent",
        "4 processes, 2.0 s with tests running and 0.5 s beside them",
        "checked: 2, failed: 1",
    ]

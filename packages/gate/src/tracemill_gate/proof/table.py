"""A proof as lines for a person; the last one is read by the gate's counter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tracemill_gate.fault import FileFault, Report

if TYPE_CHECKING:
    from tracemill_gate.proof.prove import Proof

_SHORT = 12


def lines(proof: Proof) -> Iterator[str]:
    """Yield the proof: verdicts, where modules came from, planted faults, time, and the sum."""
    specs = ", ".join(f"{number:04d}" for number in proof.specs)
    yield f"specs {specs}: base {proof.base[:_SHORT]}, HEAD {proof.head[:_SHORT]}"
    for verdict in proof.verdicts:
        mark = " " if verdict.holds else "!"
        yield f"{mark} {verdict.kind:13} {verdict.id}"
        yield f"    {verdict.reason}"
    for side in ("base", "head"):
        modules = {name for run in proof.runs if run.side == side for name in run.modules}
        yield f"{len(modules)} own modules were loaded at the {side}, all from its tree"
    yield from _mutants(proof)
    seconds = proof.seconds
    yield (
        f"{proof.processes} processes, {seconds.tests:.1f} s with tests running and "
        f"{seconds.overhead:.1f} s beside them"
    )
    faults = tuple(FileFault(where=v.id, message=v.reason) for v in proof.failed)
    yield Report(checked=len(proof.verdicts), faults=faults).summary


def _mutants(proof: Proof) -> Iterator[str]:
    for mutant in proof.mutants:
        by = f" by {mutant.by}" if mutant.by else ""
        yield f"  {mutant.fate:11} {mutant.path}:{mutant.line} {mutant.operator}{by}"
        if mutant.fate == "survived":
            yield from (f"      {line}" for line in mutant.difference.splitlines())
    if proof.mutants:
        fates = [mutant.fate for mutant in proof.mutants]
        counts = (f"{fates.count(fate)} {fate}" for fate in ("killed", "survived", "incompetent"))
        yield f"{len(fates)} planted faults: {', '.join(counts)}"

"""The command groups ``gate``, ``spec`` and ``experiment``: which commands there are."""

from __future__ import annotations

import click

from tracemill_gate.command import change, contracts, evidence, hygiene, planning, proof, readiness
from tracemill_gate.command.experiment import experiment

__all__ = ["experiment", "gate", "spec"]


@click.group()
def gate() -> None:
    """Judge the working tree by evidence and contracts.

    \b
    Example:
      tracemill gate run --plan .nox/plan.json
    """


@click.group()
def spec() -> None:
    """Plan changes, hold them to their specs, and prove that their tests failed first.

    \b
    Example:
      tracemill spec lint
    """


for _command in (
    evidence.run,
    evidence.record,
    evidence.judge,
    evidence.tree,
    contracts.contracts,
    hygiene.hygiene,
    readiness.readiness,
):
    gate.add_command(_command)

for _command in (
    planning.new,
    planning.lint,
    planning.format_files,
    planning.promote,
    planning.approve,
    planning.status,
    change.check,
    proof.prove,
    planning.show,
    planning.graph,
    planning.merge_advice,
):
    spec.add_command(_command)

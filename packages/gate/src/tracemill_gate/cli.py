"""The command groups ``tracemill gate`` and ``tracemill spec``: which commands there are."""

from __future__ import annotations

import click

from tracemill_gate.command import contracts, evidence, planning


@click.group()
def gate() -> None:
    """Judge the working tree by evidence and contracts.

    \b
    Example:
      tracemill gate judge --expect .nox/expected.json
    """


@click.group()
def spec() -> None:
    """Plan changes, hold them to their specs, and prove that their tests failed first.

    \b
    Example:
      tracemill spec lint
    """


for _command in (evidence.record, evidence.judge, evidence.tree, contracts.contracts):
    gate.add_command(_command)

for _command in (planning.lint, planning.show):
    spec.add_command(_command)

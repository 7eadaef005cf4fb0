# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""The commands ``gate contracts write`` and ``gate contracts check``."""

from __future__ import annotations

from pathlib import Path

import click

from tracemill_gate.command.option import AS_JSON, IN_TREE, tell


@click.group()
def contracts() -> None:
    """Write the JSON Schemas of the contracts, or check them, their examples and their history.

    The records and the folder are named in [tool.tracemill.gate] of pyproject.toml.

    \b
    Example:
      tracemill gate contracts check
    """


@contracts.command()
@IN_TREE
def write(*, folder: Path) -> None:
    """Write NAME.vN.schema.json of every contract.

    \b
    Example:
      tracemill gate contracts write
    """
    from tracemill_gate.contract.harness import write as write_contracts

    for path in write_contracts(folder):
        click.echo(str(path))


@contracts.command()
@click.option("--base", metavar="REV", help="Compare with the merge base of REV and HEAD.")
@IN_TREE
@AS_JSON
def check(*, base: str | None, folder: Path, as_json: bool) -> None:
    """Check schemas against records, examples with three judges, and changes since the base.

    Each changed schema gets a line with its class: compatible, backward, forward, breaking or
    unknown. What breaks, or may break, needs a new version of the contract.

    \b
    Example:
      tracemill gate contracts check --base origin/main
    """
    from tracemill_gate.contract.harness import check as check_contracts

    report = check_contracts(folder, base=base)
    if not as_json:
        for change in report.changes:
            click.echo(str(change))
    tell(report, as_json=as_json, what="contracts")

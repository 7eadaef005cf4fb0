# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""The commands ``gate contracts write`` and ``gate contracts check``."""

from __future__ import annotations

from pathlib import Path

import click

from tracemill_gate.command.option import AS_JSON, FOLDER, tell


@click.group()
def contracts() -> None:
    """Write the JSON Schemas of the contracts, or check them and their examples.

    \b
    Example:
      tracemill gate contracts check
    """


_CONTRACTS = click.option(
    "--folder", type=FOLDER, default=Path("contracts"), show_default=True, help="Contracts folder."
)


@contracts.command()
@_CONTRACTS
def write(*, folder: Path) -> None:
    """Write contracts/NAME.vN.schema.json of every contract.

    \b
    Example:
      tracemill gate contracts write
    """
    from tracemill_gate.contract.harness import write as write_contracts

    for path in write_contracts(folder):
        click.echo(str(path))


@contracts.command()
@_CONTRACTS
@AS_JSON
def check(*, folder: Path, as_json: bool) -> None:
    """Check schemas against records, and examples with three judges.

    \b
    Example:
      tracemill gate contracts check
    """
    from tracemill_gate.contract.harness import check as check_contracts

    tell(check_contracts(folder), as_json=as_json, what="contracts")

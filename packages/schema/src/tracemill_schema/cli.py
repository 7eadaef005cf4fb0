"""``tracemill record``: look at records and check them."""

from __future__ import annotations

from pathlib import Path

import click
import orjson

from tracemill_schema.errors import FaultsFound


@click.group()
def record() -> None:
    """Check files of records against their contracts.

    \b
    Example:
      tracemill record check traces.jsonl --contract trace.v1
    """


@record.command("list")
def list_contracts() -> None:
    """List the contracts and what each is.

    \b
    Example:
      tracemill record list
    """
    from tracemill_schema.contract import CONTRACTS  # noqa: PLC0415 - keeps --help fast

    for kind in CONTRACTS:
        summary = (kind.__doc__ or "").splitlines()[0]
        click.echo(f"{kind.contract:<20} {summary}")


@record.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--contract", required=True, help="Contract of the records, for instance trace.v1.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def check(path: Path, contract: str, *, as_json: bool) -> None:
    """Check every record of a JSON or JSONL file; exit 1 if any is faulty.

    \b
    Example:
      tracemill record check traces.jsonl --contract trace.v1
    """
    from tracemill_schema.check import check_file  # noqa: PLC0415 - keeps --help fast
    from tracemill_schema.contract import by_name  # noqa: PLC0415

    report = check_file(path, by_name(contract))
    if as_json:
        click.echo(orjson.dumps(report).decode())
    else:
        for line in report.faulty:
            for fault in line.faults:
                click.echo(f"{path}:{line.line}: {fault}")
        click.echo(f"{report.checked} checked, {len(report.faulty)} faulty ({contract})")
    if report.faulty:
        raise FaultsFound(f"{path}: {len(report.faulty)} of {report.checked} records are faulty")

"""Options that many commands of the gate have, and how their results are told."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracemill_gate.errors import GateRed

if TYPE_CHECKING:
    from tracemill_gate.fault import Report

FOLDER = click.Path(path_type=Path, file_okay=False)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
IN_TREE = click.option(
    "--folder", type=FOLDER, default=Path(), help="A folder of the working tree."
)


def now() -> str:
    """Return the time in UTC to the second, as an Instant."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def today() -> datetime.date:
    """Return the date in UTC, by which approvals expire."""
    return datetime.datetime.now(datetime.UTC).date()


def tell(report: Report, *, as_json: bool, what: str) -> None:
    """Print a report: each fault, then the summary that the gate's counter reads.

    Raises:
        GateRed: the report is not green.
    """
    from tracemill_schema.canonical import canonical_bytes  # noqa: PLC0415 - keeps --help quick

    if as_json:
        click.echo(canonical_bytes({**dataclasses.asdict(report), "green": report.green}))
    else:
        for fault in report.faults:
            click.echo(str(fault))
        click.echo(report.summary)
    if not report.green:
        count = len(report.faults)
        raise GateRed(f"{what}: {count} faults found" if count else f"{what}: nothing was checked")

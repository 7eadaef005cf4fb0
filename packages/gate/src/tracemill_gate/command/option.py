"""Options that many commands of the gate have, and how their results are told."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
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


def today() -> datetime.date:
    """Return the date in UTC, by which approvals expire."""
    return datetime.datetime.now(datetime.UTC).date()


def tell(
    report: Report, *, as_json: bool, what: str, more: Mapping[str, object] | None = None
) -> None:
    """Print a report: each fault, then the summary that the gate's counter reads.

    Args:
        report: What was found.
        as_json: Print it as JSON instead.
        what: Begins the message of the error.
        more: What the JSON holds beside the report.

    Raises:
        GateRed: the report is not green.
    """
    from tracemill_schema.canonical import canonical_bytes  # noqa: PLC0415 - keeps --help quick

    if as_json:
        click.echo(
            canonical_bytes({**dataclasses.asdict(report), "green": report.green, **(more or {})})
        )
    else:
        for fault in report.faults:
            click.echo(str(fault))
        click.echo(report.summary)
    if not report.green:
        count = len(report.faults)
        found = f"{count} fault{'s' if count > 1 else ''} found" if count else "nothing was checked"
        raise GateRed(f"{what}: {found}")

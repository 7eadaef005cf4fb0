# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""The command ``spec check``."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from tracemill_gate.command.option import AS_JSON, IN_TREE, tell, today


@click.command()
@click.option("--base", metavar="REV", help="Compare HEAD with where it left this revision.")
@click.option(
    "--today",
    "day",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="Judge approvals as if it were this day (UTC); else it is today.",
)
@IN_TREE
@AS_JSON
def check(*, base: str | None, day: datetime.datetime | None, folder: Path, as_json: bool) -> None:
    """Judge what HEAD changes by the specs in progress or finished since the base.

    Lints the planning files first. Exit code 0: the change is what was approved. 1: it is not.
    3: it cannot be judged.

    \b
    Example:
      tracemill spec check --base origin/main
    """
    from tracemill_gate.change.check import check as check_change

    report = check_change(folder, base, today() if day is None else day.date())
    if not as_json:
        specs = ", ".join(report.specs) or "no spec"
        click.echo(f"{report.base[:12]}..{report.head[:12]}: {specs}")
        for line in report.for_reviewer:
            click.echo(f"  {line}")
    tell(report, as_json=as_json, what="change")

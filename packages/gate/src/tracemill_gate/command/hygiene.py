# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""The command ``gate hygiene``."""

from __future__ import annotations

from pathlib import Path

import click

from tracemill_gate.command.option import AS_JSON, IN_TREE, tell


@click.command()
@IN_TREE
@AS_JSON
def hygiene(*, folder: Path, as_json: bool) -> None:
    """Look for unlisted TODOs and overgrown code, and show its figures beside their aims.

    A marker of unfinished work may stand where current.md lists it under Markers, with reason,
    issue and date. The figures fail nothing; the limits of [tool.tracemill.gate.hygiene] do.

    \b
    Example:
      tracemill gate hygiene
    """
    from tracemill_gate.hygiene.check import examine, table

    found = examine(folder)
    if not as_json:
        click.echo("\n".join(table(found.measures)))
    measures = [
        {"name": one.name, "value": one.value, "aim": one.aim, "met": one.met}
        for one in found.measures
    ]
    tell(found.report, as_json=as_json, what="hygiene", more={"measures": measures})

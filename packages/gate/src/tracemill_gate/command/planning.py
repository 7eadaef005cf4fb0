# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""The commands of the group ``spec`` that read and move planning files."""

from __future__ import annotations

from pathlib import Path

import click

from tracemill_gate.command.option import AS_JSON, FOLDER, tell


@click.command()
@click.option("--folder", type=FOLDER, default=Path(), help="Top folder of the repository.")
@AS_JSON
def lint(*, folder: Path, as_json: bool) -> None:
    """Lint specs/*.md and current.md; every fault with its line.

    \b
    Example:
      tracemill spec lint
    """
    from tracemill_gate.planning.lint import lint as lint_planning

    tell(lint_planning(folder), as_json=as_json, what="planning files")


@click.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@AS_JSON
def show(path: Path, *, as_json: bool) -> None:
    """Show one spec file.

    \b
    Example:
      tracemill spec show specs/0001-records.md
    """
    from tracemill_gate.planning.document import read

    document = read(path)
    found = document.spec
    if as_json:
        click.echo(found.to_bytes())
        return
    approval = f"approved by {found.approval.by}" if found.approval else "not approved"
    click.echo(f"{found.number:04d}: {found.title} ({found.kind}, {approval})")
    click.echo(f"changes    {found.behaviour_change}\nfor        {found.user_intent}")
    for file in found.files_to_touch:
        click.echo(f"{file.kind:10} {file.path}")
    for test in found.fail_first_tests:
        click.echo(f"fails first {test}")
    for section in document.sections:
        click.echo(f"\n## {section.name}\n\n{section.text}")

# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""The commands ``gate record``, ``gate judge`` and ``gate tree``."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import click

from tracemill_gate.command.option import AS_JSON, IN_TREE, now


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("name", metavar="GATE")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@click.option(
    "--checked-from",
    default="junit",
    show_default=True,
    metavar="COUNTER",
    help="What counts: junit, evidence, mypy, import-linter, ruff, summary or files:PATTERN.",
)
@click.option(
    "--allow-skip",
    multiple=True,
    metavar="TEST=REASON",
    help="A test that may be skipped, and why; * stands for any text.",
)
@click.option("--reuse", is_flag=True, help="Run nothing if green evidence of this tree is there.")
@click.option("--device", default="cpu", show_default=True, help="What the command runs on.")
@IN_TREE
@AS_JSON
def record(
    name: str,
    command: tuple[str, ...],
    *,
    checked_from: str,
    allow_skip: tuple[str, ...],
    reuse: bool,
    device: str,
    folder: Path,
    as_json: bool,
) -> None:
    """Run COMMAND and write what it found as evidence for GATE.

    Exit code 0: green. 1: something failed, was skipped, or nothing was checked. 3: no evidence.

    \b
    Example:
      tracemill gate record unit -- pytest --junitxml={junit}
    """
    from tracemill_gate.errors import GateRed, GateUsage
    from tracemill_gate.evidence.recorder import Check
    from tracemill_gate.evidence.recorder import record as run_and_record

    if not all("=" in item.strip("=") for item in allow_skip):
        raise GateUsage(f"wanted --allow-skip TEST=REASON, got {', '.join(allow_skip)}")
    check = Check(
        gate=name,
        command=command,
        checked_from=checked_from,
        allowed_skips={t: why for t, _, why in (item.rpartition("=") for item in allow_skip)},
        device=device,
    )
    output = sys.stderr.buffer if as_json else None
    recorded = run_and_record(folder, check, reuse=reuse, clock=now, output=output)
    for note in recorded.notes:
        click.echo(f"{name}: {note}", err=True)
    found = recorded.evidence.predicate
    verdict = "green" if recorded.green else "red"
    how = "reused, nothing was run" if recorded.reused else "recorded"
    if as_json:
        click.echo(recorded.evidence.to_bytes())
    else:
        click.echo(
            f"{name}: {verdict} ({how}): {found.checked} checked, {found.failed} failed, "
            f"{found.skipped} skipped"
        )
    if not recorded.green:
        raise GateRed(f"{name}: red; see above for what failed, mend it and run the gate again")


@click.command()
@click.option("--only", multiple=True, metavar="GATE", help="Look at this gate alone.")
@click.option(
    "--expect",
    type=click.Path(path_type=Path, dir_okay=False),
    help="JSON of gate -> {command, checked_from, ...}: what must have made the evidence.",
)
@IN_TREE
@AS_JSON
def judge(*, only: tuple[str, ...], expect: Path | None, folder: Path, as_json: bool) -> None:
    """Judge the evidence of every required gate for exactly this working tree.

    Without --expect any command may have made it, and the judgement leaves no evidence itself.

    \b
    Example:
      tracemill gate judge --expect .nox/expected.json
    """
    from tracemill_gate.errors import GateRed
    from tracemill_gate.evidence.expectation import read
    from tracemill_gate.evidence.judge import lines
    from tracemill_gate.gate import judge_tree
    from tracemill_schema.canonical import canonical_bytes

    expected = None if expect is None else read(expect)
    judgement = judge_tree(folder, only=only, clock=now, expected=expected)
    if as_json:
        values = {**dataclasses.asdict(judgement), "green": judgement.green}
        click.echo(canonical_bytes(values))
    else:
        click.echo("\n".join(lines(judgement)))
    if not judgement.green:
        red = [finding.gate for finding in judgement.findings if finding.state != "green"]
        raise GateRed(f"the gate is red: {', '.join(red)}")


@click.command()
@IN_TREE
def tree(*, folder: Path) -> None:
    """Print the id of the working tree that evidence is keyed to.

    \b
    Example:
      tracemill gate tree
    """
    from tracemill_gate.tree import snapshot

    click.echo(snapshot(folder).id)

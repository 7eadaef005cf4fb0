# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""The commands ``gate run``, ``gate record``, ``gate judge`` and ``gate tree``."""

from __future__ import annotations

import dataclasses
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracemill_gate.clock import now
from tracemill_gate.command.option import AS_JSON, IN_TREE

if TYPE_CHECKING:
    from tracemill_gate.evidence.dependency import Dependency
    from tracemill_gate.evidence.judge import Judgement


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
@click.option(
    "--depends-on",
    multiple=True,
    type=click.Choice(["head", "base", "day"]),
    help="What the verdict depends on beside the tree.",
)
@click.option(
    "--environment",
    default="",
    metavar="FOLDER",
    help="Virtual environment that COMMAND runs in, below the top folder; else this one.",
)
@click.option("--device", default="cpu", show_default=True, help="What the command runs on.")
@IN_TREE
@AS_JSON
def record(
    name: str,
    command: tuple[str, ...],
    *,
    checked_from: str,
    allow_skip: tuple[str, ...],
    depends_on: tuple[Dependency, ...],
    environment: str,
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
    from tracemill_gate.evidence.check import Check
    from tracemill_gate.evidence.recorder import record as run_and_record
    from tracemill_gate.gate import outcome

    if not all("=" in item.strip("=") for item in allow_skip):
        raise GateUsage(f"wanted --allow-skip TEST=REASON, got {', '.join(allow_skip)}")
    check = Check(
        gate=name,
        command=command,
        checked_from=checked_from,
        allowed_skips={t: why for t, _, why in (item.rpartition("=") for item in allow_skip)},
        device=device,
        environment=environment,
        depends_on=depends_on,
    )
    output = sys.stderr.buffer if as_json else None
    with _interrupted_by_sigterm():
        recorded = run_and_record(folder, check, clock=now, output=output)
    if as_json:
        click.echo(recorded.evidence.to_bytes())
    else:
        click.echo(outcome(recorded))
    if not recorded.green:
        raise GateRed(f"{name}: red; see above for what failed, mend it and run the gate again")


_ONLY = click.option("--only", multiple=True, metavar="GATE", help="Look at this gate alone.")
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--plan", required=True, type=_FILE, help="JSON of gate -> {command, ...}.")
@_ONLY
@click.option("--again", is_flag=True, help="Run also what has green evidence of this tree.")
@IN_TREE
@AS_JSON
def run(*, plan: Path, only: tuple[str, ...], again: bool, folder: Path, as_json: bool) -> None:
    """Run every check that lacks green evidence for this tree, then judge the evidence.

    What is interrupted goes on where it stopped: the evidence of finished checks stands.

    \b
    Example:
      tracemill gate run --plan .nox/plan.json
    """
    from tracemill_gate.evidence.plan import read
    from tracemill_gate.gate import run_tree

    def say(line: str) -> None:
        click.echo(line, err=as_json)

    output = sys.stderr.buffer if as_json else sys.stdout.buffer
    checks = read(plan)
    with _interrupted_by_sigterm():
        judgement = run_tree(
            folder, checks, only=only, again=again, clock=now, output=output, say=say
        )
    _tell(judgement, as_json=as_json)


@contextmanager
def _interrupted_by_sigterm() -> Iterator[None]:
    """Take a request to end like Ctrl-C, so that the check which runs is ended too."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@click.command()
@_ONLY
@click.option(
    "--plan", type=_FILE, help="JSON of gate -> {command, ...}: what must have made the evidence."
)
@IN_TREE
@AS_JSON
def judge(*, only: tuple[str, ...], plan: Path | None, folder: Path, as_json: bool) -> None:
    """Judge the evidence of every required gate for exactly this working tree.

    Without --plan any command may have made it, and the judgement leaves no evidence itself.

    \b
    Example:
      tracemill gate judge --plan .nox/plan.json
    """
    from tracemill_gate.evidence.plan import read
    from tracemill_gate.gate import judge_tree

    expected = None if plan is None else read(plan)
    _tell(judge_tree(folder, only=only, clock=now, expected=expected), as_json=as_json)


def _tell(judgement: Judgement, *, as_json: bool) -> None:
    from tracemill_gate.errors import GateRed
    from tracemill_gate.evidence.judge import lines
    from tracemill_schema.canonical import canonical_bytes

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

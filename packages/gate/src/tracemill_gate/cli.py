# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""The command groups ``tracemill gate`` and ``tracemill spec``."""

from __future__ import annotations

import dataclasses
import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tracemill_gate.fault import Report

_FOLDER = click.Path(path_type=Path, file_okay=False)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


def now() -> str:
    """Return the time in UTC to the second, as an Instant."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@click.group()
def gate() -> None:
    """Judge the working tree by evidence and contracts.

    \b
    Example:
      tracemill gate judge
    """


@gate.command(context_settings={"ignore_unknown_options": True})
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
@click.option("--folder", type=_FOLDER, default=Path(), help="A folder of the working tree.")
@_JSON
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
    from tracemill_gate.recorder import Check
    from tracemill_gate.recorder import record as run_and_record

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


@gate.command()
@click.option("--only", multiple=True, metavar="GATE", help="Look at this gate alone.")
@click.option(
    "--expect",
    type=click.Path(path_type=Path, dir_okay=False),
    help="JSON of gate -> {command, checked_from, ...}: what must have made the evidence.",
)
@click.option("--folder", type=_FOLDER, default=Path(), help="A folder of the working tree.")
@_JSON
def judge(*, only: tuple[str, ...], expect: Path | None, folder: Path, as_json: bool) -> None:
    """Judge the evidence of every required gate for exactly this working tree.

    Without --expect any command may have made it, and the judgement leaves no evidence itself.

    \b
    Example:
      tracemill gate judge --expect .nox/expected.json
    """
    from tracemill_gate.errors import GateRed
    from tracemill_gate.expectation import read
    from tracemill_gate.gate import judge_tree
    from tracemill_gate.judge import lines
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


@gate.command()
@click.option("--folder", type=_FOLDER, default=Path(), help="A folder of the working tree.")
def tree(*, folder: Path) -> None:
    """Print the id of the working tree that evidence is keyed to.

    \b
    Example:
      tracemill gate tree
    """
    from tracemill_gate.tree import snapshot

    click.echo(snapshot(folder).id)


@gate.group()
def contracts() -> None:
    """Write the JSON Schemas of the contracts, or check them and their examples.

    \b
    Example:
      tracemill gate contracts check
    """


_CONTRACTS = click.option(
    "--folder", type=_FOLDER, default=Path("contracts"), show_default=True, help="Contracts folder."
)


@contracts.command()
@_CONTRACTS
def write(*, folder: Path) -> None:
    """Write contracts/NAME.vN.schema.json of every contract.

    \b
    Example:
      tracemill gate contracts write
    """
    from tracemill_gate.contract import write as write_contracts

    for path in write_contracts(folder):
        click.echo(str(path))


@contracts.command()
@_CONTRACTS
@_JSON
def check(*, folder: Path, as_json: bool) -> None:
    """Check schemas against records, and examples with three judges.

    \b
    Example:
      tracemill gate contracts check
    """
    from tracemill_gate.contract import check as check_contracts

    _tell(check_contracts(folder), as_json=as_json, what="contracts")


@click.group()
def spec() -> None:
    """Read and lint the specs of a repository.

    \b
    Example:
      tracemill spec lint
    """


@spec.command()
@click.option("--folder", type=_FOLDER, default=Path(), help="Top folder of the repository.")
@_JSON
def lint(*, folder: Path, as_json: bool) -> None:
    """Lint specs/*.md and current.md; every fault with its line.

    \b
    Example:
      tracemill spec lint
    """
    from tracemill_gate.lint import lint as lint_planning

    _tell(lint_planning(folder), as_json=as_json, what="planning files")


@spec.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@_JSON
def show(path: Path, *, as_json: bool) -> None:
    """Show one spec file.

    \b
    Example:
      tracemill spec show specs/0001-records.md
    """
    from tracemill_gate.spec import read

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


def _tell(report: Report, *, as_json: bool, what: str) -> None:

    from tracemill_gate.errors import GateRed
    from tracemill_schema.canonical import canonical_bytes

    if as_json:
        click.echo(canonical_bytes({**dataclasses.asdict(report), "green": report.green}))
    else:
        for fault in report.faults:
            click.echo(str(fault))
        click.echo(report.summary)
    if not report.green:
        count = len(report.faults)
        raise GateRed(f"{what}: {count} faults found" if count else f"{what}: nothing was checked")

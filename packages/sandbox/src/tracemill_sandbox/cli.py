"""``tracemill sandbox``: run a program in the sandbox, or say what this machine offers."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tracemill_sandbox.result import RunResult


@click.group()
def sandbox() -> None:
    """Run untrusted Python.

    \b
    Example: tracemill sandbox doctor
    """


@sandbox.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seconds", type=float, default=10.0, show_default=True, help="Wall time allowed.")
@click.option("--output", "outputs", multiple=True, help="Variable to show; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole result as JSON.")
def run(file: Path, seconds: float, outputs: tuple[str, ...], *, as_json: bool) -> None:
    """Run FILE and show what it printed; exit code 1 if it did not end well.

    \b
    Example: tracemill sandbox run program.py --output answer
    """
    from tracemill_sandbox.errors import RequestInvalid  # noqa: PLC0415 - keeps --help fast
    from tracemill_sandbox.pool import SandboxPool  # noqa: PLC0415 - keeps --help fast
    from tracemill_sandbox.request import Limits, RunRequest  # noqa: PLC0415 - keeps --help fast

    try:
        code = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RequestInvalid(f"{file}: wanted UTF-8 text, got {error.reason}") from error
    request = RunRequest(
        code=code, limits=Limits(wall_seconds=seconds, cpu_seconds=seconds), outputs=outputs
    )
    with SandboxPool(libraries=()) as pool:  # one run loads what it imports by itself
        result = pool.run(request)
    _show_json(asdict(result)) if as_json else _show(result)
    if result.status == "infra_error":
        sys.exit(3)
    sys.exit(0 if result.ok else 1)


@sandbox.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def doctor(*, as_json: bool) -> None:
    """Start one worker and say which isolation it has, and why not more.

    \b
    Example: tracemill sandbox doctor --json
    """
    from tracemill_sandbox.pool import SandboxPool  # noqa: PLC0415 - keeps --help fast

    with SandboxPool(libraries=()) as pool:
        identity, offer = pool.identity(), pool.offer()
    if as_json:
        _show_json({"identity": identity.to_values(), **asdict(offer)})
        return
    click.echo(f"backend   {identity.backend}")
    click.echo(f"tier      {identity.tier}")
    click.echo(f"user      {offer.uid}")
    click.echo(f"python    {identity.python}")
    for reason, remedy in zip(offer.reasons, offer.remedies, strict=True):
        click.echo(f"missing   {reason}; {remedy}")


def _show(result: RunResult) -> None:
    click.echo(result.claims.stdout, nl=False)
    click.echo(result.claims.stderr, nl=False, err=True)
    for name, binding in result.claims.outputs.items():
        click.echo(f"{name} = {binding.value}")
    facts = result.facts
    click.echo(
        f"{result.status}: {result.reason} ({facts.wall_seconds:.3f} s, "
        f"{facts.peak_memory_bytes >> 20} MiB, {result.tier})",
        err=True,
    )


def _show_json(values: dict[str, object]) -> None:
    click.echo(json.dumps(values, indent=2, sort_keys=True))

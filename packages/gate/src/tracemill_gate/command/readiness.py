# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""The command ``gate readiness``."""

from __future__ import annotations

from pathlib import Path

import click

from tracemill_gate.command.option import AS_JSON

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("dataset", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--smoke",
    type=FILE,
    default=Path("evidence/train-smoke.json"),
    show_default=True,
    help="Evidence that `tracemill train smoke` left.",
)
@click.option(
    "--episodes",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Episodes by source: prove what traces about tables quote.",
)
@click.option(
    "--evidence",
    type=FILE,
    default=Path("evidence/readiness.json"),
    show_default=True,
    help="File that the evidence is written to; the faults are written beside it.",
)
@AS_JSON
def readiness(
    dataset: Path, *, smoke: Path, episodes: Path | None, evidence: Path, as_json: bool
) -> None:
    """Judge whether DATASET may be trained on for longer than a smoke.

    The trainer refuses a long training without this evidence.

    \b
    Example:
      tracemill gate readiness datasets/demo-v1 --episodes episodes
    """
    from tracemill_gate.stage import ReadinessConfig, judge, refuse_red
    from tracemill_schema.canonical import canonical_bytes

    config = ReadinessConfig(
        dataset=str(dataset),
        episodes=None if episodes is None else str(episodes),
        smoke=str(smoke),
        evidence=str(evidence),
    )
    found = judge(config, Path(), tick=lambda _done, _total: None)
    if as_json:
        values = {
            "green": found.green,
            "checked": found.checked,
            "faults": [fault.to_values() for fault in found.faults],
        }
        click.echo(canonical_bytes(values))
    refuse_red(found, str(dataset), evidence)
    if not as_json:
        click.echo(f"{dataset}: ready, {found.checked} things checked; evidence in {evidence}")

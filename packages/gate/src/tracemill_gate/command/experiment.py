# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""The command group ``experiment``: cards that say beforehand what would count as success."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracemill_gate.command.option import AS_JSON, FOLDER, tell

if TYPE_CHECKING:
    from tracemill_gate.experiment.card import Card
    from tracemill_gate.experiment.check import Outcome

FILE = click.Path(path_type=Path, dir_okay=False)
_ROOT = click.option("--folder", type=FOLDER, default=Path(), help="Top folder of the repository.")


@click.group()
def experiment() -> None:
    """Say beforehand what an experiment would have to reach, and let a machine decide it.

    \b
    Example:
      tracemill experiment list
    """


@experiment.command()
@click.argument("card", type=FILE)
@click.option(
    "--evaluation",
    "evaluations",
    type=FILE,
    multiple=True,
    required=True,
    help="An eval_summary.json of the card's model; one per seed.",
)
@click.option(
    "--baseline",
    "baselines",
    type=FILE,
    multiple=True,
    help="What each evaluation is compared with, in the same order.",
)
@AS_JSON
def check(
    card: Path, *, evaluations: tuple[Path, ...], baselines: tuple[Path, ...], as_json: bool
) -> None:
    """Decide by machine whether the experiment of CARD succeeded.

    Exit code 0: the criterion holds for every seed. 1: it does not. 3: it cannot be decided,
    also because the card or an evaluation is missing or malformed.

    \b
    Example:
      tracemill experiment check specs/experiment/traces-beat-answers.toml \\
        --evaluation evaluations/traces/eval_summary.json \\
        --baseline evaluations/answers/eval_summary.json
    """
    from tracemill_gate.errors import CriterionNotMet
    from tracemill_gate.experiment.check import check as decide
    from tracemill_schema.canonical import canonical_bytes

    outcome = decide(_card(card), evaluations, baselines)
    held = sum(seed.decision.holds for seed in outcome.seeds)
    summary = f"the success criterion holds for {held} of {len(outcome.seeds)} seeds"
    if as_json:
        click.echo(canonical_bytes({**dataclasses.asdict(outcome), "holds": outcome.holds}))
    else:
        _show(outcome)
    if not outcome.holds:
        raise CriterionNotMet(f"{outcome.name}: {summary}")
    if not as_json:
        click.echo(f"{outcome.name}: {summary}")


@experiment.command()
@_ROOT
@AS_JSON
def lint(*, folder: Path, as_json: bool) -> None:
    """Lint specs/experiment/*.toml and the matrix that current.md shows of them.

    \b
    Example:
      tracemill experiment lint
    """
    from tracemill_gate.experiment.lint import lint as lint_cards

    tell(lint_cards(folder), as_json=as_json, what="experiment cards")


@experiment.command("list")
@_ROOT
@AS_JSON
def list_cards(*, folder: Path, as_json: bool) -> None:
    """List the cards: name, status, seeds and what would be a success.

    \b
    Example:
      tracemill experiment list
    """
    from tracemill_schema.canonical import canonical_bytes

    found = [card.experiment for card in _cards(folder)]
    if as_json:
        click.echo(canonical_bytes([card.to_values() for card in found]))
        return
    width = max(len(card.name) for card in found)
    for card in found:
        seeds = f"{card.seeds} seed{'' if card.seeds == 1 else 's'}"
        click.echo(f"{card.name:{width}}  {card.status:9}  {seeds:8} {card.success}")


@experiment.command()
@_ROOT
@click.option("--write", "writes", is_flag=True, help="Put it into current.md.")
def matrix(*, folder: Path, writes: bool) -> None:
    """Print the cards as the table that stands in current.md, or write it there.

    \b
    Example:
      tracemill experiment matrix --write
    """
    from tracemill_gate.experiment.matrix import render, updated
    from tracemill_gate.planning.current import CURRENT
    from tracemill_gate.planning.source import read_text
    from tracemill_schema.jsonl import write_bytes

    block = render(_cards(folder))
    if not writes:
        click.echo(block)
        return
    path = folder / CURRENT
    write_bytes(path, updated(read_text(path, name=CURRENT), block).encode())
    click.echo(f"{path}: written")


def _card(path: Path) -> Card:
    """Return one card.

    Raises:
        NoVerdict: it cannot be read or is malformed, so it decides nothing.
    """
    from tracemill_gate.errors import CardFaults, NoVerdict
    from tracemill_gate.experiment.card import read

    try:
        return read(path)
    except CardFaults as error:
        raise NoVerdict(str(error)) from error


def _cards(folder: Path) -> tuple[Card, ...]:
    """Return all cards.

    Raises:
        CardFaults: one of them is malformed, or there is none.
    """
    from tracemill_gate.errors import CardFaults
    from tracemill_gate.experiment.card import read_all

    found = read_all(folder)
    if found.faults:
        raise CardFaults(found.faults)
    return found.cards


def _show(outcome: Outcome) -> None:
    click.echo(f"{outcome.name}: {outcome.success}")
    for number, seed in enumerate(outcome.seeds, start=1):
        against = "" if seed.baseline is None else f" against {seed.baseline}"
        click.echo(f"seed {number}: {seed.evaluation}{against}")
        baseline = "" if seed.baseline_metric is None else f", baseline {seed.baseline_metric}"
        click.echo(f"  {outcome.metric} {seed.metric}{baseline}")
        for compared in seed.decision.comparisons:
            click.echo(f"  {compared}")
        click.echo(f"  the criterion {'holds' if seed.decision.holds else 'does not hold'}")

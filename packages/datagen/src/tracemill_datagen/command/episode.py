# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""``tracemill episode``: make, verify and read episodes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

if TYPE_CHECKING:
    from tracemill_datagen.episode.defect import Defect
    from tracemill_datagen.stage.episodes import Tally
    from tracemill_schema.episode import Episode
    from tracemill_schema.question import Question

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="episode")
def episode() -> None:
    """Episodes: what happened when a solver worked on a question."""


@episode.command(name="run")
@click.argument("questions", type=FILE)
@click.option("--table", type=FILE, required=True, help="CSV file that the questions are about.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Episode file (JSONL).")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def run(questions: Path, table: Path, out: Path, seed: int, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Run the reference solver on every question of a file; goes on where it was stopped.

    \b
    Example:
      tracemill episode run questions/template/co2.jsonl --table tables/co2.csv --out co2.jsonl
    """
    from tracemill_datagen.solver.reference import reference_solver
    from tracemill_datagen.stage.episodes import plan, tally, work
    from tracemill_datagen.stage.question_file import read_question_file
    from tracemill_schema.episode import Episode
    from tracemill_schema.jsonl import read_records

    solver = reference_solver(seed=seed)
    job = plan(read_question_file(questions, table), out, solver)
    made = work([job], solver, lambda done: _progress(done, len(job.missing)))
    counts = tally(read_records(out, Episode))
    values = {"verified": counts.verified, "rejected": counts.rejected, "made": made}
    click.echo(orjson.dumps(values).decode() if as_json else _counted(counts, made))


@episode.command(name="verify")
@click.argument("file", type=FILE)
@click.option("--questions", type=FILE, required=True, help="File of the questions worked on.")
@click.option("--table", type=FILE, help="CSV file: execute each program again and compare.")
@click.option("--json", "as_json", is_flag=True, help="Print the defects as JSON.")
def verify(file: Path, questions: Path, table: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Check every episode of a file again from its record; exit 1 if one does not hold.

    \b
    Example:
      tracemill episode verify episodes/template/co2.jsonl --questions questions/template/co2.jsonl
    """
    from tracemill_datagen.command.defect_report import tell
    from tracemill_datagen.episode.verify import verify_episode
    from tracemill_schema.episode import Episode
    from tracemill_schema.jsonl import read_records
    from tracemill_schema.question import Question

    asked = {question.id: question for question in read_records(questions, Question)}
    episodes = list(read_records(file, Episode))
    found: dict[str, tuple[Defect, ...]] = {
        item.id: verify_episode(item, _asked(asked, item, questions)) for item in episodes
    }
    if table is not None:
        for identifier, defects in _again(episodes, asked, table):
            found[identifier] += defects
    tell("episode", found, as_json=as_json)


@episode.command(name="show")
@click.argument("file", type=FILE)
@click.argument("id", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
def show(file: Path, id: str, as_json: bool) -> None:  # noqa: A002, FBT001 - click passes them by name
    """Print one episode: the first of the file, or the one whose id starts with ID.

    \b
    Example:
      tracemill episode show episodes/template/co2.jsonl 3f9a
    """
    from tracemill_datagen.command.pick import pick
    from tracemill_datagen.episode.show import shown
    from tracemill_schema.episode import Episode

    record = pick(file, Episode, id)
    click.echo(record.to_bytes().decode() if as_json else shown(record))


def _asked(asked: dict[str, Question], item: Episode, path: Path) -> Question:
    from tracemill_datagen.errors import BadRequest

    if item.question_id not in asked:
        raise BadRequest(
            f"{path}: wanted question {item.question_id[:16]} of episode {item.id[:16]}, got "
            f"{len(asked)} other questions; name the file that the episodes were made from"
        )
    return asked[item.question_id]


def _again(
    episodes: list[Episode], asked: dict[str, Question], table: Path
) -> list[tuple[str, tuple[Defect, ...]]]:
    from tracemill_datagen.episode.run import solve
    from tracemill_datagen.episode.verify import reexecuted
    from tracemill_datagen.stage.episodes import WORKERS
    from tracemill_sandbox.sync import SyncSandboxPool

    questions = [asked[item.question_id] for item in episodes]
    data = table.read_bytes()
    with SyncSandboxPool(workers=WORKERS) as pool:
        solved = solve(pool, questions, table=data, solver=episodes[0].solver) if episodes else ()
        return [(old.id, reexecuted(old, new)) for old, new in zip(episodes, solved, strict=True)]


def _counted(counts: Tally, made: int) -> str:
    said = ", ".join(f"{number} {reason}" for reason, number in counts.rejected.items())
    return f"{counts.verified} verified, rejected: {said or 'none'} ({made} made now)"


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\repisodes {done}/{total}", err=True, nl=done == total)

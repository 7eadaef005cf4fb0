# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""``tracemill trace``: verify and read traces."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tracemill_datagen.episode.defect import Defect
    from tracemill_schema.episode import Episode
    from tracemill_schema.question import Question
    from tracemill_schema.trace import Trace

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="trace")
def trace() -> None:
    """Traces: what a model learns from."""


@trace.command(name="verify")
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--episodes", type=FILE, help="Episode file: check each quote against its hook.")
@click.option("--questions", type=FILE, help="Question file: check prompt, answer spec and origin.")
@click.option("--json", "as_json", is_flag=True, help="Print the defects as JSON.")
def verify(
    files: tuple[Path, ...],
    episodes: Path | None,
    questions: Path | None,
    as_json: bool,  # noqa: FBT001 - click passes it by name
) -> None:
    """Replay every claim of trace files; exit 1 if a step is wrong.

    Without --episodes a quoted value is believed: its proof is the episode's hook.

    \b
    Example:
      tracemill trace verify traces/template/co2.jsonl --episodes episodes/template/co2.jsonl
    """
    from tracemill_datagen.command.defect_report import tell
    from tracemill_schema.episode import Episode
    from tracemill_schema.jsonl import read_records
    from tracemill_schema.question import Question
    from tracemill_schema.trace import Trace

    proofs = {e.id: e for e in read_records(episodes, Episode)} if episodes else None
    asked = {q.id: q for q in read_records(questions, Question)} if questions else None
    found = {
        item.id: _defects(item, proofs, asked)
        for file in files
        for item in read_records(file, Trace)
    }
    tell("trace", found, as_json=as_json)


@trace.command(name="show")
@click.argument("file", type=FILE)
@click.argument("id", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
def show(file: Path, id: str, as_json: bool) -> None:  # noqa: A002, FBT001 - click passes them by name
    """Print one trace: the first of the file, or the one whose id starts with ID.

    \b
    Example:
      tracemill trace show traces/template/co2.jsonl 3f9a
    """
    from tracemill_datagen.command.pick import pick
    from tracemill_datagen.trace.show import shown
    from tracemill_schema.trace import Trace

    record = pick(file, Trace, id)
    click.echo(record.to_bytes().decode() if as_json else shown(record))


def _defects(
    item: Trace, proofs: dict[str, Episode] | None, asked: dict[str, Question] | None
) -> tuple[Defect, ...]:
    from tracemill_datagen.episode.defect import Defect
    from tracemill_datagen.trace.verify import check_steps, replayed, verify_trace

    if proofs is None:
        return replayed(item)
    proof = proofs.get(item.provenance.episode_id or "")
    question = asked.get(item.provenance.question_id) if asked else None
    if proof is None or (asked is not None and question is None):
        where = "/provenance/question_id" if proof else "/provenance/episode_id"
        return (
            Defect(kind="identity", where=where, wanted="a record of the file", got="none of them"),
        )
    return check_steps(item, proof) if question is None else verify_trace(item, proof, question)

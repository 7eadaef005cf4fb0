# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""``tracemill task``: list, show, generate and check reasoning tasks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from tracemill_datagen.check import ChainReport

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(name="task")
def task() -> None:
    """Reasoning tasks: multi-step problems whose every step can be checked."""


@task.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def list_(*, as_json: bool) -> None:
    """List the reasoning families and how many questions each has.

    \b
    Example:
      tracemill task list
    """
    from tracemill_datagen.command.tell import tell_json
    from tracemill_datagen.family.catalogue import FAMILIES

    if as_json:
        rows = [{"name": f.name, "summary": f.summary, "space": str(f.space)} for f in FAMILIES]
        tell_json(rows)
        return
    for family in FAMILIES:
        click.echo(f"{family.name:16} {family.space:>26,}  {family.summary}")


@task.command(name="show")
@click.argument("family")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--index", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print question and trace as JSON.")
def show(*, family: str, seed: int, index: int, as_json: bool) -> None:
    """Show one item of a family, with its steps.

    \b
    Example:
      tracemill task show modular_chain --index 3
    """
    from tracemill_datagen.command.tell import tell_json
    from tracemill_datagen.family import catalogue
    from tracemill_datagen.task import POOL, item

    made = item(catalogue.by_name(family), seed=seed, stream=POOL, index=index)
    question, trace = made.question.record, made.trace.record
    if as_json:
        tell_json({"question": question.to_values(), "trace": trace.to_values()})
        return
    click.echo(question.prompt)
    for step in trace.steps:
        click.echo(f"  {step.i:>3}  {step.content}")
    click.echo(f"answer {trace.final_answer}")


@task.command(name="generate")
@click.argument("families", nargs=-1, required=True)
@click.option("--count", type=click.IntRange(min=1), default=100, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default="tasks")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def generate(
    *,
    families: tuple[str, ...],
    count: int,
    seed: int,
    out: Path,
    as_json: bool,
) -> None:
    """Write checked questions and traces of FAMILIES into a folder.

    Families that were generated there before and are not named are left alone.

    \b
    Example:
      tracemill task generate modular_chain percent --count 1000 --out tasks
    """
    from tracemill_datagen.command.tell import drawn, tell_json
    from tracemill_datagen.stage.tasks import TasksConfig, make

    settings = TasksConfig(out=str(out), seed=seed, counts=dict.fromkeys(families, count))
    with drawn() as report:
        made = make(settings, out, report=report, keep_others=True)
    if as_json:
        tell_json(made)
        return
    for name, items in made.items():
        click.echo(f"{name}: {items} items in {out / name}.questions.jsonl and .traces.jsonl")


@task.command(name="check")
@click.option("--questions", type=FILE, required=True, help="questions.jsonl of the family.")
@click.option("--question", "wanted", default="", help="Start of a question's id; else the first.")
@click.argument("text", type=click.File("r", encoding="utf-8"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def check(
    *,
    questions: Path,
    wanted: str,
    text: TextIO,
    as_json: bool,
) -> None:
    """Check a completion, from a file or standard input; exit 1 if a step is wrong.

    \b
    Example:
      tracemill task check --questions tasks/percent.questions.jsonl answer.txt
    """
    from tracemill_datagen.check import check_text
    from tracemill_datagen.command.pick import pick
    from tracemill_datagen.command.tell import tell_json
    from tracemill_schema.question import Question

    question = pick(questions, Question, wanted)
    report = check_text(question, _read(text))
    if as_json:
        tell_json(
            {
                "question_id": question.id,
                "valid": report.valid,
                "total": report.total,
                "answer_consistent": report.answer_consistent,
                "fault": vars(report.fault) if report.fault else None,
            }
        )
    else:
        click.echo(_verdict(report))
    if report.fault is not None:
        sys.exit(1)


def _read(text: TextIO) -> str:
    from tracemill_datagen.errors import BadRequest

    try:
        return str(text.read())
    except UnicodeDecodeError as error:
        raise BadRequest(f"{text.name}: wanted UTF-8 text, got {error}") from error


def _verdict(report: ChainReport) -> str:
    if report.fault is None:
        return f"valid: {report.total} steps, and they end in the answer"
    return f"{report.valid} of {report.total} steps hold; step {report.fault.step}: " + (
        report.fault.reason
    )

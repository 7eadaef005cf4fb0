# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""``tracemill question``: make, show, count and explain questions about tables."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

from tracemill_datagen.command.table import JSON_OPTION

if TYPE_CHECKING:
    from tracemill_datagen.table.sheet import Sheet
    from tracemill_schema.question import Question, Source

_PATH = click.Path(path_type=Path)


@click.group("question")
def question() -> None:
    """Make and inspect verified questions."""


@question.command("generate")
@click.option("--source", type=click.Choice(["template", "procedural"]), required=True)
@click.option(
    "--tables", multiple=True, type=_PATH, help="CSV files; the embedded tables if none is given."
)
@click.option("--count", type=click.IntRange(1, 100_000), default=12, show_default=True,
              help="Questions a table, at most.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--out", type=_PATH, required=True, help="Folder; files go to OUT/SOURCE.")
@JSON_OPTION
def generate_questions(
    source: Source, tables: tuple[Path, ...], count: int, seed: int, out: Path, *, as_json: bool
) -> None:
    """Make questions whose answers two engines agree on; running it again keeps what is whole.

    \b
    Example: tracemill question generate --source template --count 20 --out questions
    """
    from tracemill_datagen.question.store import generator_digest, write_source
    from tracemill_datagen.table.store import profiled

    sheets = [sheet for sheet, _ in profiled(list(tables))]
    written = write_source(
        sheets,
        out,
        source,
        count=count,
        seed=seed,
        code=generator_digest(),
        progress=_draw,
    )
    summary = {
        "tables": len(sheets),
        source: written.questions,
        "rejected": dict(written.rejected),
        "unchanged": written.unchanged,
    }
    if as_json:
        click.echo(orjson.dumps(summary))
        return
    click.echo(f"{written.questions} questions about {len(sheets)} tables in {out / source}")
    for reason, times in written.rejected.items():
        click.echo(f"  rejected {times:6}  {reason}")


@question.command("show")
@click.argument("file", type=_PATH)
@click.argument("identifier", required=False)
@JSON_OPTION
def show_questions(file: Path, identifier: str | None, *, as_json: bool) -> None:
    """List a file's questions, or print one whole with its program.

    \b
    Example: tracemill question show questions/template/penguins.jsonl 3fa9
    """
    from tracemill_datagen.question.explain import find, read_all
    from tracemill_schema.canonical import short

    if identifier is None:
        for item in read_all(file):
            click.echo(item.to_bytes() if as_json else f"{short(item.id)}  {item.prompt}")
        return
    found = find(file, identifier)
    if as_json:
        click.echo(found.to_bytes())
        return
    _print_whole(found)


@question.command("stats")
@click.argument("questions", type=_PATH, default=Path("questions"))
@JSON_OPTION
def count_questions(questions: Path, *, as_json: bool) -> None:
    """Count questions by source, family and number of admissible answers.

    \b
    Example: tracemill question stats questions
    """
    from tracemill_datagen.question.explain import read_all

    found = read_all(questions)
    values: dict[str, list[str]] = {
        "source": [item.source for item in found],
        "family": [item.family for item in found],
        "answers": [str(len(item.answers)) for item in found],
    }
    ordered = {name: dict(sorted(Counter(texts).items())) for name, texts in values.items()}
    if as_json:
        click.echo(orjson.dumps({"questions": len(found), **ordered}))
        return
    click.echo(f"{len(found)} questions")
    for name, counter in ordered.items():
        for value, times in counter.items():
            click.echo(f"  {name:8} {value:48} {times:6}")


@question.command("explain")
@click.argument("identifier")
@click.option("--questions", type=_PATH, default=Path("questions"), show_default=True,
              help="File or folder that holds the question.")  # fmt: skip
@click.option("--tables", type=_PATH, default=Path("tables"), show_default=True,
              help="Folder of the tables stage.")  # fmt: skip
@JSON_OPTION
def explain_question(identifier: str, questions: Path, tables: Path, *, as_json: bool) -> None:
    """Print how a question can be read, what each reading gives, and how it was settled.

    \b
    Example: tracemill question explain 3fa9 --questions questions --tables tables
    """
    from tracemill_datagen.question.explain import explain, find
    from tracemill_schema.answer import show

    found = find(questions, identifier)
    explanation = explain(found, _table_of(found, tables))
    rows = [
        {"reading": r.reading.name, "answer": r.answer, "why_none": r.why or None}
        for r in explanation.readings
    ]
    if as_json:
        click.echo(orjson.dumps({"status": explanation.status, "readings": rows}))
        return
    click.echo(found.prompt)
    click.echo(explanation.status)
    for reading in explanation.readings:
        click.echo(f"  {reading.reading.name:24} {reading.why or show(reading.answer)}")


def _table_of(found: Question, tables: Path) -> Sheet:
    """Find a question's table among stored ones, else among the embedded ones."""
    from tracemill_datagen.errors import BadRequest
    from tracemill_datagen.table.embedded import embedded_sheet, embedded_tables
    from tracemill_datagen.table.store import load, stored_names

    for name in stored_names(tables):
        sheet, record = load(tables, name)
        if record.id == found.table_id:
            return sheet
    for origin in embedded_tables():
        sheet = embedded_sheet(origin)
        if sheet.digest == found.table_id:
            return sheet
    raise BadRequest(
        f"{tables}: wanted the table {found.table_id}, got none of that id; "
        "give its folder with --tables"
    )


def _print_whole(found: Question) -> None:
    from tracemill_schema.answer import show

    click.echo(f"{found.id}\n{found.source} / {found.family}, difficulty {found.difficulty}")
    click.echo(f"\n{found.prompt}\n")
    for answer in found.answers:
        click.echo(f"  answer {show(answer.value)}  ({answer.interpretation})")
    if found.program is not None and found.program.source is not None:
        click.echo(f"\n{found.program.source}", nl=False)


def _draw(label: str, done: int, total: int, note: str) -> None:
    """Show progress on standard error, only where a person watches."""
    stream = sys.stderr
    if stream.isatty():
        end = "\n" if done == total else ""
        stream.write(f"\r{label}: {done}/{total} tables, {note}{end}")
        stream.flush()

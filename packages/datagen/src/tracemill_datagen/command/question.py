# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""``tracemill question``: make questions about tables; the other commands stand beside it.

question.py         generate, families
question_look.py    show, stats, gaps, explain
question_check.py   validate
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracemill_datagen.command.question_check import validate_questions
from tracemill_datagen.command.question_look import (
    count_questions,
    explain_question,
    show_gaps,
    show_questions,
)
from tracemill_datagen.command.table import JSON_OPTION

if TYPE_CHECKING:
    from tracemill_datagen.question.store import TableQuestions, Written
    from tracemill_datagen.table.named import Named
    from tracemill_datagen.table.sheet import Sheet
    from tracemill_schema.question import Source

PATH = click.Path(path_type=Path)
TABLES_OPTION = click.option(
    "--tables", multiple=True, type=PATH,
    help="A CSV or Parquet file, a folder of them, or the name of an embedded table; may be given "
    "again. Without it the embedded tables are taken.",
)  # fmt: skip
SHOWN_SHORT = 10
"""Tables that hold too little that are listed by name."""


@click.group("question")
def question() -> None:
    """Ask questions about tables that are settled by proof; look at them and prove them again.

    \b
    Example:
      tracemill question generate --source template --tables sales.csv --out questions
      tracemill question validate questions --tables sales.csv
    """


@question.command("generate")
@click.option("--source", type=click.Choice(["template", "procedural", "all"]), required=True,
              help="Hand-written families, programs of the grammar, or both in turn.")  # fmt: skip
@TABLES_OPTION
@click.argument("more_tables", nargs=-1, type=PATH, metavar="[TABLE]...")
@click.option("--count", type=click.IntRange(1, 100_000), default=12, show_default=True,
              help="Questions of each table and source.")  # fmt: skip
@click.option("--at-most", is_flag=True, help="Accept tables that hold fewer questions.")
@click.option("--family", "families", multiple=True, metavar="NAME",
              help="Only this template family; may be given again.")  # fmt: skip
@click.option("--joins", is_flag=True,
              help="Templates: ask about tables that belong together as well, joined.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--out", type=PATH, required=True, help="Folder; files go to OUT/SOURCE.")
@click.option("--processes", type=click.IntRange(1, 256), default=1, show_default=True,
              help="Tables worked on at the same time; the files are the same.")  # fmt: skip
@JSON_OPTION
def generate_questions(
    *,
    source: str,
    tables: tuple[Path, ...],
    more_tables: tuple[Path, ...],
    count: int,
    at_most: bool,
    families: tuple[str, ...],
    joins: bool,
    seed: int,
    out: Path,
    processes: int,
    as_json: bool,
) -> None:
    """Make questions whose answers two engines agree on; running it again goes on where it was.

    Tables may stand after the options, too: --tables data/*.csv. Files of other tables and of the
    other source are left alone. A table that holds fewer questions than asked for is told with the
    reasons, and the exit code is then 2, unless --at-most accepts it; what was found stands. Which
    tables belong together is told by: tracemill table joins

    \b
    Example: tracemill question generate --source template --tables sales.csv --out questions
    """
    from tracemill_datagen.command.tell import drawn
    from tracemill_datagen.question.family import chosen
    from tracemill_datagen.question.store import generator_digest, write_source
    from tracemill_datagen.table.named import named_tables

    sources: tuple[Source, ...] = _sources(source, families)
    chosen(families)
    written: dict[Source, Written] = {}
    with drawn() as report:
        found = named_tables(
            (*tables, *more_tables), lambda done, total: report("reading tables", done, total)
        )
        for each in sources:
            pairs = _joined(found.sheets) if joins and each == "template" else ()
            written[each] = write_source(
                (*found.sheets, *pairs),
                out,
                each,
                count=count,
                seed=seed,
                code=generator_digest(),
                progress=lambda label, done, total, _: report(label, done, total),
                families=families,
                processes=processes,
                keep_others=True,
            )
    _tell(written, found, out, count, as_json=as_json)
    _judge(written, found, out, count, at_most=at_most)


def _joined(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    from tracemill_datagen.table.join import joined, joins

    return tuple(joined(join) for join in joins(sheets))


def _sources(source: str, families: tuple[str, ...]) -> tuple[Source, ...]:
    from tracemill_datagen.errors import BadRequest

    if families and source != "template":
        raise BadRequest(
            f"--family names families of templates: wanted --source template, got {source}; "
            "leave --family away, or make the sources one after the other"
        )
    if source == "template":
        return ("template",)
    return ("procedural",) if source == "procedural" else ("template", "procedural")


def _tell(
    written: dict[Source, Written], found: Named, out: Path, count: int, *, as_json: bool
) -> None:
    from tracemill_datagen.command.tell import tell_json

    rejected: Counter[str] = Counter()
    for result in written.values():
        rejected.update(result.rejected)
    if as_json:
        summary: dict[str, object] = {
            "tables": len(found.sheets),
            "refused": list(found.refused),
            **{str(source): result.questions for source, result in written.items()},
            "rejected": dict(sorted(rejected.items())),
            "unchanged": sum(result.unchanged for result in written.values()),
            "resumed": sum(result.resumed for result in written.values()),
            "short": {
                source: [_short_values(table) for table in result.tables if table.questions < count]
                for source, result in written.items()
            },
        }
        tell_json(summary)
        return
    for refusal in found.refused:
        click.echo(f"refused: {refusal}", err=True)
    for source, result in written.items():
        became = Counter(table.became for table in result.tables)
        kept = "".join(
            f", {_number(n, 'file')} {word}" for word, n in sorted(became.items()) if word != "new"
        )
        if result.resumed:
            kept += f", {result.resumed} of them made before an interruption"
        about = f"about {_number(len(found.sheets), 'table')} in {out / source}"
        click.echo(f"{_number(result.questions, 'question')} {about}{kept}")
        _tell_short(result, count)
    for reason, times in rejected.most_common():
        click.echo(f"  rejected {times:8,}  {reason}")


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}{'s' * (count != 1)}"


def _short_values(table: TableQuestions) -> dict[str, object]:
    return {
        "table": table.table,
        "questions": table.questions,
        "tried": table.tried,
        "programs": int(table.possible) if table.possible else None,
        "rejected": dict(table.rejected),
    }


def _tell_short(result: Written, count: int) -> None:
    short = sorted((t for t in result.tables if t.questions < count), key=lambda t: t.questions)
    for table in short[:SHOWN_SHORT]:
        top = Counter(dict(table.rejected)).most_common(3)
        why = ", ".join(f"{times:,} {reason}" for reason, times in top) or "nothing was rejected"
        held = f"  {table.table} holds {table.questions} of {count}: {_search(table)}"
        click.echo(f"{held}; {why}")
    if len(short) > SHOWN_SHORT:
        click.echo(f"  and {len(short) - SHOWN_SHORT} tables more (all with --json)")


def _fewer(possible: int) -> str:
    return f"ask for {'at most ' * (possible > 1)}{possible}, " if possible else ""


def _search(table: TableQuestions) -> str:
    """Say how far a table was searched that gave too little."""
    from tracemill_datagen.question.generate import FRUITLESS

    possible = int(table.possible) if table.possible else None
    if possible is not None and table.tried >= possible:
        return f"all {possible:,} programs tried" if possible > 1 else "its only program tried"
    return f"{table.tried:,} items tried, the last {FRUITLESS:,} gave none"


def _judge(
    written: dict[Source, Written], found: Named, out: Path, count: int, *, at_most: bool
) -> None:
    """End with the exit code of what could not be done.

    Raises:
        BadRequest: if tables hold too little and that is not accepted.
        FaultsFound: if files were refused as tables.
    """
    from tracemill_datagen.errors import BadRequest
    from tracemill_schema.errors import FaultsFound

    tables = [table for result in written.values() for table in result.tables]
    short = [table for table in tables if table.questions < count]
    if short and not at_most:
        least = min(short, key=lambda table: table.questions)
        raise BadRequest(
            f"wanted {count} questions of each table, got fewer of {len(short)} of {len(tables)} "
            f"(fewest: {least.questions} of {least.table}); what was found stands in {out}: "
            f"{_fewer(least.questions)}name larger tables, or accept it with --at-most"
        )
    if found.refused:
        raise FaultsFound(
            f"{len(found.refused)} files were refused as tables; the questions of the others stand "
            f"in {out}"
        )


@question.command("families")
@TABLES_OPTION
@click.argument("more_tables", nargs=-1, type=PATH, metavar="[TABLE]...")
@JSON_OPTION
def list_families(
    *, tables: tuple[Path, ...], more_tables: tuple[Path, ...], as_json: bool
) -> None:
    """List the template families, what each asks, and how many tables have the columns for it.

    \b
    Example: tracemill question families --tables sales.csv
    """
    from tracemill_datagen.command.tell import drawn, tell_json
    from tracemill_datagen.question.family import fits, summary
    from tracemill_datagen.table.named import named_tables
    from tracemill_datagen.table.role import roles_of
    from tracemill_datagen.template.catalogue import TEMPLATES

    counts: Counter[str] = Counter()
    with drawn() as report:
        found = named_tables(
            (*tables, *more_tables), lambda done, total: report("reading tables", done, total)
        )
        for index, sheet in enumerate(found.sheets):
            roles = roles_of(sheet)
            counts.update(t.name for t in TEMPLATES if fits(t, sheet, roles))
            report("trying families", index + 1, len(found.sheets))
    total = len(found.sheets)
    if as_json:
        rows = [
            {"family": t.name, "asks": summary(t), "fits": counts[t.name], "tables": total}
            for t in TEMPLATES
        ]
        tell_json(rows)
        return
    for template in TEMPLATES:
        click.echo(f"{template.name:36} {counts[template.name]:>4} of {total}  {summary(template)}")


for _command in (
    show_questions,
    count_questions,
    explain_question,
    show_gaps,
    validate_questions,
):
    question.add_command(_command)

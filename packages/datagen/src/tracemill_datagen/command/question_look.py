# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""``tracemill question show``, ``stats``, ``gaps`` and ``explain``: look at stored questions."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracemill_datagen.command.table import JSON_OPTION

if TYPE_CHECKING:
    from tracemill_datagen.table.sheet import Sheet
    from tracemill_schema.question import Question

PATH = click.Path(path_type=Path)
WIDE = 48
LONG = ("shape", "table")
"""What has so many values that only the most frequent are printed."""

SHOWN = 10


@click.command("show")
@click.argument("questions", type=PATH, metavar="FILE_OR_FOLDER")
@click.argument("identifier", required=False)
@JSON_OPTION
def show_questions(questions: Path, identifier: str | None, *, as_json: bool) -> None:
    """List the questions of a file or folder, or print one whole with its program.

    \b
    Example: tracemill question show questions/template/penguins.jsonl 3fa9
    """
    from tracemill_datagen.question import file
    from tracemill_schema.canonical import short

    if identifier is None:
        for item in file.questions([questions]):
            click.echo(item.to_bytes() if as_json else f"{short(item.id)}  {item.prompt}")
        return
    found = file.find([questions], identifier)
    if as_json:
        click.echo(found.to_bytes())
        return
    _print_whole(found)


@click.command("stats")
@click.argument("questions", nargs=-1, type=PATH, metavar="[FILE_OR_FOLDER]...")
@JSON_OPTION
def count_questions(questions: tuple[Path, ...], *, as_json: bool) -> None:
    """Count questions by source, family, answer, status, steps and table; ./questions by default.

    Settled: every reading gives the same answer. Stated: the prompt names what makes a difference.
    Open: several answers count.

    \b
    Example: tracemill question stats questions
    """
    from tracemill_datagen.command.tell import drawn, tell_json
    from tracemill_datagen.question.tally import tally

    with drawn() as report:
        counted = tally(
            questions or (Path("questions"),),
            lambda done, total: report("reading questions", done, total),
        )
    if as_json:
        tell_json({"questions": counted.questions, **counted.by})
        return
    click.echo(f"{counted.questions} questions")
    for name, counter in counted.by.items():
        listed = Counter(counter).most_common(SHOWN) if name in LONG else list(counter.items())
        for value, times in listed:
            click.echo(f"  {name:10} {value:{WIDE}} {times:8,}")
        if len(counter) > len(listed):
            click.echo(f"  {name:10} and {len(counter) - len(listed):,} more (all with --json)")


@click.command("gaps")
@click.argument("questions", nargs=-1, type=PATH, metavar="[FILE_OR_FOLDER]...")
@click.option("--tables", multiple=True, type=PATH,
              help="The tables to ask about: a file, a folder, or the name of an embedded one; may "
              "be given again. Without it the embedded tables.")  # fmt: skip
@click.option("--few", type=click.IntRange(1), default=5, show_default=True,
              help="Tell what has fewer questions than this.")  # fmt: skip
@JSON_OPTION
def show_gaps(
    questions: tuple[Path, ...], *, tables: tuple[Path, ...], few: int, as_json: bool
) -> None:
    """Tell which families, operators, answers and difficulties have few questions, and why.

    Of every family with few, some items are drawn of each table and the reasons for which they are
    not kept are counted; so are the tables that lack the columns for it. ./questions by default.

    \b
    Example: tracemill question gaps questions --tables sales.csv
    """
    from tracemill_datagen.command.tell import drawn, tell_json
    from tracemill_datagen.question.gap import gaps
    from tracemill_datagen.question.tally import tally
    from tracemill_datagen.table.named import named_tables

    with drawn() as report:
        counted = tally(
            questions or (Path("questions"),),
            lambda done, total: report("reading questions", done, total),
        )
        found = named_tables(tables, lambda done, total: report("reading tables", done, total))
        lacking = gaps(
            counted,
            found.sheets,
            few=few,
            tell=lambda done, total: report("drawing items", done, total),
        )
    for refusal in found.refused:
        click.echo(f"refused: {refusal}", err=True)
    if as_json:
        rows = [
            {"of": gap.of, "name": gap.name, "questions": gap.questions, "why": gap.why}
            for gap in lacking
        ]
        tell_json({"questions": counted.questions, "few": few, "gaps": rows})
        return
    click.echo(
        f"{counted.questions} questions; {len(lacking)} things with fewer than {few} of them"
    )
    for gap in lacking:
        click.echo(f"  {gap.of:10} {gap.name:36} {gap.questions:4}  {gap.why}")


@click.command("explain")
@click.argument("identifier")
@click.option("--questions", type=PATH, default=Path("questions"), show_default=True,
              help="File or folder that holds the question.")  # fmt: skip
@click.option("--tables", multiple=True, type=PATH,
              help="Its table, a folder that has it, or the name of an embedded one: every reading "
              "is then evaluated again. Without it the folder ./tables and the embedded tables are "
              "looked through.")  # fmt: skip
@JSON_OPTION
def explain_question(
    identifier: str, questions: Path, *, tables: tuple[Path, ...], as_json: bool
) -> None:
    """Print how a question can be read, what each reading gives, and how it was settled.

    IDENTIFIER is the question's id or its first digits, at least 4. The exit code is 1 if a reading
    gives another answer than is stored.

    \b
    Example: tracemill question explain 3fa9 --questions questions --tables sales.csv
    """
    from tracemill_datagen.command.tell import tell_json
    from tracemill_datagen.question import file
    from tracemill_datagen.question.explain import explain, lines_of
    from tracemill_schema.errors import FaultsFound

    found = file.find([questions], identifier)
    explanation = explain(found, _table_of(found, tables))
    if as_json:
        tell_json({
            "id": found.id,
            "prompt": found.prompt,
            "status": explanation.status,
            "readings": [reading.to_values() for reading in explanation.readings],
            "left_out": explanation.left_out,
            "checked": explanation.checked,
            "faults": list(explanation.faults),
        })  # fmt: skip
    else:
        for line in lines_of(found, explanation):
            click.echo(line)
    if explanation.faults:
        raise FaultsFound(f"question {found.id}: {len(explanation.faults)} faults, see above")


def _table_of(found: Question, tables: tuple[Path, ...]) -> Sheet | None:
    """Find a question's table.

    Returns:
        None if no tables were named and it is not among the ones at hand.

    Raises:
        BadRequest: if tables were named and none of them is the question's.
    """
    from tracemill_datagen.errors import BadRequest
    from tracemill_datagen.table.join import Tables
    from tracemill_datagen.table.named import ENDINGS, named_tables

    stored = Path("tables")
    at_hand = stored.is_dir() and any(p.name.endswith(ENDINGS) for p in stored.iterdir())
    for paths in (tables,) if tables else ((stored,), ()) if at_hand else ((),):
        wanted = found.table_id or ""
        sheet = Tables(named_tables(paths).sheets).get(wanted)
        if sheet is not None:
            return sheet
    if not tables:
        return None
    raise BadRequest(
        f"{', '.join(map(str, tables))}: wanted the table {found.table_id} of the question, got "
        "others; name the file that it was made from, or leave --tables away to see what is stored"
    )


def _print_whole(found: Question) -> None:
    from tracemill_schema.answer import show

    click.echo(f"{found.id}\n{found.source} / {found.family}, difficulty {found.difficulty}")
    click.echo(f"\n{found.prompt}\n")
    for answer in found.answers:
        click.echo(f"  answer {show(answer.value)}  ({answer.interpretation})")
    if found.program is not None and found.program.source is not None:
        click.echo(f"\n{found.program.source}", nl=False)

# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""``tracemill question validate``: prove stored questions again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracemill_datagen.command.table import JSON_OPTION

if TYPE_CHECKING:
    from tracemill_datagen.question.validate import Report

PATH = click.Path(path_type=Path)
SHOWN = 50
"""Faults that are printed one by one; all of them with --json."""


@click.command("validate")
@click.argument("questions", nargs=-1, required=True, type=PATH, metavar="FILE_OR_FOLDER...")
@click.option("--tables", multiple=True, type=PATH,
              help="The tables that the questions were made from: a file, a folder, or the name of "
              "an embedded one; may be given again. Without it the embedded tables.")  # fmt: skip
@click.option("--audit", type=click.IntRange(0, 1_000_000), default=0, show_default=True,
              help="Run the pandas text of this many questions in the sandbox, too.")  # fmt: skip
@click.option("--processes", type=click.IntRange(1, 256), default=1, show_default=True,
              help="Files worked on at the same time.")  # fmt: skip
@JSON_OPTION
def validate_questions(
    *,
    questions: tuple[Path, ...],
    tables: tuple[Path, ...],
    audit: int,
    processes: int,
    as_json: bool,
) -> None:
    """Prove stored questions again, by their records and tables alone; exit 1 if one does not hold.

    Each line is read strictly; its table must be the one that it was made from, byte for byte. Two
    engines compute the answer again, and that of every reading; parameters must stand in the
    prompt, no undeclared convention may change the answer, and the words of a procedural question
    must say exactly its program. --audit has pandas compute answers in the sandbox.

    \b
    Example: tracemill question validate questions --tables sales.csv --audit 20
    """
    from tracemill_datagen.command.tell import drawn
    from tracemill_datagen.question.file import question_files
    from tracemill_datagen.question.validate import validate
    from tracemill_datagen.table.named import named_tables

    files = question_files(questions)
    with drawn() as report:
        found = named_tables(tables, lambda done, total: report("reading tables", done, total))
        total = sum(path.read_bytes().count(b"\n") for path in files)
        done = [0] * len(files)

        def told(index: int, lines: int) -> None:
            done[index] = lines
            label = "audit by pandas" if audit and sum(done) == total else "questions"
            report(label, sum(done), total)

        result = validate(files, found.sheets, audited=audit, processes=processes, tell=told)
    for refusal in found.refused:
        click.echo(f"refused: {refusal}", err=True)
    _tell(result, as_json=as_json)


def _tell(result: Report, *, as_json: bool) -> None:
    """Print what was found.

    Raises:
        FaultsFound: if anything was.
    """
    from tracemill_datagen.command.tell import tell_json
    from tracemill_schema.errors import FaultsFound

    kinds: Counter[str] = Counter()
    for fault in result.faults:
        kinds[fault.kind] += fault.concerns
    if as_json:
        tell_json({
            "checked": result.checked,
            "audited": result.audited,
            "kinds": dict(kinds),
            "faults": [
                {
                    "file": str(fault.path),
                    "line": fault.line,
                    "question": fault.question or None,
                    "kind": fault.kind,
                    "concerns": fault.concerns,
                    "wanted": fault.wanted,
                    "got": fault.got,
                }
                for fault in result.faults
            ],
        })  # fmt: skip
    else:
        for fault in result.faults[:SHOWN]:
            click.echo(str(fault))
        if len(result.faults) > SHOWN:
            more = sum(fault.concerns for fault in result.faults[SHOWN:])
            click.echo(f"... and {more} faults more (all with --json)")
        audited = f", {result.audited} run by pandas" if result.audited else ""
        click.echo(f"{result.checked} questions checked{audited}, {kinds.total()} faults")
        for kind, times in kinds.most_common():
            click.echo(f"  {kind:16} {times:6,}")
    if result.faults:
        raise FaultsFound(f"{result.bad} of {result.checked} questions do not hold")

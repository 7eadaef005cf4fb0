# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""``tracemill program``: what the grammar of typed programs reaches."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

from tracemill_datagen.command.table import JSON_OPTION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tracemill_datagen.program.grammar.coverage import Line, Reached, TableClass
    from tracemill_datagen.table.sheet import Sheet


@click.group("program")
def program() -> None:
    """Look at the typed programs that questions are made of."""


@program.command("coverage")
@click.option(
    "--tables", multiple=True, type=click.Path(path_type=Path),
    help="CSV or Parquet files; the embedded tables if none is given.",
)  # fmt: skip
@click.option("--items", type=click.IntRange(1, 100_000), default=500, show_default=True,
              help="Items a table. The floors hold for 500 and more.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@JSON_OPTION
def show_coverage(tables: tuple[Path, ...], items: int, seed: int, *, as_json: bool) -> None:
    """Print each intended property with what shows it; exit code 1 if a floor is missed.

    \b
    Example: tracemill program coverage --tables iris.csv --items 500
    """
    from tracemill_datagen.program.grammar.coverage import matrix, missed
    from tracemill_datagen.question.survey import survey

    reached = survey(_sheets(tables), items=items, seed=seed)
    lines = matrix(reached)
    if as_json:
        click.echo(orjson.dumps(_summary(reached, lines), option=orjson.OPT_SORT_KEYS))
    else:
        _print(reached, lines)
    if missed(lines):
        raise SystemExit(1)


def _sheets(paths: tuple[Path, ...]) -> list[Sheet]:
    from tracemill_datagen.table.store import profiled

    return [sheet for sheet, _ in profiled(list(paths))]


def _summary(reached: Mapping[TableClass, Reached], lines: Sequence[Line]) -> dict[str, object]:
    return {
        "met": all(line.met for line in lines),
        "requirements": [asdict(line) for line in lines],
        "classes": {
            kind: {
                "tables": found.tables,
                "programs": found.programs.total(),
                "deep": found.deep.total(),
                "long": found.long,
                "decisions": found.decisions.total(),
                "operators": dict(sorted(found.operators.items())),
                "rejected": dict(found.rejected.most_common()),
            }
            for kind, found in reached.items()
        },
    }


def _print(reached: Mapping[TableClass, Reached], lines: Sequence[Line]) -> None:
    for line in lines:
        if line.wanted is None:
            click.echo(f"  test   {line.property}: {line.shown_by}")
        else:
            mark = "ok" if line.met else "MISSED"
            click.echo(f"  {mark:7}{line.property}: {line.got} of at least {line.wanted} "
                       f"({line.shown_by})")  # fmt: skip
    for kind, found in reached.items():
        click.echo(f"{kind}: {found.tables} tables, {found.programs.total()} programs pass; not:")
        for reason, times in found.rejected.most_common():
            click.echo(f"  {times:6}  {reason}")

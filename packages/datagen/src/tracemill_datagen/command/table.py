# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""``tracemill table``: the embedded tables, and profiles of your own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

if TYPE_CHECKING:
    from tracemill_schema.table import Table

JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("table")
def table() -> None:
    """Read, profile and list tables."""


@table.command("list")
@JSON_OPTION
def list_tables(*, as_json: bool) -> None:
    """List the embedded tables with their origin and licence.

    \b
    Example: tracemill table list
    """
    from tracemill_datagen.table.embedded import embedded_tables

    tables = embedded_tables()
    if as_json:
        click.echo(orjson.dumps([origin.to_values() for origin in tables]))
        return
    for origin in tables:
        click.echo(f"{origin.name:24} {origin.rows:6} rows  {origin.licence}  ({origin.source})")


@table.command("show")
@click.argument("name")
@JSON_OPTION
def show_table(name: str, *, as_json: bool) -> None:
    """Print the profile of an embedded table, or of a CSV file.

    \b
    Example: tracemill table show penguins
    """
    from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
    from tracemill_datagen.table.profile import profile
    from tracemill_datagen.table.store import profiled

    if Path(name).is_file():
        record = profiled([Path(name)])[0][1]
    else:
        origin = embedded_named(name)
        sheet = embedded_sheet(origin)
        record = profile(sheet, source=origin.source, licence=origin.licence)
    _print(record, as_json=as_json)


@table.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("tables"),
    show_default=True,
    help="Folder for the normal CSV files and their profiles.",
)
@JSON_OPTION
def add_table(files: tuple[Path, ...], out: Path, *, as_json: bool) -> None:
    """Check CSV files, write them in normal form with their profile, and print it.

    \b
    Example: tracemill table add sales.csv --out tables
    """
    from tracemill_datagen.table.store import profiled, store

    for sheet, record in profiled(list(files)):
        store(out, sheet, record)
        _print(record, as_json=as_json)


def _print(record: Table, *, as_json: bool) -> None:
    if as_json:
        click.echo(record.to_bytes())
        return
    click.echo(f"{record.name}: {record.rows} rows, {len(record.columns)} columns")
    click.echo(f"source {record.source}; licence {record.licence}; id {record.id[:16]}")
    for column in record.columns:
        unit = f"  [{column.unit}]" if column.unit else ""
        click.echo(
            f"  {column.name:32} {column.kind:11} {column.distinct:6} distinct "
            f"{column.nulls:6} empty{unit}"
        )

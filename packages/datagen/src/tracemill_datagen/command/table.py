# ruff: noqa: PLC0415 - imports stand inside the commands so that `--help` stays quick
"""``tracemill table``: the embedded tables, and profiles of your own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

if TYPE_CHECKING:
    from tracemill_datagen.table.sheet import Sheet
    from tracemill_schema.table import Table

JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("table")
def table() -> None:
    """Read, profile and list tables."""


@table.command("list")
@JSON_OPTION
def list_tables(*, as_json: bool) -> None:
    """List the embedded tables with their origin and licence.

    Where no table is named, as in `tracemill run`, all are taken but those that are marked
    "by name only".

    \b
    Example: tracemill table list
    """
    from tracemill_datagen.table.embedded import embedded_tables

    tables = embedded_tables()
    if as_json:
        click.echo(orjson.dumps([origin.to_values() for origin in tables]))
        return
    for origin in tables:
        mark = "" if origin.is_default else "  by name only"
        said = f"{origin.licence}  ({origin.source}){mark}"
        click.echo(f"{origin.name:24} {origin.rows:6,} rows  {said}")


@table.command("show")
@click.argument("name")
@JSON_OPTION
def show_table(name: str, *, as_json: bool) -> None:
    """Print the profile of an embedded table, or of a CSV or Parquet file.

    Of each column: its kind and unit; cells that are empty, distinct values, and tied cells (their
    value stands in another cell, too); rows of the smallest and largest group; least, greatest and
    mean value; how the values follow each other down the rows. Notes say what is odd.

    \b
    Example: tracemill table show penguins
    """
    from tracemill_datagen.table.store import profiled_file

    _, record = profiled_file(Path(name)) if Path(name).exists() else _embedded(name)
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
    """Check CSV and Parquet files, write them in normal form with their profile, and print it.

    A file may be packed with gzip, and the name of an embedded table stands for that table. A file
    that is refused stops no other; the exit code is then 1.

    \b
    Example: tracemill table add sales.csv visits.parquet --out tables
    """
    from tracemill_schema.errors import FaultsFound, UsageFault

    first: dict[str, Path] = {}
    refused = 0
    for path in files:
        try:
            became, record = _added(path, out, first)
        except (FaultsFound, UsageFault) as error:
            if len(files) == 1:
                raise
            refused += 1
            _tell_refusal(path, str(error), as_json=as_json)
        else:
            _tell_added(path, became, record, as_json=as_json)
    if refused:
        raise FaultsFound(f"{refused} of {len(files)} files refused; the others stand in {out}")


@table.command("joins")
@click.argument("names", nargs=-1, required=True, type=click.Path(path_type=Path))
@JSON_OPTION
def join_tables(names: tuple[Path, ...], *, as_json: bool) -> None:
    """Tell which tables belong together, and by which columns.

    NAMES are files, folders of files, or embedded tables. Only joins count in which each row of the
    left table finds at most one row of the right one; the best of each two tables is shown.

    \b
    Example: tracemill table joins nyc_flights nyc_planes nyc_airports
    """
    from tracemill_datagen.table.join import joined, joins
    from tracemill_datagen.table.named import named_tables

    found = named_tables(names)
    for why in found.refused:
        click.echo(f"refused: {why}", err=True)
    ties = joins(found.sheets)
    if not ties and not as_json:
        click.echo("none of these tables belong together")
    for join in ties:
        partners = joined(join).rows
        if as_json:
            click.echo(
                orjson.dumps(
                    {
                        "left": join.left.name,
                        "left_key": join.left_key,
                        "right": join.right.name,
                        "right_key": join.right_key,
                        "rows": join.left.rows,
                        "rows_with_partner": partners,
                    }
                )
            )
            continue
        columns = f"{join.left.name}.{join.left_key} = {join.right.name}.{join.right_key}"
        click.echo(f"{columns:60} {partners:,} of {join.left.rows:,} rows have a partner")


def _added(path: Path, out: Path, first: dict[str, Path]) -> tuple[str, Table]:
    """Store the table of one file.

    Args:
        path: The file, or the name of an embedded table.
        out: Folder of the tables.
        first: Names of tables -> the files that they came from; this one is added.

    Returns:
        What became of it, and its profile.
    """
    from tracemill_datagen.table.embedded import embedded_tables
    from tracemill_datagen.table.store import profiled_file, same_name, store, stored_names

    names = {origin.name for origin in embedded_tables()}
    is_embedded = str(path) in names and not path.exists()
    sheet, record = _embedded(str(path)) if is_embedded else profiled_file(path)
    if first.setdefault(record.name, path) != path:
        raise same_name(record.name, first[record.name], path)
    stood = record.name in stored_names(out)
    if not store(out, sheet, record):
        return "unchanged", record
    return ("replaced" if stood else "added"), record


def _embedded(name: str) -> tuple[Sheet, Table]:
    from tracemill_datagen.table.embedded import embedded_named, embedded_sheet
    from tracemill_datagen.table.profile import profile

    origin = embedded_named(name)
    sheet = embedded_sheet(origin)
    return sheet, profile(sheet, source=origin.source, licence=origin.licence)


def _tell_refusal(path: Path, why: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps({"file": str(path), "became": "refused", "why": why}))
    else:
        click.echo(f"refused: {why}", err=True)


def _tell_added(path: Path, became: str, record: Table, *, as_json: bool) -> None:
    if as_json:
        said = {"file": str(path), "became": became, "table": record.to_values()}
        click.echo(orjson.dumps(said))
    else:
        click.echo(f"{became}: {path}")
        _print(record, as_json=False)


def _print(record: Table, *, as_json: bool) -> None:
    from tracemill_datagen.table.show import shown

    if as_json:
        click.echo(record.to_bytes())
    else:
        click.echo(shown(record, width=shutil.get_terminal_size().columns))

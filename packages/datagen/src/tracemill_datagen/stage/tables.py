"""Stage tables: files, or the default embedded tables, become normal CSV with a profile."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tracemill_datagen.table.store import profiled, remove, store, stored_names
from tracemill_schema.canonical import JsonObject
from tracemill_schema.progress import report
from tracemill_schema.record import Record


class TablesConfig(Record):
    """Config of the stage."""

    contract: ClassVar[str] = "config of the tables stage"

    tables: tuple[str, ...] = Field(
        description="paths of CSV or Parquet files; empty for the default embedded ones"
    )
    out: str = Field(min_length=1, description="folder, relative to the workspace")


def run(config: JsonObject, folder: Path) -> JsonObject:
    """Write ``OUT/NAME.csv`` and ``OUT/NAME.table.json`` for every table.

    What already stands there as it should is left alone; tables of an earlier config are removed
    once all new ones have been read.

    Raises:
        RecordError: if the config is wrong.
        NotATable: if a file cannot be read as a table; nothing has been written then.
        BadRequest: if two files have the same name.
    """
    settings = TablesConfig.from_values(config, where="config of the tables stage")
    out = folder / settings.out
    tables = profiled([Path(path) for path in settings.tables])
    names = {sheet.name for sheet, _ in tables}
    for name in stored_names(out):
        if name not in names:
            remove(out, name)
    written = 0
    for index, (sheet, table) in enumerate(tables):
        written += store(out, sheet, table)
        report("tables", index + 1, len(tables), sheet.name)
    return {
        "tables": len(tables),
        "rows": sum(sheet.rows for sheet, _ in tables),
        "written": written,
        "unchanged": len(tables) - written,
    }

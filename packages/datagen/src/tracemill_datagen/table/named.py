"""Tables as a person names them: files, folders of files, and embedded tables by their name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tracemill_datagen.errors import BadRequest, NotATable
from tracemill_datagen.table.embedded import embedded_named, embedded_sheet, embedded_tables
from tracemill_datagen.table.sheet import Sheet
from tracemill_datagen.table.store import profiled_file, same_name

ENDINGS = (".csv", ".tsv", ".parquet", ".csv.gz", ".tsv.gz")
"""How the names of the tables in a folder end; other files of it are passed over."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Named:
    """The tables that were read, in the order of their names' places, and why others were not."""

    sheets: tuple[Sheet, ...]
    refused: tuple[str, ...]


def named_tables(paths: Sequence[Path], tell: Tell = lambda _done, _total: None) -> Named:
    """Read the tables that paths name; without any the default embedded ones.

    Args:
        paths: Files, folders, or names of embedded tables.
        tell: Called with (tables read, tables in all).

    Raises:
        NotATable: if the only file cannot be read as a table; one of several is only told.
        BadRequest: if a folder holds no tables, or two files would be tables of the same name.
    """
    names = {origin.name for origin in embedded_tables()}
    if paths:
        sources = [source for path in paths for source in _sources(path, names)]
    else:
        sources = [Path(origin.name) for origin in embedded_tables() if origin.is_default]
    sources = list(dict.fromkeys(sources))
    first: dict[str, Path] = {}
    sheets: list[Sheet] = []
    refused: list[str] = []
    for index, source in enumerate(sources):
        try:
            sheet = _read(source, names)
        except NotATable as error:
            if len(sources) == 1:
                raise
            refused.append(str(error))
            continue
        if first.setdefault(sheet.name, source) != source:
            raise same_name(sheet.name, first[sheet.name], source)
        sheets.append(sheet)
        tell(index + 1, len(sources))
    return Named(sheets=tuple(sheets), refused=tuple(refused))


def _sources(path: Path, names: set[str]) -> list[Path]:
    if not path.is_dir() or str(path) in names:
        return [path]
    found = sorted(p for p in path.iterdir() if p.name.lower().endswith(ENDINGS) and p.is_file())
    if not found:
        raise BadRequest(
            f"{path}: wanted tables in it ({', '.join(ENDINGS)}), got none; name a file or another "
            "folder, or give no table for the embedded ones"
        )
    return found


def _read(source: Path, names: set[str]) -> Sheet:
    if str(source) in names and not source.is_file():
        return embedded_sheet(embedded_named(str(source)))
    return profiled_file(source)[0]

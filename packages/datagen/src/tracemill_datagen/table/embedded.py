"""The tables that ship with the package, all in the public domain, CC0 or of the US government.

``data/sources.json`` records for each file where it came from, its licence and its SHA-256. The
files are byte for byte as their sources gave them, or a sample of their lines, byte for byte, by
the rule that stands there.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import ClassVar

from pydantic import Field

from tracemill_datagen.errors import BadRequest, StaleInput
from tracemill_datagen.table.reader import parse_sheet
from tracemill_datagen.table.sheet import Sheet
from tracemill_schema.canonical import ContentHash
from tracemill_schema.record import Name, Record

_FOLDER = files("tracemill_datagen") / "table" / "data"


class Embedded(Record):
    """One embedded table's origin."""

    name: Name
    file: str = Field(description="file name beside sources.json")
    source: str = Field(description="package and version that the file was taken from")
    licence: str
    sha256: ContentHash
    rows: int = Field(ge=1)
    sample: str | None = Field(
        default=None, description="rule by which lines were taken; null for the whole file"
    )
    is_default: bool = Field(
        default=True, description="whether it is taken where no table is named, as in the demo"
    )


class Sources(Record):
    """The content of sources.json."""

    contract: ClassVar[str] = "sources.json of the embedded tables"

    tables: tuple[Embedded, ...]


def embedded_tables() -> tuple[Embedded, ...]:
    """Return the origins of all embedded tables, by name."""
    data = (_FOLDER / "sources.json").read_bytes()
    return Sources.from_bytes(data, where="sources.json").tables


def embedded_named(name: str) -> Embedded:
    """Return one embedded table's origin.

    Raises:
        BadRequest: if there is none of that name.
    """
    tables = embedded_tables()
    for table in tables:
        if table.name == name:
            return table
    names = ", ".join(table.name for table in tables)
    raise BadRequest(f"no embedded table {name!r}: wanted one of {names}, or a CSV file's path")


def embedded_sheet(table: Embedded) -> Sheet:
    """Read an embedded table.

    Raises:
        StaleInput: if the file is not the one that sources.json records.
    """
    data = (_FOLDER / table.file).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != table.sha256:
        remedy = "install the package again"
        raise StaleInput(where=table.file, wanted=table.sha256, got=digest, remedy=remedy)
    return parse_sheet(data, name=table.name, where=table.file)

"""table.v1: a table as it was profiled."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from tracemill_schema.canonical import ContentHash
from tracemill_schema.record import Record

ColumnKind = Literal["number", "integer", "category", "datetime", "text", "boolean", "identifier"]


class Column(Record):
    """One column and what is known of its values."""

    name: str = Field(min_length=1, description="name as it stands in the file's header")
    kind: ColumnKind = Field(description="identifier columns are never measured as quantities")
    nulls: int = Field(ge=0, description="cells without a value")
    distinct: int = Field(ge=0, description="distinct values, nulls not counted")
    unit: str | None = Field(description="unit hint taken from the name, for instance mm; or null")


class Table(Record):
    """A profiled table; its id is the SHA-256 of the file's bytes, not of this record."""

    contract: ClassVar[str] = "table.v1"

    id: ContentHash
    name: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, description="where the file came from, as a person says it")
    licence: str = Field(min_length=1, description="licence of the data; 'unstated' for a user's")
    rows: int = Field(ge=1, description="data rows, the header not counted")
    columns: tuple[Column, ...] = Field(min_length=1)

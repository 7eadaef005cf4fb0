"""table.v1: a table as it was profiled.

``facts`` came after the first profiles were written. It may be null or absent there, and is always
given by ``tracemill table`` and the tables stage of today.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from tracemill_schema.canonical import ContentHash
from tracemill_schema.record import Record

ColumnKind = Literal["number", "integer", "category", "datetime", "text", "boolean", "identifier"]

Order = Literal[
    "constant",
    "strictly increasing",
    "increasing",
    "strictly decreasing",
    "decreasing",
    "unordered",
]


class GroupSizes(Record):
    """How many rows the groups of a column have; a group is all rows of one value."""

    smallest: int = Field(ge=1, description="rows of the smallest group")
    median: int = Field(ge=1, description="rows of the median group, of two medians the lower")
    largest: int = Field(ge=1, description="rows of the largest group")


class ColumnFacts(Record):
    """What a question must know of a column before it asks; cells without a value count nowhere."""

    ties: int = Field(ge=0, description="cells whose value stands in another cell, too")
    groups: GroupSizes | None = Field(
        description="sizes of the groups; null for numbers, datetimes and columns without values"
    )
    order: Order | None = Field(
        description="how the values follow each other down the rows, texts by code point; null "
        "without values"
    )
    minimum: int | float | str | None = Field(
        description="least of the numbers or earliest of the moments; null for other kinds"
    )
    maximum: int | float | str | None = Field(
        description="greatest of the numbers or latest of the moments; null for other kinds"
    )
    mean: float | None = Field(
        description="arithmetic mean of the numbers; null for other kinds, for calendar parts, "
        "labels and coordinates, and beyond a double"
    )
    number_like: int = Field(
        ge=0, description="cells of a column of texts that are written like a number"
    )
    identified_by: str | None = Field(
        description="rule by which the column is an identifier; null for other kinds"
    )


class TableFacts(Record):
    """What a question must know of a table before it asks."""

    duplicate_rows: int = Field(ge=0, description="rows that equal an earlier row in every cell")
    keys: tuple[tuple[str, ...], ...] = Field(
        description="columns without nulls that tell every row apart: single ones, else pairs"
    )
    notes: tuple[str, ...] = Field(
        description="what reading changed or could not decide, a sentence each"
    )


class Column(Record):
    """One column and what is known of its values."""

    name: str = Field(min_length=1, description="name as it stands in the file's header")
    kind: ColumnKind = Field(description="identifier columns are never measured as quantities")
    nulls: int = Field(ge=0, description="cells without a value")
    distinct: int = Field(ge=0, description="distinct values, nulls not counted")
    unit: str | None = Field(
        description="unit hint from the name or the cells, for instance mm; or null"
    )
    facts: ColumnFacts | None = Field(
        default=None, description="further facts; null in a profile from before they were counted"
    )


class Table(Record):
    """A profiled table; its id is the SHA-256 of the file's bytes, not of this record."""

    contract: ClassVar[str] = "table.v1"

    id: ContentHash
    name: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, description="where the file came from, as a person says it")
    licence: str = Field(min_length=1, description="licence of the data; 'unstated' for a user's")
    rows: int = Field(ge=1, description="data rows, the header not counted")
    columns: tuple[Column, ...] = Field(min_length=1)
    facts: TableFacts | None = Field(
        default=None, description="further facts; null in a profile from before they were counted"
    )

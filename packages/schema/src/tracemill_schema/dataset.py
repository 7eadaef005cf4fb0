"""dataset.v1: the manifest of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from tracemill_schema.canonical import ContentHash
from tracemill_schema.record import Identified, Instant, Record

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")


class DataFile(Record):
    """One file of a dataset, relative to the manifest."""

    path: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_./-]*$", description="relative, no ..")
    sha256: ContentHash
    rows: int = Field(ge=1, description="records, one a line")
    bytes: int = Field(ge=1, description="size in bytes")


class Counts(Record):
    """Traces by source, family, split and composition bucket; each mapping adds up to total."""

    total: int = Field(ge=1, description="traces in the dataset")
    source: dict[str, int] = Field(description="source -> traces of its questions")
    family: dict[str, int] = Field(description="family -> traces of its questions")
    split: dict[str, int] = Field(description="split -> traces in it")
    bucket: dict[str, int] = Field(description="composition bucket -> traces in it")


class OverlapReport(Record):
    """What was removed as a duplicate and what was found across splits."""

    duplicates_removed: int = Field(ge=0, description="traces left out as duplicates")
    overlap_between_splits: int = Field(
        ge=0, le=0, description="traces that stand in two splits; always 0: anything else refuses"
    )
    method: str


class Dataset(Identified):
    """A dataset that can be rebuilt and checked; ``created_at`` is not part of its id."""

    contract: ClassVar[str] = "dataset.v1"
    id_excludes: ClassVar[Mapping[str, Any]] = {"created_at": True}

    key: str = Field(pattern=r"^[a-z][a-z0-9-]*-v[1-9][0-9]*$", description="name-vN")
    version: int = Field(ge=1, description="number N of the key's name-vN")
    created_at: Instant
    source: str = Field(min_length=1, description="what it was built from, in words")
    schema_versions: dict[str, str] = Field(description="contract name -> version")
    generator_version: str
    source_tree: ContentHash = Field(description="digest of the generator's own source files")
    seed: int = Field(ge=0, description="number that splits were drawn with")
    counts: Counts
    files: tuple[DataFile, ...] = Field(min_length=1)
    split_rule: str = Field(min_length=1)
    overlap: OverlapReport
    licences: dict[str, int] = Field(description="licence -> traces under it")

"""bundle.v1: the manifest of a submission bundle."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from tracemill_schema.canonical import ContentHash
from tracemill_schema.record import Identified, Record


class BundleFile(Record):
    """One file of the bundle."""

    path: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_./-]*$", description="relative, no ..")
    sha256: ContentHash
    bytes: int = Field(ge=0, description="size in bytes")
    licence: str = Field(min_length=1)
    made_from: tuple[ContentHash, ...] = Field(description="ids of what it was made from")


class Bundle(Identified):
    """A bundle: every file, what it was made from, and the evidence that it rests on."""

    contract: ClassVar[str] = "bundle.v1"

    name: str = Field(min_length=1)
    status: Literal["rehearsal", "final"]
    rehearsal_reasons: tuple[str, ...] = Field(description="what keeps it from being final")
    files: tuple[BundleFile, ...] = Field(min_length=1)
    evidence: dict[str, ContentHash] = Field(description="gate -> digest of its evidence file")
    dataset_id: ContentHash
    model: ContentHash = Field(description="digest of the checkpoint")

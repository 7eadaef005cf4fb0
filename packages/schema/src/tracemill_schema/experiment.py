"""experiment.v1: a card that says beforehand what would count as success."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from tracemill_schema.record import Record


class Experiment(Record):
    """One planned experiment."""

    contract: ClassVar[str] = "experiment.v1"

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")
    hypothesis: str = Field(min_length=1)
    dataset: str = Field(min_length=1, description="dataset key")
    model: str = Field(min_length=1)
    protocol: str = Field(min_length=1)
    metric: str = Field(min_length=1, description="JSON pointer into evaluation.v1")
    success: str = Field(min_length=1, description="expression over evaluation.v1's fields")
    seeds: int = Field(ge=1, description="number of runs, each with its own seed")
    status: Literal["planned", "running", "succeeded", "failed", "abandoned"]

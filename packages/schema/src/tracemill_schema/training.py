"""training.v1: ``run_manifest.json``, what a finished training was."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from tracemill_schema.canonical import ContentHash, Value
from tracemill_schema.record import Instant, Name, Record


class Device(Record):
    """What the arrays lived on."""

    kind: str = Field(min_length=1, description="for instance cpu or TPU v5 lite")
    count: int = Field(ge=1, description="number of devices")


class Loss(Record):
    """Mean loss per trained token after one step."""

    step: int = Field(ge=1, description="steps taken so far")
    loss: float = Field(ge=0, description="nats per trained token")
    tokens: int = Field(ge=0, description="processed tokens so far, padding not counted")


class Checkpoint(Record):
    """A checkpoint folder, relative to the manifest."""

    step: int = Field(ge=0, description="steps taken before it was saved")
    path: str = Field(min_length=1)
    sha256: ContentHash = Field(description="digest of the folder's files")


class Training(Record):
    """A finished training; every field has a value."""

    contract: ClassVar[str] = "training.v1"

    model: str = Field(min_length=1)
    objective: Name = Field(description="what is learned: traces or answers")
    parameters: int = Field(ge=1, description="trained weights")
    base_weights: str = Field(min_length=1, description="digest of the start, or 'random:SEED'")
    dataset_id: ContentHash
    dataset_key: str
    config: dict[str, Value]
    seed: int = Field(ge=0, description="number that weights and order were drawn with")
    device: Device
    steps: int = Field(ge=1, description="optimizer steps taken")
    tokens: int = Field(ge=1, description="processed tokens, padding not counted")
    trained_tokens: int = Field(ge=1, description="tokens that the loss looked at")
    wall_seconds: float = Field(
        ge=0, description="wall seconds over all calls, compiling and saving included"
    )
    stopped_by: Name = Field(description="max_steps, max_tokens, max_examples or time_budget")
    losses: tuple[Loss, ...] = Field(min_length=1)
    checkpoints: tuple[Checkpoint, ...] = Field(min_length=1)
    versions: dict[str, str]
    finished_at: Instant

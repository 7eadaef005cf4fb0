"""The settings of the four stages: closed records, every value with its unit and its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from tracemill_schema.canonical import JsonObject, Value
from tracemill_schema.dataset import Split
from tracemill_schema.example import Form
from tracemill_schema.record import Name, Record
from tracemill_trainer.tokenizer import VOCABULARY

FOLDER = r"^(?:[^/]+/)*[a-z][a-z0-9_-]{0,50}$"
"""A path below the workspace whose last part is a lower-case name: the gate of its evidence is
called after it."""

OBJECTIVES: Mapping[Form, str] = {"trace": "traces", "answer": "answers"}
"""What training.v1 says is learned from the examples of a form."""

DeviceKind = Literal["auto", "cpu", "gpu", "tpu"]


class ModelConfig(Record):
    """The shape of a decoder; the default has 0.8 M weights (FACTS of the headline probe)."""

    vocabulary: int = Field(default=VOCABULARY, ge=1, description="token ids")
    width: int = Field(default=128, ge=8, description="of the residual stream")
    layers: int = Field(default=4, ge=1)
    heads: int = Field(default=4, ge=1, description="query heads")
    kv_heads: int = Field(default=2, ge=1, description="key-value heads, each shared by a group")
    head_width: int = Field(default=32, ge=2, description="of a head; even, its halves are paired")
    hidden: int = Field(default=384, ge=8, description="of the feed-forward part")
    rope_theta: float = Field(default=10_000.0, gt=1, description="base of the rotary angles")
    norm_epsilon: float = Field(default=1e-6, gt=0)
    tied: bool = Field(default=True, description="the embedding is also the output matrix")
    start_deviation: float = Field(default=0.05, gt=0, description="of the random start")

    @model_validator(mode="after")
    def _heads_fit(self) -> Self:
        if self.heads % self.kv_heads:
            raise ValueError(f"{self.heads} heads cannot share {self.kv_heads} key-value heads")
        if self.head_width % 2:
            raise ValueError(f"head_width {self.head_width} is odd, its halves must pair")
        return self

    @property
    def end_deviation(self) -> float:
        """Start deviation of the matrices that write into the stream (Radford et al. 2019)."""
        return self.start_deviation / math.sqrt(2 * self.layers)


class OptimizerConfig(Record):
    """AdamW with a linear warmup and a cosine decay."""

    learning_rate: float = Field(default=3e-3, gt=0, description="at the end of the warmup")
    warmup_share: float = Field(default=0.05, ge=0, lt=1, description="of the planned steps")
    end_share: float = Field(default=0.1, ge=0, le=1, description="of the rate at the last step")
    beta1: float = Field(default=0.9, ge=0, lt=1)
    beta2: float = Field(default=0.95, ge=0, lt=1)
    weight_decay: float = Field(default=0.01, ge=0, description="on matrices only")
    clip_norm: float = Field(default=1.0, gt=0, description="greatest norm of all gradients")


class TrainConfig(Record):
    """Settings of the stage ``train``; paths are relative to the workspace."""

    dataset: str = Field(min_length=1, description="folder of the dataset, datasets/KEY")
    out: str = Field(pattern=FOLDER, description="folder of the model, models/NAME")
    form: Form = "trace"
    families: tuple[Name, ...] = Field(default=(), description="to train on; none means all")
    seed: int = Field(default=0, ge=0)
    max_tokens: int | None = Field(
        default=None, ge=1, description="processed tokens: fed forward, padding not counted"
    )
    max_steps: int | None = Field(default=None, ge=1)
    max_examples: int | None = Field(default=None, ge=1, description="shown, repeats counted")
    time_budget_minutes: float | None = Field(
        default=None, gt=0, description="of this call, compiling and saving counted"
    )
    batch_rows: int = Field(default=16, ge=1)
    row_tokens: int = Field(default=128, ge=8)
    readiness: str = Field(
        default="evidence/readiness.json",
        min_length=1,
        description="evidence file that a training longer than a smoke needs",
    )
    smoke: str = Field(
        default="evidence/train-smoke.json",
        min_length=1,
        description="evidence file of the smoke that readiness was judged by",
    )
    max_too_long_share: float = Field(
        default=0.01, ge=0, le=1, description="examples longer than a row that are left out"
    )
    checkpoint_every: int = Field(default=50, ge=1, description="steps")
    keep_last: int = Field(default=2, ge=1, description="checkpoints beside step 0")
    device: DeviceKind = "auto"
    on_other: Literal["refuse", "set_aside"] = Field(
        default="refuse", description="if the folder holds a training of other settings or data"
    )
    model: ModelConfig = ModelConfig()
    optimizer: OptimizerConfig = OptimizerConfig()

    @model_validator(mode="after")
    def _ends_some_day(self) -> Self:
        limits = (self.max_tokens, self.max_steps, self.max_examples, self.time_budget_minutes)
        if all(limit is None for limit in limits):
            names = "max_tokens, max_steps, max_examples, time_budget_minutes"
            raise ValueError(f"a training needs an end: give at least one of {names}")
        return self

    def identity(self) -> JsonObject:
        """Return what decides the result: all but where it runs, how often it saves, how long."""
        elsewhere = {
            "dataset", "out", "time_budget_minutes", "checkpoint_every", "keep_last",
            "device", "on_other", "readiness", "smoke",
        }  # fmt: skip
        return self.model_dump(mode="json", exclude=elsewhere, exclude_none=True)

    def shown(self) -> dict[str, Value]:
        """Return the settings for the manifest, those that are not set left out."""
        return self.model_dump(mode="json", exclude_none=True)


class SmokeStageConfig(Record):
    """Settings of the stage ``smoke``."""

    device: DeviceKind = "auto"
    steps: int = Field(default=40, ge=20, le=500)
    evidence: str = Field(default="evidence/train-smoke.json", min_length=1)


class CompleteConfig(Record):
    """Settings of the stage ``complete``."""

    model: str = Field(min_length=1, description="folder of a finished training, models/NAME")
    step: int | None = Field(default=None, ge=0, description="0 = untrained start, null = last")
    dataset: str = Field(min_length=1)
    split: Split = "test"
    families: tuple[Name, ...] = ()
    n: int = Field(default=300, ge=1, description="questions, those with the smallest ids")
    out: str = Field(min_length=1, description="folder, evaluations/NAME")
    max_new_tokens: int = Field(default=96, ge=1)
    batch_rows: int = Field(default=100, ge=1, description="questions answered at a time")
    device: DeviceKind = "auto"


class EvaluateConfig(Record):
    """Settings of the stage ``evaluate``."""

    completions: str = Field(min_length=1, description="file, evaluations/NAME/completions.jsonl")
    dataset: str = Field(min_length=1)
    split: Split = "test"
    model: str = Field(min_length=1, description="folder of the training that wrote them")
    out: str = Field(pattern=FOLDER, description="folder, evaluations/NAME")

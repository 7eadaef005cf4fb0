"""What a dataset is built from and how: the config of a run of kind ``dataset``."""

from __future__ import annotations

from pydantic import Field

from tracemill_datagen.dataset.split import Shares
from tracemill_schema.record import Record


class DatasetConfig(Record):
    """Folders are relative to the workspace; those that are missing hold nothing."""

    tasks: str = Field(default="tasks", min_length=1, description="reasoning tasks")
    traces: str = Field(default="traces", min_length=1, description="traces by source")
    questions: str = Field(default="questions", min_length=1, description="questions by source")
    episodes: str | None = Field(
        default=None,
        min_length=1,
        description="episodes by source, which prove what traces about tables quote; null leaves "
        "quotes unproved",
    )
    out: str = Field(default="datasets", min_length=1, description="folder of all datasets")
    key: str = Field(pattern=r"^[a-z][a-z0-9-]*-v[1-9][0-9]*$", description="name-vN")
    seed: int = Field(default=0, ge=0, description="seed of the split rule")
    source: str = Field(min_length=1, description="what it is built from, in words")
    shares: Shares = Shares()
    give_up: bool = Field(
        default=False, alias="replace", description="give up an existing version of this key"
    )
    evidence: str = Field(default="evidence", min_length=1, description="folder of evidence")

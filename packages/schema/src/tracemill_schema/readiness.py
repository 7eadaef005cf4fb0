"""What stands between a dataset and a long training: checks found by name, and their faults.

Each package that knows when a training would be wasted offers a check among the entry points
``tracemill.readiness_checks``. Every fault that one reports is critical: it blocks the training.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal, Protocol

from pydantic import Field

from tracemill_schema.canonical import short
from tracemill_schema.record import Record

READINESS_GROUP = "tracemill.readiness_checks"
SOURCE_GROUP = "tracemill.sources"
"""Entry points name -> function that returns the digest of a source as it is installed."""

READINESS_GATE = "readiness"
SMOKE_GATE = "train-smoke"
TRAINER_SOURCE = "trainer_source"
SCHEMA_SOURCE = "schema_source"
"""The versions that name the code of a training: digests of the two packages' source, see
``canonical.tree_digest``. The evidence of smoke and readiness and every training carry them."""

LIBRARIES = (
    "tracemill-trainer", "tracemill-schema", "jax", "jaxlib", "flax", "optax",
    "orbax-checkpoint", "grain", "numpy",
)  # fmt: skip
"""Distributions whose versions can change what a training gives; all that carry the two sources
carry these versions too, and that of ``python``."""

FaultClass = Literal[
    "record",
    "replay",
    "alignment",
    "grounding",
    "duplicate",
    "overlap",
    "manifest",
    "smoke",
    "unchecked",
]
"""record: a line breaks its contract, has not the id of its content or is not of what it names.
replay: a claim, a text or an answer is not what computing it again gives. alignment: turns, steps
or examples do not stand with what they were made of. grounding: a hook or a quoted value stands on
no executed line. duplicate: an id, or a prompt with its answer, stands there twice. overlap: two
splits share a question. manifest: files are not those that the manifest lists and counts. smoke:
training was not proved to work with the trainer that is installed. unchecked: a check looked at
nothing."""


class ReadinessFault(Record):
    """One reason why a dataset must not be trained on."""

    contract: ClassVar[str] = "readiness fault"

    kind: FaultClass
    offender: str = Field(description="id of the record or digest at fault; empty if none is known")
    file: str = Field(min_length=1, description="relative to what was checked")
    line: int = Field(ge=0, description="counted from 1; 0 for the file as a whole")
    pointer: str = Field(description="JSON pointer into the line; empty for the whole line")
    reason: str = Field(min_length=1, description="what was wanted and what was got")

    def __str__(self) -> str:
        place = f"{self.file} line {self.line}" if self.line else self.file
        place = f"{place} {self.pointer}" if self.pointer else place
        culprit = f" {short(self.offender)}" if self.offender else ""
        return f"{self.kind}{culprit} at {place}: {self.reason}"


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What a check found.

    Attributes:
        checked: Things looked at; zero is never green.
        faults: All faults, in the order in which they were found.
    """

    checked: int
    faults: tuple[ReadinessFault, ...]


Tick = Callable[[int, int], None]
"""``tick(done, total)`` is told how far a check is."""


class ReadinessCheck(Protocol):
    """``check(dataset, episodes, tick)`` examines a dataset that is about to be trained on.

    It returns faults and never raises for a bad dataset; it raises a ``TracemillError`` with exit
    code 3 where it cannot look at all.
    """

    def __call__(self, dataset: Path, episodes: Path | None, tick: Tick) -> Examined:
        """Return what was found.

        Args:
            dataset: Folder of the dataset.
            episodes: Folder of the episodes that its traces about tables were made of, if at hand.
            tick: Told how far it is.
        """
        ...


def other_version(said: Mapping[str, str], installed: Mapping[str, str]) -> str:
    """Say which version that evidence names is not the installed one; empty if all are."""
    for name, here in installed.items():
        there = said.get(name, "none")
        if there != here:
            return f"{name} {_readable(there)}, installed is {_readable(here)}"
    return ""


def _readable(version: str) -> str:
    return short(version) if re.fullmatch("[0-9a-f]{64}", version) else version


SHOWN = 20
"""Faults that a message lists; more would push the first ones off the screen."""


def listed(faults: Sequence[ReadinessFault], *, rest: Path) -> tuple[str, ...]:
    """Return the first faults, one a line, and where the rest stands."""
    told = tuple(str(fault) for fault in faults[:SHOWN])
    more = len(faults) - SHOWN
    return (*told, f"and {more} more in {rest}") if more > 0 else told


def faults_path(evidence: Path) -> Path:
    """Return where the faults lie that the readiness evidence of this file counts."""
    return evidence.with_suffix(".faults.jsonl")

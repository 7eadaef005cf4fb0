"""The run handler ``readiness``: the stage that stands before every training of a pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tracemill_gate.clock import now
from tracemill_gate.errors import GateRed
from tracemill_gate.readiness import (
    Files,
    Readiness,
    installed_checks,
    installed_versions,
    judge_readiness,
)
from tracemill_schema import progress
from tracemill_schema.canonical import JsonObject
from tracemill_schema.readiness import Tick, faults_path, listed
from tracemill_schema.record import Record


class ReadinessConfig(Record):
    """What to judge; paths are relative to the workspace."""

    contract: ClassVar[str] = "settings of the stage readiness"

    dataset: str = Field(min_length=1, description="folder of the dataset")
    episodes: str | None = Field(
        default=None, min_length=1, description="folder of the episodes that its traces quote"
    )
    smoke: str = Field(default="evidence/train-smoke.json", min_length=1)
    evidence: str = Field(default="evidence/readiness.json", min_length=1)


def run(config: JsonObject, folder: Path) -> JsonObject:
    """Judge the dataset that ``config`` (a ``ReadinessConfig``) names.

    Raises:
        GateRed: it must not be trained on; the message lists the faults.
        CannotJudge: there is nothing to judge it by.
    """
    settings = ReadinessConfig.from_values(config, where="config of the stage readiness")
    found = judge(
        settings, folder, tick=lambda done, total: progress.report("readiness", done, total)
    )
    refuse_red(found, settings.dataset, folder / settings.evidence)
    return {"checked": found.checked, "evidence": settings.evidence}


def judge(config: ReadinessConfig, folder: Path, *, tick: Tick) -> Readiness:
    """Judge what the config names; see ``judge_readiness``."""
    files = Files(
        dataset=folder / config.dataset,
        episodes=None if config.episodes is None else folder / config.episodes,
        smoke=folder / config.smoke,
        evidence=folder / config.evidence,
    )
    return judge_readiness(
        files, installed_checks(), installed=installed_versions(), clock=now, tick=tick
    )


def refuse_red(found: Readiness, dataset: str, evidence: Path) -> None:
    """Say which faults block a training.

    Raises:
        GateRed: there is one.
    """
    if found.green:
        return
    told = listed(found.faults, rest=faults_path(evidence))
    count = f"{len(found.faults)} critical fault{'' if len(found.faults) == 1 else 's'}"
    raise GateRed("\n  ".join((f"{dataset} is not ready to be trained on: {count}", *told)))

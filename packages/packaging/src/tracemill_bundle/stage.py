"""The run handler ``bundle``: the stage that the pipeline ends with."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field

from tracemill_bundle.build import Built, Progress, build
from tracemill_bundle.collect import Sources
from tracemill_bundle.signature import load_private
from tracemill_schema.canonical import JsonObject
from tracemill_schema.progress import report
from tracemill_schema.record import Name, Record

KEY_VARIABLE = "TRACEMILL_SIGNING_KEY"
"""Environment variable with the path of the private key; unset means unsigned."""


class BundleConfig(Record):
    """What to bundle; every path is relative to the workspace."""

    dataset: str = Field(min_length=1, description="folder of the dataset")
    models: tuple[str, ...] = Field(min_length=1, description="folders; the first is the subject")
    evaluations: tuple[str, ...] = Field(min_length=1, description="folders of the evaluations")
    evidence: str = Field(min_length=1, description="folder of the evidence files")
    out: str = Field(min_length=1, description="folder that the bundle is written to")
    name: Name = Field(description="name of the bundle and of its archive")
    rehearsal: bool = Field(description="whether it may lack what a final bundle needs")
    gate_evidence: str | None = Field(
        default=None, description="folder of the evidence that carries a git tree"
    )


def run(config: JsonObject, folder: Path) -> JsonObject:
    """Build the bundle that the config describes; see ``build`` for what it raises."""
    key = os.environ.get(KEY_VARIABLE)
    checked = BundleConfig.from_values(config, where="config of the stage bundle")
    built = bundle(checked, folder, key=Path(key) if key else None, progress=report)
    return summary(built, folder)


def bundle(config: BundleConfig, folder: Path, *, key: Path | None, progress: Progress) -> Built:
    """Build a bundle in a workspace, signed if a private key is named."""
    gate = config.gate_evidence
    sources = Sources(
        dataset=folder / config.dataset,
        models=tuple(folder / model for model in config.models),
        evaluations=tuple(folder / found for found in config.evaluations),
        evidence=folder / config.evidence,
        gate_evidence=None if gate is None else folder / gate,
    )
    return build(
        sources,
        out=folder / config.out,
        name=config.name,
        rehearsal=config.rehearsal,
        key=None if key is None else load_private(key),
        progress=progress,
    )


def summary(built: Built, folder: Path) -> JsonObject:
    """Return what the stage says of itself."""
    manifest = built.manifest
    return {
        "path": Path(os.path.relpath(built.path, folder)).as_posix(),
        "id": manifest.id,
        "status": manifest.status,
        "reasons": list(manifest.rehearsal_reasons),
        "files": len(manifest.files),
        "bytes": built.path.stat().st_size,
        "reused": built.reused,
    }

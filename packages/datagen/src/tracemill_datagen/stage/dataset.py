"""Stage dataset: build, verify, and leave the evidence of gate ``dataset``."""

from __future__ import annotations

from pathlib import Path

from tracemill_datagen.dataset.builder import build
from tracemill_datagen.dataset.clock import Clock, utc_now
from tracemill_datagen.dataset.config import DatasetConfig
from tracemill_datagen.dataset.evidence import GATE, evidence_of
from tracemill_schema import progress
from tracemill_schema.canonical import JsonObject, canonical_bytes
from tracemill_schema.jsonl import write_record


def run(config: JsonObject, folder: Path, *, now: Clock = utc_now) -> JsonObject:
    """Build what ``config`` (a ``DatasetConfig``) asks for, verify it and write the evidence.

    Raises:
        FaultyLines: if an input line or a step is wrong; nothing is published then.
        NothingToWrite: if there is no trace.
        VersionExists: if the key stands for other content and ``replace`` is not set.
    """
    settings = DatasetConfig.from_bytes(canonical_bytes(config), where="config of run kind dataset")
    built = build(
        settings,
        folder,
        now=now,
        report=progress.report,
    )
    evidence = evidence_of(
        built.manifest, built.verified, started=built.started, finished=built.finished
    )
    write_record(folder / settings.evidence / f"{GATE}.json", evidence)
    manifest = built.manifest
    return {
        "key": manifest.key,
        "id": manifest.id,
        "folder": f"{settings.out}/{settings.key}",
        "kept": built.kept,
        "traces": manifest.counts.total,
        "counts": manifest.counts.to_values(),
        "duplicates_removed": manifest.overlap.duplicates_removed,
        "verified": built.verified.traces,
        "quotes": built.verified.quotes,
        "unproved_quotes": built.verified.unproved,
    }

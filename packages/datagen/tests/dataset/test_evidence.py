"""Evidence counts what was looked at and what failed, and names the dataset by its id."""

from __future__ import annotations

from pathlib import Path

from tracemill_datagen.dataset.errors import LineFault
from tracemill_datagen.dataset.evidence import evidence_of
from tracemill_datagen.dataset.verify import Verified
from tracemill_schema.dataset import Dataset
from tracemill_schema.jsonl import read_record

WHEN = "2026-01-02T03:04:05Z"


def test_evidence_of_a_sound_and_of_a_faulty_dataset(folder: Path) -> None:
    manifest = read_record(folder / "manifest.json", Dataset)
    sound = evidence_of(
        manifest, Verified(manifest=manifest, traces=34, faults=()), started=WHEN, finished=WHEN
    )
    assert sound.subject[0].digest.sha256 == manifest.id
    predicate = sound.predicate
    assert (predicate.gate, predicate.device) == ("dataset", "cpu")
    assert (predicate.passed, predicate.failed, predicate.checked) == (34, 0, 34)
    faults = (LineFault(file="x", line=1, reason="y"),)
    faulty = evidence_of(
        manifest, Verified(manifest=manifest, traces=34, faults=faults), started=WHEN, finished=WHEN
    )
    assert (faulty.predicate.passed, faulty.predicate.failed) == (33, 1)

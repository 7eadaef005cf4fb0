from __future__ import annotations

from pathlib import Path

from tracemill_schema.evidence import Evidence
from tracemill_schema.jsonl import read_record
from tracemill_trainer.proof import proves, write_evidence
from tracemill_trainer.versions import sources, versions


def test_evidence_names_its_subjects_and_what_was_checked(tmp_path: Path) -> None:
    path = write_evidence(
        tmp_path,
        gate="train-tiny",
        subjects={"dataset": "d" * 64, "model": "a" * 64},
        checked=12,
        device="cpu",
        started="2026-01-01T00:00:00Z",
        finished="2026-01-01T00:01:00Z",
    )
    assert path == tmp_path / "evidence" / "train-tiny.json"
    evidence = read_record(path, Evidence)
    assert [(s.name, s.digest.sha256) for s in evidence.subject] == [
        ("dataset", "d" * 64),
        ("model", "a" * 64),
    ]
    found = evidence.predicate
    assert (found.gate, found.passed, found.failed, found.checked) == ("train-tiny", 12, 0, 12)
    assert found.versions == versions() | sources()
    assert proves(tmp_path, "train-tiny", "a" * 64)
    assert not proves(tmp_path, "train-tiny", "b" * 64)
    path.write_bytes(b"{}")
    assert not proves(tmp_path, "train-tiny", "a" * 64)

"""Proof that a dataset was verified: the evidence of gate ``dataset``."""

from __future__ import annotations

import platform

from tracemill_datagen.dataset.verify import Verified
from tracemill_datagen.source import GENERATOR
from tracemill_schema.dataset import Dataset
from tracemill_schema.evidence import Digest, Evidence, Predicate, Subject, statement

GATE = "dataset"


def evidence_of(manifest: Dataset, verified: Verified, *, started: str, finished: str) -> Evidence:
    """Return the Statement about a verified dataset.

    Args:
        manifest: The dataset that was verified.
        verified: What was found; each fault counts as one failure, each trace as one check.
        started: Instant at which the verification began.
        finished: Instant at which it ended.
    """
    failed = len(verified.faults)
    return statement(
        subjects=(Subject(name="dataset", digest=Digest(sha256=manifest.id)),),
        predicate=Predicate(
            gate=GATE,
            passed=max(verified.traces - failed, 0),
            failed=failed,
            skipped=0,
            checked=verified.traces,
            device="cpu",
            versions={
                "python": platform.python_version(),
                "tracemill-datagen": GENERATOR.rpartition(" ")[2],
            },
            started=started,
            finished=finished,
        ),
    )

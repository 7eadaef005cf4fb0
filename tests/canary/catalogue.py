"""All canaries, in the order in which they are planted: by scene, the clone first."""

from __future__ import annotations

from canary import change, evidence, planning, proof, readiness, repository
from canary.canary import Canary

CANARIES: tuple[Canary, ...] = (
    *repository.CANARIES,
    *planning.CANARIES,
    *change.CANARIES,
    *proof.CANARIES,
    *evidence.CANARIES,
    *readiness.CANARIES,
)

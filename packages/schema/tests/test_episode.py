from __future__ import annotations

from tracemill_schema.episode import (
    Consistency,
    Cost,
    Episode,
    Execution,
    SandboxIdentity,
    Solver,
    Turn,
    Verdict,
)


def _episode(*, seconds: float, stdout: str, backend: str = "process") -> Episode:
    execution = Execution(
        code_hash="0" * 64, ok=True, stdout=stdout, stderr="", truncation=False, seconds=seconds
    )
    return Episode.make(
        question_id="0" * 64,
        solver=Solver(kind="reference", model=None, sampling={}, seed=0),
        turns=(Turn(i=0, reasoning="", code="x", execution=execution, hooks=(), correction=None),),
        submission=0,
        verdict=Verdict(correct=True, reason="correct", matched_interpretation="only"),
        consistency=Consistency(runs=1, clusters=1, majority=1, confidence=1.0),
        failure="none",
        cost=Cost(seconds=seconds, prompt_tokens=0, completion_tokens=0),
        sandbox=SandboxIdentity(
            backend=backend, tier="landlock-seccomp", python="3.11", libraries={}
        ),
    )


def test_the_id_is_of_what_happened_not_of_how_long_it_took() -> None:
    first = _episode(seconds=0.1, stdout="a")
    assert first.id == _episode(seconds=9.9, stdout="a", backend="oci").id
    assert first.id != _episode(seconds=0.1, stdout="b").id

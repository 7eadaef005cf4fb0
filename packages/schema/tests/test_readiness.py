from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_schema.readiness import SHOWN, ReadinessFault, faults_path, listed, other_version

FAULT = ReadinessFault(
    kind="replay",
    offender="a" * 64,
    file="traces/train.jsonl",
    line=4,
    pointer="/steps/1",
    reason="add gives 7, not 8",
)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, f"replay {'a' * 16} at traces/train.jsonl line 4 /steps/1: add gives 7, not 8"),
        (
            {"offender": "", "line": 0, "pointer": "", "kind": "manifest", "reason": "is gone"},
            "manifest at traces/train.jsonl: is gone",
        ),
    ],
)
def test_a_fault_tells_its_class_the_offender_and_the_place(
    changes: dict[str, object], told: str
) -> None:
    assert str(FAULT.replace(**changes)) == told


def test_the_faults_lie_beside_their_evidence() -> None:
    evidence = Path("evidence/readiness.json")
    assert faults_path(evidence) == Path("evidence/readiness.faults.jsonl")


def test_a_long_list_of_faults_is_cut_with_the_count_of_the_rest() -> None:
    rest = Path("evidence/readiness.faults.jsonl")
    assert listed([FAULT] * SHOWN, rest=rest) == (str(FAULT),) * SHOWN
    told = listed([FAULT] * (SHOWN + 3), rest=rest)
    assert told == (*(str(FAULT),) * SHOWN, f"and 3 more in {rest}")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"jax": "0.10.2", "source": "b" * 64, "more": "1"}, ""),
        ({"jax": "0.0.1", "source": "b" * 64}, "jax 0.0.1, installed is 0.10.2"),
        ({"source": "b" * 64}, "jax none, installed is 0.10.2"),
        (
            {"jax": "0.10.2", "source": "c" * 64},
            f"source {'c' * 16}, installed is {'b' * 16}",
        ),
    ],
)
def test_a_version_that_is_not_the_installed_one_is_told(said: dict[str, str], told: str) -> None:
    assert other_version(said, {"jax": "0.10.2", "source": "b" * 64}) == told

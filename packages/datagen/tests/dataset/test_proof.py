"""Proofs: a trace about a table says what its episode shows, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.dataset.pair import Pair
from tracemill_datagen.dataset.proof import Episodes, proof_fault_of, quotes_in
from tracemill_datagen.episode.corruption import resealed as resealed_episode
from tracemill_datagen.family.catalogue import by_name
from tracemill_datagen.sealed import Sealed
from tracemill_datagen.task import item
from tracemill_datagen.trace.build import build_trace
from tracemill_datagen.trace.corruption import TRACE_CORRUPTIONS, TraceCorruption, resealed
from tracemill_schema.claim import Claim
from tracemill_schema.episode import Episode
from tracemill_schema.jsonl import write_records
from tracemill_schema.question import Question
from tracemill_schema.table import Table
from tracemill_schema.trace import Trace

pytestmark = pytest.mark.sandbox
WHERE = {"name": "traces/train.jsonl", "line": 3}


@pytest.fixture
def shelf(tmp_path: Path, episodes: dict[str, Episode]) -> Episodes:
    write_records(tmp_path / "episodes/template/flowers.jsonl", episodes.values())
    return Episodes(tmp_path / "episodes")


@pytest.fixture
def share(accepted: dict[str, Episode], questions: dict[str, Question], table: Table) -> Trace:
    return build_trace(accepted["share"], questions["share"], table)


def paired(question: Question, trace: Trace) -> Pair:
    return Pair(
        question=Sealed(record=question, data=question.to_bytes()),
        trace=Sealed(record=trace, data=trace.to_bytes()),
    )


def test_honest_traces_are_proved(
    shelf: Episodes, accepted: dict[str, Episode], questions: dict[str, Question], table: Table
) -> None:
    for family, episode in accepted.items():
        pair = paired(questions[family], build_trace(episode, questions[family], table))
        assert proof_fault_of(pair, shelf, **WHERE) is None
        assert quotes_in(pair.trace.record) >= 1


@pytest.mark.parametrize("corruption", TRACE_CORRUPTIONS, ids=lambda corruption: corruption.name)
def test_every_corruption_that_replays_or_not_is_found(
    shelf: Episodes,
    accepted: dict[str, Episode],
    questions: dict[str, Question],
    table: Table,
    corruption: TraceCorruption,
) -> None:
    applied = 0
    for family, episode in accepted.items():
        changed = corruption.apply(build_trace(episode, questions[family], table))
        if changed is not None:
            fault = proof_fault_of(paired(questions[family], changed), shelf, **WHERE)
            assert fault is not None
            applied += 1
    assert applied


def test_a_quote_that_no_hook_holds_is_named(
    shelf: Episodes, questions: dict[str, Question], share: Trace
) -> None:
    step = share.steps[2].replace(
        content="part: the number of items in rows_blue = 4",
        claim=Claim(op="quote", args=(4,), result=4),
    )
    changed = resealed(share, steps=(*share.steps[:2], step, *share.steps[3:]))
    fault = proof_fault_of(paired(questions["share"], changed), shelf, **WHERE)
    assert str(fault) == (
        "traces/train.jsonl line 3 /steps/2/content: number: wanted part: the number of items in "
        f"rows_blue = 3, got part: the number of items in rows_blue = 4 (trace {changed.id[:16]})"
    )
    assert fault is not None
    assert (fault.kind, fault.offender) == ("grounding", changed.id)


def test_a_trace_whose_episode_is_not_there_is_not_proved(
    shelf: Episodes, questions: dict[str, Question], share: Trace, tmp_path: Path
) -> None:
    pair = paired(questions["share"], share)
    fault = proof_fault_of(pair, Episodes(tmp_path / "none"), **WHERE)
    wanted = (share.provenance.episode_id or "")[:16]
    assert str(fault) == (
        "traces/train.jsonl line 3 /provenance/episode_id: "
        f"wanted episode {wanted} in none/, got none of that id"
    )
    orphan = share.replace(provenance=share.provenance.replace(episode_id=None))
    fault = proof_fault_of(paired(questions["share"], orphan), shelf, **WHERE)
    assert fault is not None
    assert fault.reason == "wanted the id of an episode in episodes/, got none of that id"


def test_an_episode_that_does_not_hold_proves_nothing(
    accepted: dict[str, Episode], questions: dict[str, Question], table: Table, tmp_path: Path
) -> None:
    forged = resealed_episode(accepted["share"], submission=49.0)
    write_records(tmp_path / "template/flowers.jsonl", [forged])
    trace = build_trace(accepted["share"], questions["share"], table)
    said = trace.provenance.replace(episode_id=forged.id)
    pair = paired(questions["share"], resealed(trace, provenance=said))
    fault = proof_fault_of(pair, Episodes(tmp_path), **WHERE)
    assert fault is not None
    assert fault.reason.startswith(f"episode {forged.id[:16]} does not hold: number at /submission")


def test_an_episode_that_cannot_be_read_proves_nothing(
    shelf: Episodes, questions: dict[str, Question], share: Trace
) -> None:
    path = shelf.folder / "template/flowers.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"turns"', b'"turnt"'))
    fault = proof_fault_of(paired(questions["share"], share), shelf, **WHERE)
    assert fault is not None
    assert "is not a valid episode.v1" in fault.reason
    path.write_bytes(b"torn\n" + b"[1]\n" + b"{}")
    assert Episodes(shelf.folder).find(share.provenance.episode_id or "") is None


def test_a_reasoning_trace_needs_no_episode(tmp_path: Path) -> None:
    task = item(by_name("percent"), seed=0, stream="t", index=0)
    pair = Pair(question=task.question, trace=task.trace)
    assert proof_fault_of(pair, Episodes(tmp_path), **WHERE) is None
    assert quotes_in(task.trace.record) == 0

"""Where a dataset's files lie, what makes a trace a duplicate, and the counts."""

from __future__ import annotations

from pathlib import Path

from tracemill_datagen.dataset.content import Tally, all_paths, bucket_of, duplicate_key
from tracemill_datagen.dataset.pair import Pair, PairFile, read_pairs


def pairs(made: Path) -> list[Pair]:
    tasks = made / "tasks"
    file = PairFile(
        traces=tasks / "percent.traces.jsonl", questions=tasks / "percent.questions.jsonl"
    )
    return [found for found in read_pairs(file, root=made) if isinstance(found, Pair)]


def test_paths_are_those_of_the_layout() -> None:
    assert all_paths("test") == (
        "traces/test.jsonl",
        "questions/test.jsonl",
        "examples/trace/test.jsonl",
        "examples/answer/test.jsonl",
    )


def test_prompt_and_answer_make_a_duplicate_and_nothing_else_does(made: Path) -> None:
    trace = pairs(made)[0].trace.record
    provenance = trace.provenance.replace(seed=9)
    assert duplicate_key(trace) == duplicate_key(trace.replace(provenance=provenance))
    assert duplicate_key(trace) != duplicate_key(trace.replace(final_answer="0"))
    shifted = trace.replace(prompt=trace.prompt + "1")
    assert duplicate_key(shifted) != duplicate_key(trace)


def test_counts_add_up_and_keep_empty_splits(made: Path) -> None:
    tally = Tally()
    for pair in pairs(made):
        tally.add(pair, "test")
    counts = tally.counts()
    assert counts.split == {"train": 0, "validation": 0, "test": 12}
    assert counts.bucket == {"reasoning": counts.total}
    question = pairs(made)[0].question.record.replace(table_id="0" * 64)
    assert bucket_of(question) == "table"

"""A tiny dataset in the layout of the workspace, and the settings of a tiny model."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_schema.answer import AnswerSpec
from tracemill_schema.canonical import JsonObject, file_digest
from tracemill_schema.dataset import SPLITS, Counts, DataFile, Dataset, OverlapReport
from tracemill_schema.example import FORMS, Example, example_of, prompt_text
from tracemill_schema.jsonl import write_record, write_records
from tracemill_schema.question import AdmissibleAnswer, Question
from tracemill_schema.record import Record
from tracemill_schema.trace import Provenance, Step, Trace
from tracemill_trainer.data import Asked

LICENCE = "CC0-1.0"


def _pair(index: int, operations: int) -> tuple[Question, Trace]:
    draw = random.Random(index)  # noqa: S311 - not for secrets
    value = draw.randint(1, 9)
    expression, steps = str(value), []
    for place in range(operations):
        sign, operand = draw.choice("+-*"), draw.randint(1, 9)
        after = {"+": value + operand, "-": value - operand, "*": value * operand}[sign] % 10
        expression += f"{sign}{operand}"
        content = f"{value}{sign}{operand}={after}"
        steps.append(Step(i=place, type="compute", content=content, claim=None))
        value = after
    spec = AnswerSpec(kind="integer")
    prompt = f"{expression} mod 10 #{index}"
    question = Question.make(
        source="procedural",
        family="tiny_chain",
        table_id=None,
        prompt=prompt,
        mechanical=prompt,
        parameters={"expression": expression},
        program=None,
        answer_spec=spec,
        answers=(AdmissibleAnswer(value=value, interpretation="only"),),
        difficulty=float(operations),
        n_steps=operations,
        seed=0,
        split_group=expression,
    )
    origin = Provenance(
        question_id=question.id,
        episode_id=None,
        family="tiny_chain",
        generator="tests",
        seed=0,
        licence=LICENCE,
    )
    trace = Trace.make(
        trace_version="1",
        prompt=prompt + "\nof t",  # like a table trace: it says more than the question
        steps=tuple(steps),
        final_answer=str(value),
        answer_spec=spec,
        provenance=origin,
    )
    return question, trace


def _write(folder: Path, n: int, operations: int) -> Dataset:
    pairs = [_pair(index, operations) for index in range(n)]
    files: list[DataFile] = []

    def out(path: str, records: list[Record]) -> None:
        rows = write_records(folder / path, records)
        size = (folder / path).stat().st_size
        digest = file_digest(folder / path)
        files.append(DataFile(path=path, sha256=digest, rows=rows, bytes=size))

    for place, split in enumerate(SPLITS):
        part = pairs[place::3]
        out(f"questions/{split}.jsonl", [question for question, _ in part])
        for form in FORMS:
            examples: list[Record] = [example_of(trace, form) for _, trace in part]
            out(f"examples/{form}/{split}.jsonl", examples)
    dataset = Dataset.make(
        key="tiny-v1",
        version=1,
        created_at="2026-01-01T00:00:00Z",
        source="tests",
        schema_versions={"trace": "1"},
        generator_version="0",
        source_tree="0" * 64,
        seed=0,
        counts=Counts(total=n, source={"procedural": n}, family={}, split={}, bucket={}),
        files=tuple(files),
        split_rule="by turns",
        overlap=OverlapReport(duplicates_removed=0, overlap_between_splits=0, method="text"),
        licences={LICENCE: n},
    )
    write_record(folder / "manifest.json", dataset)
    return dataset


@pytest.fixture
def write_dataset() -> Callable[[Path, int, int], Dataset]:
    """``write(folder, n, operations)`` writes n chains in three splits."""
    return _write


@pytest.fixture
def make_question() -> Callable[[int], Question]:
    """``make(index)`` returns a question of two operations."""
    return lambda index: _pair(index, 2)[0]


@pytest.fixture
def make_asked() -> Callable[[int], Asked]:
    """``make(index)`` returns that question with the prompt of its examples."""

    def make(index: int) -> Asked:
        question, trace = _pair(index, 2)
        return Asked(question=question, prompt=prompt_text(trace.prompt))

    return make


@pytest.fixture
def make_example() -> Callable[[int, str], Example]:
    """``make(index, form)`` returns an example of two operations."""

    def make(index: int, form: str) -> Example:
        return example_of(_pair(index, 2)[1], "trace" if form == "trace" else "answer")

    return make


@pytest.fixture
def tiny() -> JsonObject:
    """Settings of a training that takes a second once it is compiled."""
    return {
        "dataset": "datasets/tiny-v1",
        "out": "models/tiny",
        "max_steps": 12,
        "batch_rows": 2,
        "row_tokens": 64,
        "checkpoint_every": 3,
        "device": "cpu",
        "model": {
            "width": 16, "layers": 1, "heads": 2, "kv_heads": 1, "head_width": 8, "hidden": 16,
        },
    }  # fmt: skip

"""Pairs: where they are looked for, and what a trace must share with its question."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracemill_datagen.dataset.errors import LineFault
from tracemill_datagen.dataset.pair import (
    Pair,
    PairFile,
    find_pair_files,
    origin_fault,
    read_pairs,
    shown,
    step_fault_of,
)
from tracemill_schema.answer import AnswerSpec


@pytest.fixture
def pair(made: Path) -> Pair:
    tasks = made / "tasks"
    file = PairFile(
        traces=tasks / "percent.traces.jsonl", questions=tasks / "percent.questions.jsonl"
    )
    found = next(iter(read_pairs(file, root=made)))
    assert isinstance(found, Pair)
    return found


def test_files_are_found_by_folder_in_one_order(tmp_path: Path) -> None:
    names = ("tasks/b.traces.jsonl", "tasks/a.traces.jsonl", "traces/llm/x.jsonl",
             "traces/template/y.jsonl", "traces/unknown/z.jsonl", "tasks/a.made.json")  # fmt: skip
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    files = find_pair_files(
        tasks=tmp_path / "tasks", traces=tmp_path / "traces", questions=tmp_path / "questions"
    )
    assert [(shown(f.traces, tmp_path), shown(f.questions, tmp_path)) for f in files] == [
        ("tasks/a.traces.jsonl", "tasks/a.questions.jsonl"),
        ("tasks/b.traces.jsonl", "tasks/b.questions.jsonl"),
        ("traces/template/y.jsonl", "questions/template/y.jsonl"),
        ("traces/llm/x.jsonl", "questions/llm/x.jsonl"),
    ]
    assert shown(Path("/other/x"), tmp_path) == "/other/x"


def test_traces_without_their_questions_are_faults(made: Path, tmp_path: Path) -> None:
    traces = made / "tasks/percent.traces.jsonl"
    file = PairFile(traces=traces, questions=tmp_path / "none.jsonl")
    found = list(read_pairs(file, root=tmp_path))
    assert len(found) == 13
    assert str(found[0]) == "none.jsonl: wanted a readable file, got No such file or directory"
    assert isinstance(found[1], LineFault)
    assert found[1].pointer == "/provenance/question_id"
    assert found[1].reason.endswith("beside it, got none of that id")


def test_what_a_trace_says_of_its_question_must_be_so(pair: Pair) -> None:
    question, trace = pair.question.record, pair.trace.record
    assert origin_fault(question, trace) is None
    cases = {
        "/provenance/family": trace.replace(provenance=trace.provenance.replace(family="other")),
        "/answer_spec": trace.replace(answer_spec=AnswerSpec(kind="number")),
        "/prompt": trace.replace(prompt="another"),
    }
    for pointer, changed in cases.items():
        fault = origin_fault(question, changed)
        assert fault is not None
        assert fault[0] == pointer


def test_a_step_fault_names_the_trace_to_look_for(pair: Pair) -> None:
    assert step_fault_of(pair, name="x", line=3) is None
    parameters = pair.question.record.replace(parameters={})
    broken = Pair(question=type(pair.question)(record=parameters, data=b""), trace=pair.trace)
    fault = step_fault_of(broken, name="x", line=3)
    assert fault is not None
    assert "/percent: wanted a value, got nothing" in fault.reason

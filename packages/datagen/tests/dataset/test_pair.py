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


def test_the_prompt_of_a_table_trace_starts_with_its_question(pair: Pair) -> None:
    question = pair.question.record.replace(table_id="0" * 64)
    trace = pair.trace.record
    told = trace.replace(prompt=f"{question.prompt}\nTable t: 3 rows; columns a (number).")
    assert origin_fault(question, told) is None
    for prompt in ("another prompt", f"{question.prompt} And also this."):
        fault = origin_fault(question, trace.replace(prompt=prompt))
        assert fault == ("/prompt", f"wanted {question.prompt[:80]!r}, got {prompt[:80]!r}")


@pytest.mark.parametrize("tag", ["<reasoning>", "</reasoning>", "<answer>", "</answer>"])
def test_a_tag_in_a_text_of_a_trace_is_a_fault(pair: Pair, tag: str) -> None:
    question, trace = pair.question.record, pair.trace.record
    step = trace.steps[1].replace(content=f"x{tag}")
    reason = "wanted text without the tags of training text, got one (tag_in_text)"
    for pointer, changed in {
        "/final_answer": trace.replace(final_answer=f"{tag}1"),
        "/steps/1/content": trace.replace(steps=(trace.steps[0], step)),
    }.items():
        assert origin_fault(question, changed) == (pointer, reason)
    asked = question.replace(prompt=f"{tag}?")
    assert origin_fault(asked, trace.replace(prompt=f"{tag}?")) == ("/prompt", reason)


def test_a_step_fault_names_the_trace_to_look_for(pair: Pair) -> None:
    assert step_fault_of(pair, name="x", line=3) is None
    parameters = pair.question.record.replace(parameters={})
    broken = Pair(question=type(pair.question)(record=parameters, data=b""), trace=pair.trace)
    fault = step_fault_of(broken, name="x", line=3)
    assert fault is not None
    assert "/percent: wanted a value, got nothing" in fault.reason

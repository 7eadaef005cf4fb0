"""Ingest: flat traces become strict ones, and every refused line is reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson

from tracemill_datagen.dataset.builder import Built
from tracemill_datagen.dataset.ingest import Ingested, ingest
from tracemill_schema.jsonl import read_records
from tracemill_schema.question import Question
from tracemill_schema.trace import Trace

GOOD = b'{"prompt":"2+2?","trace_steps":["two and two","is four"],"final_answer":"4"}\n'


Build = Callable[..., Built]


def run(tmp_path: Path, data: bytes) -> Ingested:
    (tmp_path / "old.jsonl").write_bytes(data)
    return ingest(tmp_path / "old.jsonl", tmp_path / "out", source="llm", licence="CC-BY-4.0")


def test_a_flat_trace_becomes_a_strict_one_with_its_question(
    tmp_path: Path, build_it: Build
) -> None:
    result = run(tmp_path, GOOD)
    assert (result.traces, result.duplicates, result.rejects) == (1, 0, ())
    (trace,) = read_records(tmp_path / "out/ingested.traces.jsonl", Trace)
    (question,) = read_records(tmp_path / "out/ingested.questions.jsonl", Question)
    assert [(step.i, step.content, step.claim) for step in trace.steps] == [
        (0, "two and two", None), (1, "is four", None),
    ]  # fmt: skip
    assert trace.provenance.question_id == question.id
    assert trace.provenance.licence == "CC-BY-4.0"
    assert question.source == "llm"
    assert not (tmp_path / "out/ingested.rejects.jsonl").exists()
    assert build_it(tasks="out").manifest.counts.source == {"llm": 1}


def test_every_refused_line_has_number_pointer_and_reason(tmp_path: Path) -> None:
    bad = [
        b"{}\n",
        b'{"prompt":"p","trace_steps":["a"," "],"final_answer":"4"}\n',
        b'{"prompt":"p","trace_steps":[],"final_answer":"4"}\n',
        b'{"prompt":"p","trace_steps":["a"],"final_answer":4}\n',
        b'{"prompt":"p","steps":["a"],"trace_steps":["a"],"final_answer":"4"}\n',
        b"\xff\xfe\n",
        b"\x00\n",
    ]
    result = run(tmp_path, GOOD + b"".join(bad) + GOOD + GOOD[:-9])
    assert (result.traces, result.duplicates, result.rejected_lines) == (1, 1, 8)
    lines = (tmp_path / "out/ingested.rejects.jsonl").read_bytes().splitlines()
    rejects = [orjson.loads(line) for line in lines]
    assert [(each["line"], each["pointer"]) for each in rejects] == [
        (2, "/prompt"), (2, "/trace_steps"), (2, "/final_answer"), (3, "/trace_steps/1"),
        (4, "/trace_steps"), (5, "/final_answer"), (6, "/steps"), (7, ""), (8, ""), (10, ""),
    ]  # fmt: skip
    assert all(each["file"] == "old.jsonl" and each["reason"] for each in rejects)


def test_a_clean_run_removes_the_rejects_of_an_earlier_one(tmp_path: Path) -> None:
    run(tmp_path, b"{}\n")
    assert (tmp_path / "out/ingested.rejects.jsonl").exists()
    run(tmp_path, GOOD)
    assert not (tmp_path / "out/ingested.rejects.jsonl").exists()

"""The builder: splits by group, drops duplicates, refuses faults, and never changes a version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tracemill_datagen.dataset.builder import Built
from tracemill_datagen.dataset.content import all_paths
from tracemill_datagen.dataset.errors import FaultyLines, NothingToWrite, VersionExists
from tracemill_datagen.source import GENERATOR, source_tree
from tracemill_datagen.stage.tasks import TasksConfig, make
from tracemill_schema.dataset import SPLITS
from tracemill_schema.example import Example
from tracemill_schema.jsonl import read_records
from tracemill_schema.question import Question
from tracemill_schema.trace import Trace

Build = Callable[..., Built]


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_manifest_counts_and_names_what_is_there(build_it: Build) -> None:
    built = build_it()
    manifest = built.manifest
    manifest.verify_id(where="test")
    assert (manifest.key, manifest.version) == ("demo-v1", 1)
    assert manifest.created_at == "2026-01-02T03:04:00Z"
    assert manifest.counts.total == 34
    assert manifest.counts.source == {"procedural": 34}
    assert manifest.counts.family == {"modular_chain": 18, "percent": 12, "sort_numbers": 4}
    assert manifest.counts.bucket == {"reasoning": 34}
    assert sum(manifest.counts.split.values()) == 34
    assert list(manifest.counts.split) == list(SPLITS)
    assert manifest.licences == {"CC0-1.0": 34}
    assert manifest.generator_version == GENERATOR
    assert manifest.source_tree == source_tree()
    assert manifest.schema_versions == {
        "dataset": "1", "question": "1", "trace": "1", "example": "1",
    }  # fmt: skip
    assert built.verified.traces == 34
    assert not built.kept


def test_files_hold_questions_traces_and_both_forms(build_it: Build) -> None:
    folder = build_it().folder
    for split in SPLITS:
        questions = list(read_records(folder / f"questions/{split}.jsonl", Question))
        traces = list(read_records(folder / f"traces/{split}.jsonl", Trace))
        assert {t.provenance.question_id for t in traces} == {q.id for q in questions}
        for form in ("trace", "answer"):
            examples = list(read_records(folder / f"examples/{form}/{split}.jsonl", Example))
            assert [e.trace_id for e in examples] == [t.id for t in traces]
            assert {e.form for e in examples} == {form}


def test_the_same_inputs_give_the_same_bytes_at_another_time(
    build_it: Build, workspace: Path
) -> None:
    first = build_it(seconds=0)
    before = snapshot(first.folder)
    again = build_it(seconds=30)
    assert again.kept
    assert snapshot(first.folder) == before
    other = build_it(seconds=30, key="demo-v2", out="elsewhere")
    after = snapshot(other.folder)
    assert [name for name in before if before[name] != after[name]] == ["manifest.json"]


def test_a_version_is_not_changed_unless_it_is_given_up(build_it: Build, workspace: Path) -> None:
    first = build_it()
    before = snapshot(first.folder)
    with pytest.raises(VersionExists) as caught:
        build_it(seed=1)
    assert str(caught.value).startswith(
        f"{first.folder}: dataset demo-v1 exists with id {first.manifest.id[:16]}, "
        "the inputs now give "
    )
    assert snapshot(first.folder) == before
    second = build_it(seed=1, replace=True)
    assert second.manifest.id != first.manifest.id
    assert [path.name for path in (workspace / "datasets").iterdir()] == ["demo-v1"]


def test_a_damaged_file_is_mended_by_building_again(build_it: Build) -> None:
    first = build_it()
    before = snapshot(first.folder)
    (first.folder / "traces/train.jsonl").write_bytes(b"")
    assert not build_it().kept
    assert snapshot(first.folder) == before


def test_exact_duplicates_are_dropped_and_counted(build_it: Build, workspace: Path) -> None:
    for kind in ("questions", "traces"):
        text = (workspace / f"tasks/percent.{kind}.jsonl").read_bytes()
        (workspace / f"tasks/zcopy.{kind}.jsonl").write_bytes(text)
    manifest = build_it().manifest
    assert manifest.counts.total == 34
    assert manifest.overlap.duplicates_removed == 12


def test_traces_of_tables_are_read_from_their_own_folders(build_it: Build, workspace: Path) -> None:
    (workspace / "traces/procedural").mkdir(parents=True)
    (workspace / "questions/procedural").mkdir(parents=True)
    for kind in ("questions", "traces"):
        source = workspace / f"tasks/percent.{kind}.jsonl"
        source.rename(workspace / kind / "procedural" / "rates.jsonl")
    assert build_it().manifest.counts.family["percent"] == 12


def test_nothing_to_build_from_is_an_error(build_it: Build) -> None:
    with pytest.raises(NothingToWrite, match=r"wanted traces in none/ or traces/, got none"):
        build_it(tasks="none")


def test_all_faulty_lines_are_reported_and_nothing_is_published(
    build_it: Build, workspace: Path
) -> None:
    path = workspace / "tasks/percent.traces.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b'"trace_version":"1"', b'"trace_version":"2"')
    lines[4] = b"\x00\n"
    lines[6] = b'{"prompt": "caf\xe9"}\n'
    path.write_bytes(b"".join(lines)[:-20])
    with pytest.raises(FaultyLines) as caught:
        build_it()
    places = [(fault.line, fault.pointer) for fault in caught.value.faults]
    assert places == [(2, "/trace_version"), (5, ""), (7, ""), (12, "")]
    assert "percent.traces.jsonl line 2 /trace_version: wanted " in str(caught.value)
    assert list((workspace / "datasets").iterdir()) == []


def test_a_wrong_step_stops_the_build(build_it: Build, workspace: Path) -> None:
    tasks = workspace / "tasks"
    traces = list(read_records(tasks / "percent.traces.jsonl", Trace))
    fields = {name: getattr(traces[0], name) for name in Trace.model_fields if name != "id"}
    wrong = Trace.make(**fields | {"final_answer": "1"})
    lines = [wrong, *traces[1:]]
    (tasks / "percent.traces.jsonl").write_bytes(b"".join(t.to_bytes() + b"\n" for t in lines))
    with pytest.raises(FaultyLines) as caught:
        build_it()
    (fault,) = caught.value.faults
    assert fault.pointer == "/final_answer"
    assert fault.reason.endswith(f"the answer says 1 (trace {wrong.id[:16]})")


def test_what_a_killed_build_left_is_cleared_or_brought_back(
    build_it: Build, workspace: Path
) -> None:
    folder = build_it().folder
    before = snapshot(folder)
    folder.rename(workspace / "datasets/.demo-v1.old")
    (workspace / "datasets/.demo-v1.building").mkdir()
    (workspace / "datasets/.demo-v1.building/junk").write_text("torn")
    assert build_it(seconds=9).kept
    assert snapshot(folder) == before
    assert [path.name for path in (workspace / "datasets").iterdir()] == ["demo-v1"]


def test_no_group_and_no_prompt_stands_in_two_splits(build_it: Build, workspace: Path) -> None:
    make(TasksConfig(counts={"unit_cost": 120}), workspace / "tasks", report=lambda *_: None)
    folder = build_it().folder
    groups: dict[str, set[str]] = {}
    for split in SPLITS:
        for question in read_records(folder / f"questions/{split}.jsonl", Question):
            groups.setdefault(question.split_group, set()).add(split)
    assert len(groups) > 100
    assert all(len(splits) == 1 for splits in groups.values())
    assert {path for split in SPLITS for path in all_paths(split)} >= set(snapshot(folder)) - {
        "manifest.json"
    }

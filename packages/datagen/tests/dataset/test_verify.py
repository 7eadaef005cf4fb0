"""Verification believes nothing: every kind of damage is found, with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest

from tracemill_datagen.dataset.builder import build
from tracemill_datagen.dataset.config import DatasetConfig
from tracemill_datagen.dataset.errors import FaultyLines, LineFault
from tracemill_datagen.dataset.split import Shares
from tracemill_datagen.dataset.verify import verify
from tracemill_datagen.trace.build import build_trace
from tracemill_schema.dataset import DataFile, Dataset
from tracemill_schema.episode import Episode
from tracemill_schema.jsonl import read_record, write_record, write_records
from tracemill_schema.question import Question
from tracemill_schema.table import Table

TRACES, QUESTIONS = "traces/train.jsonl", "questions/train.jsonl"


def faults(folder: Path) -> tuple[LineFault, ...]:
    return verify(folder, tick=lambda *_: None).faults


def sign_again(folder: Path) -> None:
    """Make manifest and files agree, as somebody would who wants to hide a change."""
    manifest = read_record(folder / "manifest.json", Dataset)
    files = []
    for file in manifest.files:
        data = (folder / file.path).read_bytes()
        rows = data.count(b"\n")
        digest = hashlib.sha256(data).hexdigest()
        files.append(DataFile(path=file.path, sha256=digest, rows=rows, bytes=len(data)))
    fields = {name: getattr(manifest, name) for name in Dataset.model_fields if name != "id"}
    write_record(folder / "manifest.json", Dataset.make(**fields | {"files": tuple(files)}))


def with_id(values: dict[str, object]) -> bytes:
    content = {key: value for key, value in values.items() if key != "id"}
    digest = hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return orjson.dumps(content | {"id": digest}, option=orjson.OPT_SORT_KEYS) + b"\n"


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def test_a_sound_dataset_has_no_faults_and_says_how_far_it_is(folder: Path) -> None:
    ticks: list[tuple[int, int]] = []
    verified = verify(folder, tick=lambda done, total: ticks.append((done, total)))
    assert verified.faults == ()
    assert verified.traces == 34
    assert ticks == [(1, 3), (2, 3), (3, 3)]


def torn(lines: list[bytes]) -> list[bytes]:
    return [*lines[:-1], lines[-1][:-30]]


@pytest.mark.parametrize(
    ("name", "damage", "line", "pointer", "reason"),
    [
        (TRACES, torn, -1, "", "wanted a whole line of at most"),
        (TRACES, lambda x: [b"\x00\n", *x[1:]], 1, "", "wanted UTF-8 JSON, got"),
        (TRACES, lambda x: [x[0].replace(b"mod", b"m\xffd"), *x[1:]], 1, "", "wanted UTF-8 JSON"),
        (TRACES, lambda x: [*x, b"\n"], 0, "", "wanted SHA-256 "),
        (TRACES, lambda x: [*x, x[2]], -1, "/id", "repeats id "),
        (TRACES, lambda x: [x[0].replace(b'"seed":0', b'"seed":1'), *x[1:]], 1, "/id", "wanted "),
        (TRACES, lambda x: [b'{"trace_steps":["a"],' + x[0][1:], *x[1:]], 1, "/trace_steps",
         "wanted no such key; it is now steps"),
        (TRACES, lambda x: x[1:], 0, "/counts/total", "says 34, the files hold 33"),
        (QUESTIONS, lambda x: x[1:], 1, "/provenance/question_id", "wanted question "),
        (QUESTIONS, lambda x: [*x, x[0]], -1, "/id", "repeats id "),
        ("examples/trace/train.jsonl", lambda x: [x[1], x[0], *x[2:]], 1, "",
         "is not the trace form of traces/train.jsonl line 1"),
        ("examples/answer/train.jsonl", lambda x: x[:-1], 0, "", "examples, one per trace, got"),
        ("examples/answer/train.jsonl", lambda x: [b"{}\n", *x[1:]], 1, "/trace_id", "wanted a "),
    ],
)  # fmt: skip
@pytest.mark.parametrize("signed", [False, True])
def test_every_damage_is_found(
    folder: Path,
    *,
    name: str,
    damage: Callable[[list[bytes]], list[bytes]],
    line: int,
    pointer: str,
    reason: str,
    signed: bool,
) -> None:
    path = folder / name
    changed = damage(lines_of(path))
    path.write_bytes(b"".join(changed))
    if signed:
        sign_again(folder)
        if reason == "wanted SHA-256 ":
            line, reason = len(changed), "wanted UTF-8 JSON"
    line = len(changed) if line == -1 else line
    found = faults(folder)
    match = [f for f in found if f.line == line and f.pointer == pointer and reason in f.reason]
    assert match, [str(fault) for fault in found]
    digests = [f for f in found if f.reason.startswith("wanted SHA-256 ")]
    assert [f.file for f in digests] == ([] if signed else [name])


def test_a_wrong_step_with_a_new_id_and_a_new_digest_is_still_found(folder: Path) -> None:
    lines = lines_of(folder / TRACES)
    values = orjson.loads(lines[3])
    step = values["steps"][1]
    step["claim"]["result"] = 4 if step["claim"]["result"] != 4 else 5
    (folder / TRACES).write_bytes(b"".join([*lines[:3], with_id(values), *lines[4:]]))
    sign_again(folder)
    steps = [fault for fault in faults(folder) if fault.pointer == "/steps/1"]
    assert [(fault.file, fault.line) for fault in steps] == [(TRACES, 4)]


def test_a_trace_in_two_splits_is_an_overlap(folder: Path) -> None:
    for kind in ("traces", "questions", "examples/trace", "examples/answer"):
        stolen = lines_of(folder / f"{kind}/train.jsonl")[0]
        with (folder / f"{kind}/test.jsonl").open("ab") as stream:
            stream.write(stolen)
    sign_again(folder)
    reasons = [fault.reason for fault in faults(folder) if fault.file == "traces/test.jsonl"]
    assert any(r == "has the prompt and the answer of traces/train.jsonl line 1" for r in reasons)
    assert any(r.endswith("which stands in train too") for r in reasons)


@pytest.mark.sandbox
@pytest.mark.parametrize("same_table", [True, False])
def test_one_program_of_one_table_in_two_splits_is_an_overlap(
    tmp_path: Path,
    accepted: dict[str, Episode],
    questions: dict[str, Question],
    table: Table,
    *,
    same_table: bool,
) -> None:
    """Two groups, so that the split rule alone would let them part."""
    twins = []
    for i in range(12):
        share = questions["share"]
        fields = {n: getattr(share, n) for n in share.model_fields_set if n != "id"}
        own = {"prompt": f"Wording {i}?", "split_group": f"g{i}"}
        own |= {} if same_table else {"table_id": f"{i:064x}"}
        twins.append(Question.make(**fields | own))
    write_records(tmp_path / "questions/template/flowers.jsonl", twins)
    traces = [build_trace(accepted["share"], twin, table) for twin in twins]
    write_records(tmp_path / "traces/template/flowers.jsonl", traces)
    config = DatasetConfig(key="demo-v1", source="a test", shares=Shares(train=0.5, test=0.4))
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    if not same_table:
        assert build(config, tmp_path, now=lambda: moment, report=lambda *_: None).kept is False
        return
    with pytest.raises(FaultyLines) as caught:
        build(config, tmp_path, now=lambda: moment, report=lambda *_: None)
    reasons = {fault.reason for fault in caught.value.faults}
    asked = f"asks 'share' of table {(twins[0].table_id or '')[:16]}, which is asked in"
    assert reasons == {f"{asked} train too"}


def test_files_that_are_missing_or_unknown_are_named(folder: Path) -> None:
    (folder / "traces/test.jsonl").unlink()
    (folder / "notes.txt").write_text("hm")
    told = [str(fault) for fault in faults(folder)]
    assert "traces/test.jsonl: is in the manifest but not on disk" in told
    assert "notes.txt: is not in the manifest" in told


@pytest.mark.parametrize(
    ("data", "reason"),
    [(None, "wanted a readable file, got No such file or directory"), (b"{", "wanted UTF-8 JSON")],
)
def test_a_manifest_that_cannot_be_read_is_a_fault(
    folder: Path, data: bytes | None, reason: str
) -> None:
    (folder / "manifest.json").unlink()
    if data is not None:
        (folder / "manifest.json").write_bytes(data)
    verified = verify(folder, tick=lambda *_: None)
    assert verified.manifest is None
    assert [(f.file, f.line) for f in verified.faults] == [("manifest.json", 0)]
    assert verified.faults[0].reason.startswith(reason)


def test_a_changed_manifest_is_found_by_its_id(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"seed":0', b'"seed":8'))
    (fault,) = faults(folder)
    assert fault.pointer == "/id"

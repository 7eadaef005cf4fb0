"""Each kind of fault that must stop a training is found, with its class and the id to blame."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path

import orjson
import pytest

from tracemill_datagen.dataset import readiness
from tracemill_datagen.dataset.builder import build
from tracemill_datagen.dataset.config import DatasetConfig
from tracemill_datagen.episode.corruption import resealed, with_hooks
from tracemill_datagen.errors import EpisodesNeeded
from tracemill_datagen.trace.build import build_trace
from tracemill_schema.canonical import file_digest
from tracemill_schema.dataset import DataFile, Dataset
from tracemill_schema.episode import Episode
from tracemill_schema.jsonl import read_record, write_record, write_records
from tracemill_schema.question import Question
from tracemill_schema.readiness import READINESS_GROUP, Examined, FaultClass
from tracemill_schema.table import Table

TRACES = "traces/train.jsonl"
Plant = Callable[[Path], str]
"""``plant(dataset)`` damages it and returns the id to blame."""


def examine(folder: Path, episodes: Path | None = None) -> Examined:
    return readiness.check(folder, episodes, lambda *_: None)


def _lines(path: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def _write(path: Path, lines: list[dict[str, object]]) -> None:
    path.write_bytes(b"".join(orjson.dumps(x, option=orjson.OPT_SORT_KEYS) + b"\n" for x in lines))


def _with_id(values: dict[str, object]) -> dict[str, object]:
    content = {key: value for key, value in values.items() if key != "id"}
    data = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    return content | {"id": hashlib.sha256(data).hexdigest()}


def _sign_again(folder: Path) -> None:
    """Make manifest and files agree, so that only what the lines say betrays them."""
    manifest = read_record(folder / "manifest.json", Dataset)
    files = []
    for file in manifest.files:
        data = (folder / file.path).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        rows = data.count(b"\n")
        files.append(DataFile(path=file.path, sha256=digest, rows=rows, bytes=len(data)))
    fields = {name: getattr(manifest, name) for name in Dataset.model_fields if name != "id"}
    write_record(folder / "manifest.json", Dataset.make(**fields | {"files": tuple(files)}))


def _changed_trace(folder: Path, change: Callable[[list[dict[str, object]]], None]) -> str:
    """Change the steps of a trace, give it the id that fits, and sign the manifest."""
    lines = _lines(folder / TRACES)
    steps = lines[3]["steps"]
    assert isinstance(steps, list)
    change(steps)
    lines[3] = _with_id(lines[3])
    _write(folder / TRACES, lines)
    _sign_again(folder)
    return str(lines[3]["id"])


def wrong_claim(folder: Path) -> str:
    def change(steps: list[dict[str, object]]) -> None:
        claim = steps[1]["claim"]
        assert isinstance(claim, dict)
        claim["result"] = 4 if claim["result"] != 4 else 5

    return _changed_trace(folder, change)


def steps_in_another_order(folder: Path) -> str:
    def change(steps: list[dict[str, object]]) -> None:
        first, second = steps[0], steps[1]
        steps[:2] = [{**second, "i": 0}, {**first, "i": 1}]

    return _changed_trace(folder, change)


def steps_numbered_wrong(folder: Path) -> str:
    return _changed_trace(folder, lambda steps: steps[1].update(i=2))


def duplicate_id(folder: Path) -> str:
    lines = _lines(folder / TRACES)
    _write(folder / TRACES, [*lines, lines[2]])
    _sign_again(folder)
    return str(lines[2]["id"])


def overlap(folder: Path) -> str:
    for kind in ("traces", "questions", "examples/trace", "examples/answer"):
        stolen = _lines(folder / f"{kind}/train.jsonl")[0]
        path = folder / f"{kind}/test.jsonl"
        _write(path, [*_lines(path), stolen])
    _sign_again(folder)
    return str(_lines(folder / TRACES)[0]["id"])


def exchanged_examples(folder: Path) -> str:
    path = folder / "examples/trace/train.jsonl"
    lines = _lines(path)
    _write(path, [lines[1], lines[0], *lines[2:]])
    _sign_again(folder)
    return str(lines[0]["trace_id"])


def missing_example(folder: Path) -> str:
    path = folder / "examples/answer/train.jsonl"
    lines = _lines(path)
    _write(path, lines[:-1])
    _sign_again(folder)
    return str(lines[-1]["trace_id"])


def wrong_id(folder: Path) -> str:
    lines = _lines(folder / TRACES)
    lines[0]["id"] = "e" * 64
    _write(folder / TRACES, lines)
    _sign_again(folder)
    return "e" * 64


def other_bytes(folder: Path) -> str:
    digest = file_digest(folder / TRACES)
    with (folder / TRACES).open("ab") as stream:
        stream.write(b"\n")
    return digest


def missing_file(folder: Path) -> str:
    digest = file_digest(folder / "traces/test.jsonl")
    (folder / "traces/test.jsonl").unlink()
    return digest


def unlisted_file(folder: Path) -> str:
    (folder / "notes.txt").write_text("hm")
    return file_digest(folder / "notes.txt")


def wrong_counts(folder: Path) -> str:
    manifest = read_record(folder / "manifest.json", Dataset)
    counts = manifest.counts.replace(total=manifest.counts.total + 1)
    fields = {name: getattr(manifest, name) for name in Dataset.model_fields if name != "id"}
    changed = Dataset.make(**fields | {"counts": counts})
    write_record(folder / "manifest.json", changed)
    return changed.id


def torn_manifest(folder: Path) -> str:
    (folder / "manifest.json").write_bytes(b"{")
    return ""


PLANTED: tuple[tuple[Plant, FaultClass], ...] = (
    (wrong_claim, "replay"),
    (steps_in_another_order, "replay"),
    (steps_numbered_wrong, "record"),
    (wrong_id, "record"),
    (duplicate_id, "duplicate"),
    (overlap, "overlap"),
    (exchanged_examples, "alignment"),
    (missing_example, "alignment"),
    (other_bytes, "manifest"),
    (missing_file, "manifest"),
    (unlisted_file, "manifest"),
    (wrong_counts, "manifest"),
    (torn_manifest, "manifest"),
)


def test_a_sound_dataset_has_no_fault(folder: Path) -> None:
    assert examine(folder) == Examined(checked=34, faults=())


@pytest.mark.parametrize(("plant", "kind"), PLANTED, ids=[each.__name__ for each, _ in PLANTED])
def test_a_planted_fault_is_found_with_its_class_and_the_id_to_blame(
    folder: Path, plant: Plant, kind: FaultClass
) -> None:
    offender = plant(folder)
    found = examine(folder).faults
    assert (kind, offender) in {(fault.kind, fault.offender) for fault in found}, found


def test_the_check_is_found_by_its_name() -> None:
    (entry,) = entry_points(group=READINESS_GROUP, name="dataset")
    assert entry.load() is readiness.check


def _about_tables(
    folder: Path, episode: Episode, questions: dict[str, Question], table: Table
) -> Path:
    """A dataset of one trace about a table; its episode, which may be wrong, lies beside it."""
    question = questions["share"]
    trace = build_trace(episode, question, table)
    write_records(folder / "questions/template/flowers.jsonl", [question])
    write_records(folder / "traces/template/flowers.jsonl", [trace])
    write_records(folder / "episodes/template/flowers.jsonl", [episode])
    config = DatasetConfig(key="demo-v1", source="a test")
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    return build(config, folder, now=lambda: moment, report=lambda *_: None).folder


def no_executed_line(episode: Episode) -> Episode:
    hooks = episode.turns[-1].hooks
    forged = hooks[1].replace(code_line=hooks[1].code_line.replace("blue'", "red'"))
    return with_hooks(episode, (hooks[0], forged, *hooks[2:]))


def reads_a_later_hook(episode: Episode) -> Episode:
    hooks = episode.turns[-1].hooks
    forged = hooks[1].replace(depends_on=(hooks[-1].name,))
    return with_hooks(episode, (hooks[0], forged, *hooks[2:]))


def hooks_in_another_order(episode: Episode) -> Episode:
    first, second, third, *rest = episode.turns[-1].hooks
    return with_hooks(episode, (first, third, second, *rest))


def execution_of_another_turn(episode: Episode) -> Episode:
    turn = episode.turns[0]
    other = turn.execution.replace(code_hash="d" * 64)
    return resealed(episode, turns=(turn.replace(execution=other),))


def turns_counted_from_one(episode: Episode) -> Episode:
    return resealed(episode, turns=(episode.turns[0].replace(i=1),))


DAMAGES: tuple[tuple[Callable[[Episode], Episode], FaultClass], ...] = (
    (no_executed_line, "grounding"),
    (reads_a_later_hook, "grounding"),
    (hooks_in_another_order, "grounding"),
    (execution_of_another_turn, "alignment"),
    (turns_counted_from_one, "alignment"),
)


@pytest.mark.sandbox
@pytest.mark.parametrize(("damage", "kind"), DAMAGES, ids=[each.__name__ for each, _ in DAMAGES])
def test_a_trace_is_held_against_its_episode(
    tmp_path: Path,
    accepted: dict[str, Episode],
    questions: dict[str, Question],
    table: Table,
    *,
    damage: Callable[[Episode], Episode],
    kind: FaultClass,
) -> None:
    wrong = damage(accepted["share"])
    dataset = _about_tables(tmp_path, wrong, questions, table)
    (fault,) = examine(dataset, tmp_path / "episodes").faults
    assert (fault.kind, fault.offender) == (kind, wrong.id)
    assert f"episode {wrong.id[:16]} does not hold" in fault.reason


@pytest.mark.sandbox
def test_quotes_are_not_believed_without_their_episodes(
    tmp_path: Path, accepted: dict[str, Episode], questions: dict[str, Question], table: Table
) -> None:
    dataset = _about_tables(tmp_path, accepted["share"], questions, table)
    assert examine(dataset, tmp_path / "episodes") == Examined(checked=1, faults=())
    with pytest.raises(EpisodesNeeded) as caught:
        examine(dataset)
    assert caught.value.exit_code == 3
    assert str(caught.value) == (
        f"{dataset}: wanted the episodes that 4 quoted values of its traces stand in, got none; "
        "name their folder with --episodes"
    )
